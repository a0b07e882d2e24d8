/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A test program's output: which of its subtests failed, and its last line.
 */
#ifndef SPLAT_JUDGE_OUTPUT_H
#define SPLAT_JUDGE_OUTPUT_H

#include "base/lines.h"

#define OUTPUT_NAMES	3

struct output_facts {
	unsigned int failed;
	char names[OUTPUT_NAMES][80];	/* of the first that failed */
	char last[256];			/* the last line that is not blank */
	struct lines lines;
};

/* Feed the output in any pieces, then end it. */
void output_init(struct output_facts *o);
void output_feed(struct output_facts *o, const char *data, size_t n);
void output_end(struct output_facts *o);

/*
 * "a, b, c and 4 more": the results "not ok" of the outermost KTAP level that are
 * not expected to fail. "" if there is none.
 */
void output_failed(const struct output_facts *o, char *buf, size_t size);

#endif
