// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cut a stream of bytes into lines of bounded length. Pure: bytes in, calls
 * out.
 */
#include <stdio.h>
#include <string.h>

#include "base/lines.h"

void lines_init(struct lines *l, void (*fn)(const char *line, void *arg),
		void *arg)
{
	l->fn = fn;
	l->arg = arg;
	l->len = 0;
	l->cut = 0;
}

static void lines_flush(struct lines *l)
{
	l->buf[l->len] = '\0';
	if (l->cut)
		snprintf(l->buf + l->len, sizeof(l->buf) - l->len,
			 " [%zu more bytes]", l->cut);
	l->fn(l->buf, l->arg);
	l->len = 0;
	l->cut = 0;
}

static void lines_add(struct lines *l, const char *text, size_t size)
{
	if (l->cut || l->len + size > LINES_KEPT) {
		l->cut++;
		return;
	}

	memcpy(l->buf + l->len, text, size);
	l->len += size;
}

void lines_feed(struct lines *l, const char *data, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++) {
		if (data[i] == '\n')
			lines_flush(l);
		else if (data[i] == '\0')
			lines_add(l, "\\0", 2);
		else
			lines_add(l, &data[i], 1);
	}
}

void lines_end(struct lines *l)
{
	if (l->len || l->cut)
		lines_flush(l);
}
