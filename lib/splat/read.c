// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whole files into memory. Files of /proc have no size that could be asked for,
 * so read until there is no more.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "splat.h"

#define READ_FIRST	(64 << 10)
#define READ_MAX	(256UL << 20)

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
		n = read(fd, text->p + text->n, room - text->n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			return 0;
		text->n += n;
	}
}

int read_file(const char *path, struct text *text)
{
	int err, fd = open(path, O_RDONLY | O_CLOEXEC);

	text->p = NULL;
	text->n = 0;
	if (fd < 0)
		return -errno;
	err = read_stream(fd, text);
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
