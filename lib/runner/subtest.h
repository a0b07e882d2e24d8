/* SPDX-License-Identifier: GPL-2.0-only */
/* Run one subtest in a process of its own and judge how it ended. */
#ifndef LIB_RUNNER_SUBTEST_H
#define LIB_RUNNER_SUBTEST_H

#include "runner/child.h"
#include "runner/ktap.h"
#include "runner/suite.h"

#define SUBTEST_REASON	512

/* What a subtest's process reports; in memory shared with the runner. */
struct subtest_report {
	enum { SUBTEST_NO_RESULT, SUBTEST_PASSED, SUBTEST_SKIPPED } state;
	char reason[SUBTEST_REASON];	/* of a skip */
	char known_bug[SUBTEST_REASON];	/* the first that was seen, or "" */
};

/*
 * Judge: the outcome, and in @why one line that says what is wrong, or why it
 * was skipped, or nothing. Pure.
 */
enum ktap_outcome subtest_judge(const struct child_result *r,
				const struct subtest_report *report,
				unsigned int timeout_s, char *why,
				size_t size);

/* Run it; its output becomes diagnostic lines of @k. 0 or -errno. */
int subtest_run(const struct suite *suite, const struct subtest *t,
		const struct subtest_args *args, unsigned int timeout_s,
		struct ktap *k, enum ktap_outcome *outcome, char *why,
		size_t size);

#endif
