/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A program's output as a nested level of KTAP, in the two dialects that are
 * read: kunit.py of the kernel tree follows subtests that are indented and takes
 * "# " for comments, LKFT's parse-output.py follows only those behind "# ".
 *
 * The level begins with the program's own version or plan line; whatever is
 * before that, or all if the program prints no (K)TAP, is passed on as comments.
 * "1..0" is no level: kunit.py takes it for an error. Results that the plan says
 * and that do not come are failures at the end, and those beyond the plan are
 * comments: kunit.py would take results of the level above for the ones, and the
 * others for results of that. Bytes that would end a
 * line, or make a reader that wants UTF-8 stop, come as \xHH.
 */
#ifndef NEST_H
#define NEST_H

#include <stdbool.h>
#include <stddef.h>

enum nest_way {
	NEST_INDENT,		/* "  ok 1 a" */
	NEST_HASH,		/* "# ok 1 a" */
};

struct nest {
	enum nest_way way;
	void (*put)(void *arg, const char *text, size_t n);
	void *arg;
	bool version;		/* seen, and not yet passed on */
	bool open;
	unsigned long plan;	/* 0: none, or not to be believed */
	unsigned long results;
};

/* One line of the program, without its newline. */
void nest_line(struct nest *n, const char *line);

/* After the last line. */
void nest_end(struct nest *n);

#endif
