/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Print a program's output as a nested level of KTAP, in two dialects: kunit.py
 * of the kernel tree reads subtests that are indented, and "# " is a comment;
 * LKFT's parse-output.py reads only subtests with "# " before them.
 *
 * The level begins with the program's own version or plan line. Lines before
 * that, or all if the program prints no (K)TAP, are passed on as comments.
 * "1..0" begins no level: kunit.py treats it as an error. Results that the plan
 * announces and that are missing are failures at the end, and results beyond
 * the plan are comments; otherwise kunit.py would mix them up with results of
 * the level above. Bytes that end a line, or that a reader of UTF-8 refuses,
 * are written as \xHH.
 */
#ifndef SPLAT_RUN_NEST_H
#define SPLAT_RUN_NEST_H

#include <stdbool.h>
#include <stddef.h>

enum nest_style {
	NEST_INDENT,		/* "  ok 1 a" */
	NEST_HASH,		/* "# ok 1 a" */
};

struct nest {
	enum nest_style style;
	void (*put)(void *arg, const char *text, size_t n);
	void *arg;
	bool version;		/* seen, but not passed on yet */
	bool open;
	unsigned long plan;	/* 0: none, or too large to believe */
	unsigned long results;
};

/* One line of the program, without its newline. */
void nest_line(struct nest *n, const char *line);

/* After the last line. */
void nest_end(struct nest *n);

#endif
