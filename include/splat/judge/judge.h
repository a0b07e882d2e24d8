/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The verdict on one run of the lab, and what follows from it: git bisect's
 * answer, and whether the control rows of `scripts/lab repro` hold. Pure: the
 * text of files in, structs out.
 *
 * verdict.h judges from inside the guest, and a guest may die before it is
 * done. The outside has the last word:
 *
 *   labrun's outcome	verdict
 *   panic, reset	CRASHED
 *   hung		HUNG, or CRASHED after an oops
 *   done		splat's. Without one the program's end decides. FAILED
 *			or CRASHED replaces a pass if the console has a report
 *			that splat cannot have seen
 *   off, interrupted,	UNKNOWN
 *   emulator, none
 */
#ifndef SPLAT_JUDGE_JUDGE_H
#define SPLAT_JUDGE_JUDGE_H

#include "base/pairs.h"
#include "klog/provoked.h"
#include "lockdep/report/signature.h"
#include "splat/judge/output.h"
#include "splat/run/verdict.h"

/* What a run has left; of a file that is not there .p is NULL. */
struct lab_run {
	const char *dir;	/* for messages */
	bool watched;		/* the program ran under splat */
	struct str result;	/* labrun's facts, see lab/host/labrun.c */
	struct str summary;	/* splat's, see run_summary() */
	struct str verdict;	/* of lab_verdict_write() */
	const struct output_facts *output;	/* the program's, or NULL */
};

struct lab_verdict {
	enum verdict verdict;
	int code;		/* exit code of scripts/lab */
	char reason[2048];	/* "" for CLEAN and PASSED */
	/* As splat has them: "yes", "alive" and so on, or "unknown". */
	char ab[16], ba[16], lockdep[16];
	char signature[SIGNATURE_MAX];
	char exit[16];		/* the program's; "" if it has none */
	char provoked[16];	/* WARNs that it had announced; "": none */
	char provoked_in[2 * PROVOKED_NAME];
	char seconds[16];	/* from power-on to the end */
};

/* From result, summary and output. */
void lab_judge(const struct lab_run *r, struct lab_verdict *v);

void lab_verdict_write(FILE *f, const struct lab_verdict *v);

/* False if @text has no verdict, or none of these. */
bool lab_verdict_read(struct str text, struct lab_verdict *v);

/*
 * The answer to git bisect for a commit. Its run is judged already: verdict,
 * result and summary are needed.
 *
 *   0 good	CLEAN
 *   1 bad	SPLAT, EDGE, FAILED, HUNG, or CRASHED after the program started
 *   125 skip	no boot, no TDX, UNKNOWN; or HUNG by the watchdog alone, which
 *		counts seconds of a machine that may be busy
 *   128 stop	something else than the commit is wrong
 *
 * With a wanted signature only that splat, anywhere in the log, and a crash are
 * bad. All else that went wrong may be another bug and is skipped.
 */
struct bisect_answer {
	int code;
	const char *word;
	char why[4096 + 256];
};

/* @wanted may be NULL; @seen: the kernel's log has a splat that is wanted. */
void bisect_judge(const struct lab_run *r, const char *wanted, bool seen,
		  struct bisect_answer *a);

/* @wanted is @signature, or without its functions. */
bool signature_is_wanted(const char *signature, const char *wanted);

/*
 * The rows of `scripts/lab repro`: the tree as it is, and with each half of the
 * known bug put back, and both. What a control row must give follows from the
 * first one: a half that the tree has by itself is in every row.
 */
enum { CONTROL_PRISTINE, CONTROL_AB, CONTROL_BA, CONTROL_BOTH, NR_CONTROLS };

struct control {
	enum verdict verdict;	/* on the tree */
	int code;
	char reason[2048];
	unsigned int rows;	/* control rows that were judged */
	struct {
		bool failed;
		char got[80], wanted[80];
	} row[NR_CONTROLS];
};

/* "pristine", "+ab", "+ba", "+ab+ba" */
const char *control_name(unsigned int row);

/* @rows: the verdict of each row, NULL of one that was not run. */
void control_judge(const struct lab_verdict *const rows[NR_CONTROLS],
		   struct control *c);

#endif
