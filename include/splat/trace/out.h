/* SPDX-License-Identifier: GPL-2.0-only */
/* splat trace: the verdict, and printing it as text and as JSON. */
#ifndef SPLAT_TRACE_OUT_H
#define SPLAT_TRACE_OUT_H

#include "lockdep/trace/trace.h"
#include "runner/child.h"
#include "splat/splat.h"

enum trace_verdict {
	TRACE_NO_CYCLE,
	TRACE_CYCLE,
	TRACE_FORBIDDEN,	/* AB, and no cycle */
	TRACE_CANNOT_TELL,
};

struct trace_result {
	enum trace_verdict verdict;
	char reason[320];	/* of TRACE_CANNOT_TELL */
	const struct trace *trace;
	struct trace_watch watch;
	const struct child_result *child;	/* NULL: no command was run */
	bool all_edges;
};

void trace_judge(struct trace_result *r);
int trace_exit(enum trace_verdict verdict);
void trace_text(FILE *f, const struct trace_result *r);
void trace_json(FILE *f, const struct trace_result *r);

#endif
