// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/splat/run/verdict.c: each fact alone gives its verdict, of two the one
 * that comes first in verdict.h wins, and only a run with none of them is
 * CLEAN.
 */
#include <errno.h>
#include <signal.h>

#include "splat/run/verdict.h"
#include "unit.h"

/* A run that proves what it should. */
static struct run_facts clean(void)
{
	return (struct run_facts){
		.child = { .exited = true },
		.timeout_s = 600,
		.log = { .records = 3 },
		.before = { .state = LOCKDEP_ALIVE },
		.after = { .state = LOCKDEP_ALIVE },
		.watch = true,
		.class = { .found = GMEM_BY_SLOTS_LOCK, .certain = true,
			   .name = GMEM_LOCK, .used = true },
		.edges = { .ab = { .state = EDGE_NO },
			   .ba = { .state = EDGE_NO } },
	};
}

static struct judgement judge(const struct run_facts *f)
{
	struct judgement j;

	verdict_judge(f, &j);
	return j;
}

static void is(const struct run_facts *f, enum verdict v, const char *reason)
{
	struct judgement j = judge(f);

	CHECK_STR(verdict_name(j.verdict), verdict_name(v));
	CHECK(!j.nr_reasons == (v == VERDICT_CLEAN));
	if (j.nr_reasons && !strstr(j.reasons[0].text, reason))
		CHECK_STR(j.reasons[0].text, reason);
}

static void a_clean_run(void)
{
	struct run_facts f = clean();

	is(&f, VERDICT_CLEAN, "");
	CHECK_EQ(judge(&f).nr_notes, 0);
	f.watch = false;
	is(&f, VERDICT_CLEAN, "");
	f = clean();
	f.edges.ba.state = EDGE_YES;
	is(&f, VERDICT_CLEAN, "");
	CHECK_EQ(judge(&f).nr_notes, 1);
	f = clean();
	f.class.used_before = true;
	is(&f, VERDICT_CLEAN, "");
	CHECK(strstr(judge(&f).notes[0], "whether this run used it"));
	f.class.has_ops = f.class.taken = true;
	CHECK_EQ(judge(&f).nr_notes, 0);
}

static struct run_facts crashed(void)
{
	struct run_facts f = clean();

	f.log.crashes = 1;
	strcpy(f.log.crash, "kernel BUG at a.c:1!");
	return f;
}

static struct run_facts splat(void)
{
	struct run_facts f = clean();

	f.log.splats = 1;
	strcpy(f.log.splat, "possible deadlock in f");
	f.after.state = LOCKDEP_SPENT;
	return f;
}

static struct run_facts hung(void)
{
	struct run_facts f = clean();

	f.child = (struct child_result){ .sig = SIGTERM, .timed_out = true };
	return f;
}

static struct run_facts edge(void)
{
	struct run_facts f = clean();

	f.edges.ab.state = EDGE_YES;
	strcpy(f.edges.ab.path, "a > b");
	return f;
}

static struct run_facts failed(void)
{
	struct run_facts f = clean();

	f.child.code = 1;
	return f;
}

static struct run_facts unknown(void)
{
	struct run_facts f = clean();

	f.log.lost = 2;
	return f;
}

static void one_fact(void)
{
	struct run_facts f;

	f = crashed();
	is(&f, VERDICT_CRASHED, "kernel BUG");
	f = splat();
	is(&f, VERDICT_SPLAT, "possible deadlock in f");
	f = hung();
	is(&f, VERDICT_HUNG, "did not end in 600 s");
	f.child.stuck = true;
	is(&f, VERDICT_HUNG, "stuck in the kernel");
	f = edge();
	is(&f, VERDICT_EDGE, "forbidden edge a > b");
	f.ab_before = true;
	is(&f, VERDICT_EDGE, "before this run");
	f = failed();
	is(&f, VERDICT_FAILED, "exit code 1");
	f.child = (struct child_result){ .sig = SIGSEGV };
	is(&f, VERDICT_FAILED, "SIGSEGV");
	f.child = (struct child_result){ .exited = true, .code = 254 };
	is(&f, VERDICT_FAILED, "exit code 254");
	f = clean();
	f.log.warnings = 2;
	strcpy(f.log.warning, "WARNING: at f");
	is(&f, VERDICT_FAILED, "WARNING: at f, and 1 more");
	f = unknown();
	is(&f, VERDICT_UNKNOWN, "2 records");
}

/* All that keeps a run in which nothing bad was seen from being CLEAN. */
static void unknowns(void)
{
	struct run_facts f = clean();

	f.log.lost_some = true;
	is(&f, VERDICT_UNKNOWN, "were lost");
	f = clean();
	f.log.error = -EPERM;
	is(&f, VERDICT_UNKNOWN, "/dev/kmsg: Operation not permitted");
	f = clean();
	f.child.code = 4;
	is(&f, VERDICT_UNKNOWN, "skipped");
	/* What 2 means is known of the suite's own programs only. */
	f.child.code = 2;
	is(&f, VERDICT_FAILED, "exit code 2");
	f.ours = true;
	is(&f, VERDICT_UNKNOWN, "called wrongly: exit code 2");
	f = clean();
	f.before.state = f.after.state = LOCKDEP_SPENT;
	is(&f, VERDICT_UNKNOWN, "spent before the run");
	f = clean();
	f.after.state = LOCKDEP_SPENT;
	strcpy(f.log.off, "BUG: MAX_LOCKDEP_CHAINS too low!");
	is(&f, VERDICT_UNKNOWN, "in the run: BUG: MAX_LOCKDEP_CHAINS");
	f = clean();
	f.after.state = LOCKDEP_UNPROVEN;
	strcpy(f.after.reason, "kernel.prove_locking is 0");
	is(&f, VERDICT_UNKNOWN, "prove_locking is 0");
	f = clean();
	f.before.state = LOCKDEP_UNPROVEN;
	strcpy(f.before.reason, "kernel.prove_locking is 0");
	is(&f, VERDICT_UNKNOWN, "before the run: kernel.prove_locking");
	f = clean();
	f.after.state = f.before.state = LOCKDEP_ABSENT;
	is(&f, VERDICT_UNKNOWN, "absent");
	f = clean();
	f.class.certain = false;
	f.class.found = GMEM_BY_FIRST_USE;
	is(&f, VERDICT_UNKNOWN, "not certain");
	f = clean();
	f.edges_error = -EIO;
	is(&f, VERDICT_UNKNOWN, "/proc/lockdep: ");
	f = clean();
	f.class.certain = false;
	strcpy(f.edges.suspect, "x > y");
	is(&f, VERDICT_UNKNOWN, "x > y was recorded");
}

/* A fault that tainted the kernel is one, reported or not. */
static void taint(void)
{
	struct run_facts f = clean();

	f.taint_before = "4096";
	f.taint_after = "4608";
	is(&f, VERDICT_FAILED, "was 4096 and is 4608: W (WARN), and no report");
	CHECK_EQ(judge(&f).nr_notes, 0);
	f.taint_after = "20656";
	is(&f, VERDICT_FAILED, "M (machine check), B (bad page), D (oops), "
	   "L (soft lockup)");
	/* A report tells more; so does a bit that was there before. */
	f.log.warnings = 1;
	strcpy(f.log.warning, "WARNING: at f");
	is(&f, VERDICT_FAILED, "WARNING: at f");
	CHECK_EQ(judge(&f).nr_reasons, 1);
	CHECK_EQ(judge(&f).nr_notes, 1);
	f = clean();
	f.taint_before = "512";
	f.taint_after = "4608";
	is(&f, VERDICT_CLEAN, "");
	CHECK_EQ(judge(&f).nr_notes, 1);
	/* Not known is neither. */
	f.taint_before = "";
	is(&f, VERDICT_CLEAN, "");
	f.taint_before = "512";
	f.taint_after = "";
	is(&f, VERDICT_CLEAN, "");
	f = splat();
	f.taint_before = "0";
	f.taint_after = "512";
	is(&f, VERDICT_SPLAT, "");
	CHECK_EQ(judge(&f).nr_reasons, 2);
}

/* Announced warnings are no reason; what they cannot explain stays one. */
static void provoked(void)
{
	struct run_facts f = clean();

	f.log.provoked = 3;
	f.log.provoked_fault = "";
	is(&f, VERDICT_CLEAN, "");
	f.taint_before = "4096";
	f.taint_after = "4608";
	is(&f, VERDICT_CLEAN, "");
	CHECK_EQ(judge(&f).nr_notes, 1);
	f.taint_after = "4736";
	is(&f, VERDICT_FAILED, "was 4096 and is 4736: D (oops), and no report");
	f.taint_after = "4608";
	f.log.provoked = 0;
	is(&f, VERDICT_FAILED, "W (WARN), and no report");
	f.log.provoked = 3;
	f.log.warnings = 1;
	strcpy(f.log.warning, "WARNING: at f");
	is(&f, VERDICT_FAILED, "WARNING: at f");
	f.log.warnings = 0;
	f.log.provoked_fault = "x was never withdrawn";
	is(&f, VERDICT_FAILED, "x was never withdrawn");
	f = splat();
	f.log.provoked = 1;
	is(&f, VERDICT_SPLAT, "");
	f = crashed();
	f.log.provoked = 1;
	is(&f, VERDICT_CRASHED, "");
	f = unknown();
	f.log.provoked = 1;
	is(&f, VERDICT_UNKNOWN, "2 records");
}

/* A boot whose lockdep was spent before proves nothing, AB or not. */
static void spent_before(void)
{
	struct run_facts f = edge();

	f.before.state = f.after.state = LOCKDEP_SPENT;
	is(&f, VERDICT_UNKNOWN, "spent before the run");
	CHECK_EQ(judge(&f).nr_notes, 1);
	f.child.code = 1;
	is(&f, VERDICT_FAILED, "exit code 1");
}

static struct run_facts both(const struct run_facts *a,
			     const struct run_facts *b)
{
	struct run_facts f = *a;

	f.log.crashes |= b->log.crashes;
	f.log.splats |= b->log.splats;
	f.log.lost |= b->log.lost;
	if (b->after.state != LOCKDEP_ALIVE)
		f.after = b->after;
	if (b->edges.ab.state == EDGE_YES)
		f.edges = b->edges;
	if (!f.child.timed_out && (b->child.timed_out || b->child.code))
		f.child = b->child;
	return f;
}

static void order(void)
{
	struct run_facts f[] = {
		[VERDICT_CRASHED]	= crashed(),
		[VERDICT_SPLAT]		= splat(),
		[VERDICT_HUNG]		= hung(),
		[VERDICT_EDGE]		= edge(),
		[VERDICT_FAILED]	= failed(),
		[VERDICT_UNKNOWN]	= unknown(),
		[VERDICT_CLEAN]		= clean(),
	};
	int a, b;

	for (a = VERDICT_CRASHED; a <= VERDICT_CLEAN; a++) {
		for (b = VERDICT_CRASHED; b <= VERDICT_CLEAN; b++) {
			struct run_facts ab = both(&f[a], &f[b]);
			int want = a < b ? a : b;

			CHECK_STR(verdict_name(judge(&ab).verdict),
				  verdict_name(want));
		}
	}
}

static void exit_codes(void)
{
	CHECK_EQ(verdict_exit(VERDICT_CLEAN, false), 0);
	CHECK_EQ(verdict_exit(VERDICT_EDGE, false), 1);
	CHECK_EQ(verdict_exit(VERDICT_SPLAT, false), 1);
	CHECK_EQ(verdict_exit(VERDICT_FAILED, false), 1);
	CHECK_EQ(verdict_exit(VERDICT_CRASHED, false), 1);
	CHECK_EQ(verdict_exit(VERDICT_HUNG, false), 1);
	CHECK_EQ(verdict_exit(VERDICT_UNKNOWN, false), 4);
	CHECK_EQ(verdict_exit(VERDICT_CLEAN, true), 0);
	CHECK_EQ(verdict_exit(VERDICT_EDGE, true), 1);
	CHECK_EQ(verdict_exit(VERDICT_HUNG, true), 1);
	CHECK_EQ(verdict_exit(VERDICT_UNKNOWN, true), 125);
}

/* More reasons than there is room for: the first ones stay, none is torn. */
static void many_reasons(void)
{
	struct run_facts f = splat();
	struct judgement j;

	memset(f.log.splat, 'x', sizeof(f.log.splat) - 1);
	f.log.crashes = f.log.warnings = 7;
	f.log.lost = 1;
	f.child = (struct child_result){ .timed_out = true, .stuck = true,
					 .leftovers = true };
	f.watch = true;
	f.edges.ab.state = EDGE_YES;
	memset(f.edges.suspect, 'y', sizeof(f.edges.suspect) - 1);
	j = judge(&f);
	CHECK(j.nr_reasons <= JUDGEMENT_LINES);
	CHECK_EQ(j.verdict, VERDICT_CRASHED);
}

UNIT_MAIN(
	{ "a_clean_run", a_clean_run },
	{ "one_fact", one_fact },
	{ "unknowns", unknowns },
	{ "taint", taint },
	{ "provoked", provoked },
	{ "spent_before", spent_before },
	{ "order", order },
	{ "exit_codes", exit_codes },
	{ "many_reasons", many_reasons },
)
