/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The verdict on one run: from what was seen, in the open, to one word.
 *
 * Each fact that speaks for a verdict is a reason for it; the run gets the
 * first of these that has a reason:
 *
 *   CRASHED  an oops, BUG() or panic: all that was seen after it is in doubt
 *   SPLAT    lockdep reported; also if the program failed or hung, as a
 *            deadlock that was reported does hang
 *   HUNG     the program did not end within its bound
 *   EDGE     the forbidden edge AB was recorded, in a boot in which lockdep was
 *            alive when the run began
 *   FAILED   the program failed, or the kernel printed a WARN or another BUG
 *            that the program had not announced (provoked.h), or was tainted
 *            by a fault of which no report tells
 *   UNKNOWN  nothing bad was seen, but that proves nothing: lockdep not
 *            provably alive, log lost, all tests skipped
 *   CLEAN    nothing bad was seen by a lockdep that was alive
 *
 * So a kernel's fault comes before the program's, and what proves least comes
 * last. All reasons are kept.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include "child.h"
#include "lockdep/gmem.h"
#include "lockdep/life.h"

enum verdict {
	VERDICT_CRASHED,
	VERDICT_SPLAT,
	VERDICT_HUNG,
	VERDICT_EDGE,
	VERDICT_FAILED,
	VERDICT_UNKNOWN,
	VERDICT_CLEAN,
};

/* What the log of the run holds. */
struct log_facts {
	int error;		/* -errno: it could not be read */
	uint64_t records;
	uint64_t lost;
	bool lost_some;		/* lost, number not known */
	unsigned int splats;
	unsigned int crashes;
	unsigned int warnings;	/* WARN, hung task and alike */
	unsigned int provoked;	/* WARNs that the program had announced */
	const char *provoked_fault; /* what is wrong with that; NULL or "" */
	char splat[256];	/* the first of each kind */
	char crash[256];
	char warning[256];
	char off[128];		/* lockdep said that it turned itself off */
	char spent_by[256];	/* the report that spent it before the run */
	char oom[160];		/* what the OOM killer said */
};

struct run_facts {
	struct child_result child;
	unsigned int timeout_s;
	const char *taint_before;	/* kernel.tainted; NULL: not known */
	const char *taint_after;
	struct log_facts log;
	struct life_state before;
	struct life_state after;
	bool watch;		/* the edges below were looked at */
	int edges_error;	/* -errno: they could not be */
	struct gmem_class class;
	struct gmem_edges edges;
	bool ab_before;		/* AB was there before the run */
};

#define JUDGEMENT_LINES	12

struct judgement {
	enum verdict verdict;
	unsigned int nr_reasons;
	struct {
		enum verdict speaks_for;
		char text[320];
	} reasons[JUDGEMENT_LINES];
	unsigned int nr_notes;
	char notes[JUDGEMENT_LINES][640];
};

void verdict_judge(const struct run_facts *f, struct judgement *j);

const char *verdict_name(enum verdict v);

/* Exit code of `splat run`, and with --bisect. */
int verdict_exit(enum verdict v, bool bisect);

#endif
