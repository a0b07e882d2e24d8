/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The verdict on one run: from what was seen, in the open, to one word.
 *
 * Each fact that speaks for a verdict is a reason for it; the run gets the
 * first of these that has a reason:
 *
 *   CRASHED  an oops, BUG() or panic of any task: all that was seen after it
 *            is in doubt
 *   SPLAT    lockdep reported; also if the program failed or hung, as a
 *            deadlock that was reported does hang
 *   HUNG     the program did not end within its bound
 *   EDGE     the forbidden edge AB, or one that was asked for, was recorded, in
 *            a boot in which lockdep was alive when the run began
 *   FAILED   the program failed, or the kernel printed a WARN or another BUG
 *            that the program had not announced (provoked.h), or was tainted
 *            by a fault of which no report tells
 *   UNKNOWN  nothing bad was seen, but that proves nothing: lockdep not
 *            provably alive, log lost, all tests skipped, interrupted, not run
 *            because a file cannot be read; or a splat, WARN or hung task that
 *            came before the program started, or that another process met
 *   CLEAN    nothing bad was seen by a lockdep that was alive
 *
 * So a kernel's fault comes before the program's, and what proves least comes
 * last. All reasons are kept.
 *
 * What another process met (whose.h: only what is certain is another's) is not
 * the program's fault, but after a splat lockdep is off whoever caused it, so
 * the run cannot be CLEAN. If the report is about an edge that is watched it is
 * SPLAT all the same: the program may have made one half of the cycle, and the
 * other process the other.
 */
#ifndef SPLAT_RUN_VERDICT_H
#define SPLAT_RUN_VERDICT_H

#include "lockdep/graph/gmem.h"
#include "lockdep/graph/watch.h"
#include "lockdep/state/alive.h"
#include "runner/child.h"

enum verdict {
	VERDICT_CRASHED,
	VERDICT_SPLAT,
	VERDICT_HUNG,
	VERDICT_EDGE,
	VERDICT_FAILED,
	VERDICT_UNKNOWN,
	VERDICT_CLEAN,
	VERDICT_PASSED,		/* of the lab's --plain: without splat */
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
	unsigned int others;	/* splats and warnings of other processes */
	unsigned int early;	/* and what came before the program started */
	bool spent_elsewhere;	/* one of the last two turned lockdep off */
	char splat[256];	/* the first of each kind */
	char crash[256];
	char warning[256];
	char other[256];
	char first_early[256];
	char off[128];		/* lockdep said that it turned itself off */
	char spent_by[256];	/* the report that spent it before the run */
	char oom[160];		/* what the OOM killer said */
};

struct run_facts {
	/* Why the program was not run; "" if it was. */
	char not_run[256];
	struct child_result child;
	bool ours;		/* its exit codes are those of the suite */
	unsigned int timeout_s;
	const char *taint_before;	/* kernel.tainted; NULL: not known */
	const char *taint_after;
	struct log_facts log;
	struct lockdep_status before;
	struct lockdep_status after;
	/* Edges that were asked for. */
	const struct watch *watches;
	unsigned int nr_watches;
	bool watch;		/* AB and BA below were looked at */
	int edges_error;	/* -errno: they could not be */
	struct gmem_class class;
	struct gmem_edges edges;
	bool ab_before;		/* AB was there before the run */
};

/* More than RUN_WATCHES and one of each other kind. */
#define JUDGEMENT_LINES	40

/* What a reason is about: each is a result of its own where KTAP is wanted. */
enum about {
	ABOUT_PROGRAM,
	ABOUT_KERNEL,		/* its log, its taint */
	ABOUT_LOCKS,
	NR_ABOUT,
};

struct judgement {
	enum verdict verdict;
	unsigned int nr_reasons;
	struct {
		enum verdict speaks_for;
		enum about about;
		char text[640];
	} reasons[JUDGEMENT_LINES];
	unsigned int nr_notes;
	char notes[JUDGEMENT_LINES][640];
};

void verdict_judge(const struct run_facts *f, struct judgement *j);

const char *verdict_name(enum verdict v);

/* The verdict of that name. False if there is none. */
bool verdict_parse(struct str name, enum verdict *v);

/* Exit code of `splat run`, and with --bisect. */
int verdict_exit(enum verdict v, bool bisect);

#endif
