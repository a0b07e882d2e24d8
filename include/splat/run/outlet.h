/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Output to stdout or stderr while a command runs: queued, and written as fast
 * as the reader takes it. So a slow reader makes the command wait, but not this
 * process, which has to end the command in time.
 */
#ifndef SPLAT_RUN_OUTLET_H
#define SPLAT_RUN_OUTLET_H

#include <stdbool.h>
#include <stddef.h>

struct outlet {
	int fd;
	int error;		/* -errno of the first write that failed */
	char *buf;
	size_t room, len, sent;
	bool cut;		/* the last line has no newline yet */
};

void outlet_init(struct outlet *o, int fd);

/* Queue @n bytes. After an error they are dropped. */
void outlet_put(struct outlet *o, const char *p, size_t n);

/* Add a newline if the last line has none. */
void outlet_end_line(struct outlet *o);

/* Write as much as possible without waiting. True if some is left. */
bool outlet_flush(struct outlet *o);

/* Write all, waiting for the reader, and free the queue. 0 or -errno. */
int outlet_finish(struct outlet *o);

#endif
