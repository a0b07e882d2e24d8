// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records of /dev/kmsg, see kmsg.h. The upper half parses them, the lower half
 * reads the device.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "klog/kmsg.h"

static bool take_comma(struct str *s)
{
	return str_take(s, STR(","));
}

static void take_caller(struct str fields, struct kmsg_rec *rec)
{
	ptrdiff_t at = str_find(fields, STR(",caller="));
	size_t n = 0;

	if (at < 0)
		return;
	fields = str_skip(fields, at + strlen(",caller="));
	while (n < fields.n && fields.p[n] != ',' &&
	       n < sizeof(rec->caller) - 1)
		n++;
	memcpy(rec->caller, fields.p, n);
	rec->caller[n] = '\0';
}

bool kmsg_parse(struct str line, struct kmsg_rec *rec)
{
	uint64_t prio;
	ptrdiff_t end;

	rec->line = line;
	if (!str_take_u64(&line, &prio) || !take_comma(&line) ||
	    !str_take_u64(&line, &rec->seq) || !take_comma(&line) ||
	    !str_take_u64(&line, &rec->usec) || !take_comma(&line) || !line.n)
		return false;
	rec->prio = prio;
	rec->cont = line.p[0] == 'c';
	rec->caller[0] = '\0';
	line = str_skip(line, 1);

	/* Later kernels may add fields before the semicolon. */
	end = str_find(str_head(line, 256), STR(";"));
	if (end < 0 || (end > 0 && line.p[0] != ','))
		return false;
	take_caller(str_head(line, end), rec);
	rec->text = str_skip(line, end + 1);
	return true;
}

static int hex_nibble(char c)
{
	if (!is_hex(c))
		return -1;
	return is_digit(c) ? c - '0' : c - 'a' + 10;
}

static bool escape_at(const char *p, const char *end, char *c)
{
	int hi, lo;

	if (end - p < 4 || p[0] != '\\' || p[1] != 'x')
		return false;
	hi = hex_nibble(p[2]);
	lo = hex_nibble(p[3]);
	if (hi < 0 || lo < 0)
		return false;
	*c = hi << 4 | lo;
	return true;
}

size_t kmsg_unescape(struct str text, char *dst, size_t size)
{
	const char *p = text.p, *end = text.p + text.n;
	size_t n = 0;

	while (p < end && n < size) {
		char c;

		if (escape_at(p, end, &c))
			p += 4;
		else
			c = *p++;
		dst[n++] = c;
	}
	return n;
}

int kmsg_open(struct kmsg *k, const char *path, bool from_start)
{
	k->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (k->fd < 0)
		return -errno;
	k->next = 0;
	k->known = false;
	k->lost = 0;
	k->lost_some = false;
	k->len = 0;
	if (lseek(k->fd, 0, from_start ? SEEK_SET : SEEK_END) < 0) {
		int err = errno;

		close(k->fd);
		return -err;
	}
	return 0;
}

void kmsg_close(struct kmsg *k)
{
	close(k->fd);
	k->fd = -1;
}

/*
 * The device returns one record for each read(), a file as much as fits. Keep
 * the bytes after the first newline for the next call.
 */
static int fill(struct kmsg *k)
{
	for (;;) {
		ssize_t n = read(k->fd, k->buf + k->len, KMSG_RECORD - k->len);

		if (n >= 0) {
			k->len += n;
			return n > 0;
		}
		if (errno == EAGAIN)
			return 0;
		if (errno == EPIPE)
			k->lost_some |= !k->known;
		else if (errno != EINTR)
			return -errno;
	}
}

static void consume(struct kmsg *k, size_t n)
{
	memmove(k->buf, k->buf + n, k->len - n);
	k->len -= n;
}

static void count_gap(struct kmsg *k, uint64_t seq)
{
	if (k->known && seq > k->next)
		k->lost += seq - k->next;
	k->known = true;
	k->next = seq + 1;
}

int kmsg_read(struct kmsg *k, struct kmsg_rec *rec)
{
	for (;;) {
		char *nl = memchr(k->buf, '\n', k->len);
		size_t n;
		int r;

		if (!nl && k->len < KMSG_RECORD) {
			r = fill(k);
			if (r <= 0)
				return r;
			continue;
		}
		n = nl ? (size_t)(nl - k->buf) : k->len;
		memcpy(k->line, k->buf, n);
		consume(k, n + (nl ? 1 : 0));
		/* Anything else is a " KEY=value" line. */
		if (kmsg_parse((struct str){ k->line, n }, rec))
			break;
	}
	count_gap(k, rec->seq);
	return 1;
}
