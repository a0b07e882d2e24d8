/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Are two reports about the same bug? The KVM x86 handbook asks reporters to
 * show "the exact same failure" with and without a change; equal signatures
 * prove it.
 */
#ifndef LOCKDEP_REPORT_COMPARE_H
#define LOCKDEP_REPORT_COMPARE_H

#include "report.h"

/* The fields that are compared. A string that the report lacks is "". */
struct report_id {
	char kind[32];
	char title[160];
	char release[128];
	char acquiring[160];	/* class */
	char signature[4096];
	char cycle[REPORT_CHAIN][160];
	unsigned int nr_cycle;
	bool complete;
	uint64_t first_line;
	uint64_t last_line;
};

enum sameness {
	SAME,			/* signatures are equal */
	SAME_CYCLE,		/* the classes are, functions are not */
	DIFFERENT,
};

const char *sameness_name(enum sameness s);

void report_id_of(struct report_id *id, const struct report *r);

/*
 * Call @fn for each report in @text, the output of `splat parse --json`. False
 * if @text is anything else.
 */
bool report_ids_of_json(struct str text,
			void (*fn)(const struct report_id *id, void *arg),
			void *arg);

/*
 * Compare two complete reports. Kinds without a cycle have no signature: their
 * kind, title and the acquired lock's class must be equal. @why, of @size
 * bytes, gets the first difference as text, or "".
 */
enum sameness report_compare(const struct report_id *a,
			     const struct report_id *b, char *why, size_t size);

#endif
