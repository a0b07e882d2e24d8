// SPDX-License-Identifier: GPL-2.0-only
/*
 * A queue for stdout or stderr, see outlet.h. The descriptor is shared with
 * other processes, so it stays blocking: a pipe that poll() reports as writable
 * takes PIPE_BUF bytes at once.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splat/run/outlet.h"

void outlet_init(struct outlet *o, int fd)
{
	memset(o, 0, sizeof(*o));
	o->fd = fd;
}

static bool make_room(struct outlet *o, size_t n)
{
	size_t room = o->room ? o->room : 4096;
	char *p;

	if (o->sent) {
		memmove(o->buf, o->buf + o->sent, o->len - o->sent);
		o->len -= o->sent;
		o->sent = 0;
	}
	while (room < o->len + n)
		room *= 2;
	if (room == o->room)
		return true;
	p = realloc(o->buf, room);
	if (!p)
		return false;
	o->buf = p;
	o->room = room;
	return true;
}

static void fail(struct outlet *o, int err)
{
	o->error = err;
	o->len = o->sent = 0;
}

void outlet_put(struct outlet *o, const char *p, size_t n)
{
	if (o->error || !n)
		return;
	if (!make_room(o, n)) {
		fail(o, -ENOMEM);
		return;
	}
	memcpy(o->buf + o->len, p, n);
	o->len += n;
	o->cut = p[n - 1] != '\n';
}

void outlet_end_line(struct outlet *o)
{
	if (o->cut)
		outlet_put(o, "\n", 1);
}

/* False if nothing more can be written for now. */
static bool write_some(struct outlet *o, int timeout_ms)
{
	struct pollfd p = { .fd = o->fd, .events = POLLOUT };
	size_t n = o->len - o->sent;
	ssize_t done;

	if (poll(&p, 1, timeout_ms) < 1)
		return false;
	done = write(o->fd, o->buf + o->sent, n < PIPE_BUF ? n : PIPE_BUF);
	if (done < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (done < 0)
		fail(o, -errno);
	else
		o->sent += done;
	return true;
}

bool outlet_flush(struct outlet *o)
{
	while (o->sent < o->len && write_some(o, 0))
		;
	return o->sent < o->len;
}

int outlet_finish(struct outlet *o)
{
	while (o->sent < o->len)
		write_some(o, -1);
	free(o->buf);
	o->buf = NULL;
	o->room = o->len = o->sent = 0;
	return o->error;
}
