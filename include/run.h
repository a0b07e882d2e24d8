/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One `splat run`: what was asked for, what was seen, what it comes to.
 */
#ifndef RUN_H
#define RUN_H

#include "klog.h"
#include "lockdep/signature.h"
#include "provoked.h"
#include "splat.h"
#include "verdict.h"

/* Reports that are kept for JSON; the verdict takes account of all. */
#define RUN_REPORTS	256

struct run {
	struct args a;
	/* asked for */
	const char *root;
	const char *json_path;
	const char *log_path;
	const char *summary_path;
	unsigned int timeout_s;
	bool bisect;
	bool watch;
	char **cmd;
	/* seen */
	struct machine machine;
	struct snapshot before;
	struct snapshot after;
	char taint_after[32];
	struct klog klog;
	struct provoked provoked;
	double seconds;
	struct gmem_edges reported;	/* edges out of reports */
	char reported_class[80];
	char signature[SIGNATURE_MAX];	/* of the first splat; "" */
	unsigned int reports;
	char *reports_json;
	/* come to */
	struct run_facts facts;
	struct judgement judgement;
};

/* run_out.c: the block at the end, the JSON object, the key=value lines. */
void run_text(FILE *f, const struct run *r);
void run_json(FILE *f, const struct run *r);
void run_summary(FILE *f, const struct run *r);

/*
 * run_facts.c: from the two snapshots and the reports to the facts. Of a report
 * the answer is whether it is a warning that the program has announced.
 */
bool run_add_report(struct run *r, const struct report *rep);
void run_gather(struct run *r);

#endif
