// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read whole files into memory, and logs piece by piece. Files of /proc have no
 * size, so read until the end.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splat/splat.h"

#define READ_FIRST	(64 << 10)
#define READ_MAX	(256UL << 20)
#define FIFO_MS		2000
#define LOG_PIECE	(256 << 10)

/*
 * The FIFO was opened without waiting, so read() returns 0 while no process has
 * the other end. Wait for a slow writer: its pipe is empty, but not at its end.
 */
static int await_writer(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char none;

	if (poll(&p, 1, FIFO_MS) == 1)
		return 0;
	if (read(fd, &none, 1) >= 0)
		return -ENXIO;
	return errno == EAGAIN ? 0 : -errno;
}

int open_input(const char *path)
{
	struct stat st;
	int fd, err;

	if (!strcmp(path, "-"))
		return STDIN_FILENO;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	err = fstat(fd, &st) ? -errno : 0;
	if (!err && S_ISFIFO(st.st_mode))
		err = await_writer(fd);
	if (!err && fcntl(fd, F_SETFL, 0))
		err = -errno;
	if (!err)
		return fd;
	close(fd);
	return err;
}

const char *input_error(int err)
{
	return err == -ENXIO ? "a FIFO without a writer" : strerror(-err);
}

/* Like read(), but wait for data. */
static ssize_t read_some(int fd, char *buf, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t n;

	for (;;) {
		n = read(fd, buf, size);
		if (n >= 0)
			return n;
		if (errno == EAGAIN)
			poll(&p, 1, -1);
		else if (errno != EINTR)
			return -errno;
	}
}

int read_stream(int fd, struct text *text)
{
	size_t room = 0;

	text->p = NULL;
	text->n = 0;
	for (;;) {
		ssize_t n;

		if (text->n == room) {
			char *p;

			room = room ? 2 * room : READ_FIRST;
			p = realloc(text->p, room);
			if (!p)
				return -ENOMEM;
			text->p = p;
			if (room > READ_MAX)
				return -EFBIG;
		}
		n = read_some(fd, text->p + text->n, room - text->n);
		if (n <= 0)
			return n;
		text->n += n;
	}
}

const char *compression_hint(struct str s)
{
	if (str_starts(s, STR("\x1f\x8b")))
		return "is compressed: zcat it";
	if (str_starts(s, STR("\xfd" "7zXZ")))
		return "is compressed: xzcat it";
	if (str_starts(s, STR("\x28\xb5\x2f\xfd")))
		return "is compressed: zstdcat it";
	if (str_starts(s, STR("BZh")))
		return "is compressed: bzcat it";
	return NULL;
}

static const char *read_pieces(int fd, read_log_fn *take, void *arg)
{
	static char buf[LOG_PIECE];
	ssize_t n = read_some(fd, buf, sizeof(buf));
	const char *reason = NULL;

	if (n > 0)
		reason = compression_hint((struct str){ buf, n });
	for (; !reason && n > 0; n = read_some(fd, buf, sizeof(buf)))
		take(arg, buf, n);
	return n < 0 ? strerror(-n) : reason;
}

const char *read_log(const char *path, read_log_fn *take, void *arg)
{
	const char *reason;
	int fd = open_input(path);

	if (fd < 0)
		return input_error(fd);
	reason = read_pieces(fd, take, arg);
	if (fd != STDIN_FILENO)
		close(fd);
	return reason;
}

static void parse_piece(void *arg, const char *data, size_t n)
{
	report_parser_feed(arg, data, n);
}

const char *read_reports(const char *path, bool bodies,
			 void (*fn)(const struct report *r, void *arg),
			 void *arg, bool *empty)
{
	struct report_parser *p = malloc(sizeof(*p));
	const char *reason;

	if (!p)
		return strerror(ENOMEM);
	report_parser_init(p, fn, arg);
	p->bodies = bodies;
	reason = read_log(path, parse_piece, p);
	report_parser_end(p);
	if (empty)
		*empty = !reason && !p->line;
	free(p);
	return reason;
}

int read_file(const char *path, struct text *text)
{
	int err, fd = open_input(path);

	text->p = NULL;
	text->n = 0;
	if (fd < 0)
		return fd;
	err = read_stream(fd, text);
	if (fd != STDIN_FILENO)
		close(fd);
	return err;
}

int read_below(const char *root, const char *path, struct text *text)
{
	char full[4096];

	if (snprintf(full, sizeof(full), "%s%s", root, path) >=
	    (int)sizeof(full))
		return -ENAMETOOLONG;
	return read_file(full, text);
}
