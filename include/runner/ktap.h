/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Print KTAP version 1, one flat level: version and plan first, then results
 * with the diagnostics before them, then the totals. See
 * Documentation/dev-tools/ktap.rst in the kernel.
 */
#ifndef RUNNER_KTAP_H
#define RUNNER_KTAP_H

#include <stdio.h>

enum ktap_outcome {
	KTAP_FAIL,		/* zero: what is not set is a failure */
	KTAP_PASS,
	KTAP_SKIP,
	KTAP_XFAIL,		/* a known bug, and nothing else */
	KTAP_TIMEOUT,
};

struct ktap {
	FILE *out;
	unsigned int results;
	unsigned int pass;
	unsigned int fail;
	unsigned int skip;
	unsigned int xfail;
};

void ktap_begin(struct ktap *k, FILE *out, unsigned int plan);

/* One diagnostic line; @line holds no newline. */
void ktap_diag(struct ktap *k, const char *line);
void ktap_diagf(struct ktap *k, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * One result. @note is printed after the directive, if any, and may be NULL;
 * newlines in it become blanks, so that it stays one line.
 */
void ktap_result(struct ktap *k, enum ktap_outcome outcome, const char *name,
		 const char *note);
void ktap_totals(struct ktap *k);

/* kselftest's exit code: 0 pass, 1 any failure, 4 nothing but skips. */
int ktap_exit_code(const struct ktap *k);

#endif
