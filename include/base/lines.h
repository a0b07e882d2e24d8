/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cut a stream of bytes into lines of bounded length. A test may print
 * anything, which must neither grow, cut short nor end its reader.
 */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include <stddef.h>

/* Bytes kept of one line; of the rest only the count is passed on. */
#define LINES_KEPT	4096

struct lines {
	void (*fn)(const char *line, void *arg);
	void *arg;
	size_t len;
	size_t cut;
	char buf[LINES_KEPT + 64];
};

/*
 * Call fn(line, arg) for each line, without its newline. A NUL byte becomes
 * the two characters \0, every other byte stays as it is. A line longer than
 * LINES_KEPT ends in " [N more bytes]".
 */
void lines_init(struct lines *l, void (*fn)(const char *line, void *arg),
		void *arg);
void lines_feed(struct lines *l, const char *data, size_t size);

/* Pass on a last line that has no newline. */
void lines_end(struct lines *l);

#endif
