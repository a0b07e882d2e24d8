/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Are two reports about the same bug? The KVM x86 handbook wants a reporter to
 * show "the exact same failure" with and without a change; this is the proof,
 * by signature.
 */
#ifndef LOCKDEP_COMPARE_H
#define LOCKDEP_COMPARE_H

#include "report.h"

/* What is compared of a report. Strings are "" if it does not tell. */
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
 * The reports in @text, which `splat parse --json` wrote, one call of @fn for
 * each. False if it is not that.
 */
bool report_ids_of_json(struct str text,
			void (*fn)(const struct report_id *id, void *arg),
			void *arg);

/*
 * Compare two complete reports. Kinds without a cycle have no signature: there
 * kind, title and the acquired lock's class must be equal. Up to @size bytes
 * of @why get what differs first, for people; "" if nothing does.
 */
enum sameness report_compare(const struct report_id *a,
			     const struct report_id *b, char *why, size_t size);

#endif
