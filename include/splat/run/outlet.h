/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What goes to stdout or stderr while a command runs: queued, and passed on as
 * far as the reader takes it, so that a reader that does not read makes the
 * command wait and not the one that has to end it in time.
 */
#ifndef OUTLET_H
#define OUTLET_H

#include <stdbool.h>
#include <stddef.h>

struct outlet {
	int fd;
	int error;		/* -errno of the first write that failed */
	char *buf;
	size_t room, len, sent;
	bool cut;		/* what was put last does not end its line */
};

void outlet_init(struct outlet *o, int fd);

/* Queue @n bytes. After an error they are dropped. */
void outlet_put(struct outlet *o, const char *p, size_t n);

/* End the line, for something else to follow. */
void outlet_end_line(struct outlet *o);

/* Write what can be written without waiting. True if something is left. */
bool outlet_flush(struct outlet *o);

/* Write all, however long that takes, and free the queue. 0 or -errno. */
int outlet_finish(struct outlet *o);

#endif
