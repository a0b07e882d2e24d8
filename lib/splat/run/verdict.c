// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verdict on one run, see verdict.h. Pure: facts in, judgement out.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splat/run/verdict.h"
#include "splat/splat.h"

static const char *const names[] = {
	[VERDICT_CRASHED]	= "CRASHED",
	[VERDICT_SPLAT]		= "SPLAT",
	[VERDICT_HUNG]		= "HUNG",
	[VERDICT_EDGE]		= "EDGE",
	[VERDICT_FAILED]	= "FAILED",
	[VERDICT_UNKNOWN]	= "UNKNOWN",
	[VERDICT_CLEAN]		= "CLEAN",
	[VERDICT_PASSED]	= "PASSED",
};

const char *verdict_name(enum verdict v)
{
	return names[v];
}

bool verdict_parse(struct str name, enum verdict *v)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!str_eq(name, str_of(names[i])))
			continue;
		*v = i;
		return true;
	}
	return false;
}

int verdict_exit(enum verdict v, bool bisect)
{
	if (v == VERDICT_CLEAN || v == VERDICT_PASSED)
		return EXIT_CLEAN;
	if (v == VERDICT_UNKNOWN)
		return bisect ? EXIT_BISECT_SKIP : EXIT_UNKNOWN;
	return EXIT_BAD;
}

static void __attribute__((format(printf, 4, 5)))
reason(struct judgement *j, enum about about, enum verdict speaks_for,
       const char *fmt, ...)
{
	va_list ap;

	if (j->nr_reasons == JUDGEMENT_LINES)
		return;
	j->reasons[j->nr_reasons].speaks_for = speaks_for;
	j->reasons[j->nr_reasons].about = about;
	va_start(ap, fmt);
	vsnprintf(j->reasons[j->nr_reasons].text,
		  sizeof(j->reasons[0].text), fmt, ap);
	va_end(ap);
	j->nr_reasons++;
}

static void __attribute__((format(printf, 2, 3)))
note(struct judgement *j, const char *fmt, ...)
{
	va_list ap;

	if (j->nr_notes == JUDGEMENT_LINES)
		return;
	va_start(ap, fmt);
	vsnprintf(j->notes[j->nr_notes++], sizeof(j->notes[0]), fmt, ap);
	va_end(ap);
}

static void one_or_more(struct judgement *j, enum about about, enum verdict v,
			unsigned int n, const char *first)
{
	if (n == 1)
		reason(j, about, v, "%s", first);
	else if (n)
		reason(j, about, v, "%s, and %u more", first, n - 1);
}

static void judge_log(const struct log_facts *log, struct judgement *j)
{
	one_or_more(j, ABOUT_KERNEL, VERDICT_CRASHED, log->crashes, log->crash);
	one_or_more(j, ABOUT_LOCKS, VERDICT_SPLAT, log->splats, log->splat);
	one_or_more(j, ABOUT_KERNEL, VERDICT_FAILED, log->warnings,
		    log->warning);
	one_or_more(j, log->spent_elsewhere ? ABOUT_LOCKS : ABOUT_KERNEL,
		    VERDICT_UNKNOWN, log->early, log->first_early);
	one_or_more(j, log->spent_elsewhere ? ABOUT_LOCKS : ABOUT_KERNEL,
		    VERDICT_UNKNOWN, log->others, log->other);
	if (log->provoked_fault && *log->provoked_fault)
		reason(j, ABOUT_KERNEL, VERDICT_FAILED, "%s",
		       log->provoked_fault);
	if (log->error)
		reason(j, ABOUT_KERNEL, VERDICT_UNKNOWN, "/dev/kmsg: %s",
		       strerror(-log->error));
	else if (log->lost)
		reason(j, ABOUT_KERNEL, VERDICT_UNKNOWN, "%llu records of the "
		       "kernel's log were lost", (unsigned long long)log->lost);
	else if (log->lost_some)
		reason(j, ABOUT_KERNEL, VERDICT_UNKNOWN,
		       "records of the kernel's log were lost");
}

static void judge_end(const struct run_facts *f, struct judgement *j)
{
	const struct child_result *r = &f->child;

	if (r->stuck)
		reason(j, ABOUT_PROGRAM, VERDICT_HUNG, "the program could not "
		       "be killed: stuck in the kernel");
	else if (r->caught)
		reason(j, ABOUT_PROGRAM, VERDICT_UNKNOWN, "splat was "
		       "interrupted by SIG%s", sigabbrev_np(r->caught) ?: "?");
	else if (r->timed_out)
		reason(j, ABOUT_PROGRAM, VERDICT_HUNG, "the program did not "
		       "end in %u s", f->timeout_s);
	else if (r->sig)
		reason(j, ABOUT_PROGRAM, VERDICT_FAILED, "the program was "
		       "killed by SIG%s", sigabbrev_np(r->sig) ?: "?");
	else if (r->code == EXIT_UNKNOWN)
		reason(j, ABOUT_PROGRAM, VERDICT_UNKNOWN, "the program skipped: "
		       "exit code %d", r->code);
	else if (r->code == EXIT_USAGE && f->ours)
		reason(j, ABOUT_PROGRAM, VERDICT_UNKNOWN, "the program was "
		       "called wrongly: exit code %d", r->code);
	else if (r->code)
		reason(j, ABOUT_PROGRAM, VERDICT_FAILED, "the program failed: "
		       "exit code %d", r->code);
}

static void judge_child(const struct run_facts *f, struct judgement *j)
{
	const struct child_result *r = &f->child;

	/* It may have been another's memory: only a failure blames it. */
	if (f->log.oom[0] && (r->sig || r->code) && !r->timed_out)
		reason(j, ABOUT_PROGRAM, VERDICT_FAILED, "%s", f->log.oom);
	else if (f->log.oom[0])
		note(j, "%s", f->log.oom);
	judge_end(f, j);
	if (r->leftovers)
		note(j, "the program left processes behind: killed");
}

#define TAINT_WARN	9

/* The bits that only a fault sets, see Documentation/admin-guide. */
static const struct {
	unsigned int bit;
	const char *text;
} faults[] = {
	{ 4, "M (machine check)" },
	{ 5, "B (bad page)" },
	{ 7, "D (oops)" },
	{ TAINT_WARN, "W (WARN)" },
	{ 14, "L (soft lockup)" },
};

/* Of @new, the faults, named; "" if there is none. */
static void name_faults(unsigned long new, char *buf, size_t size)
{
	size_t i, n = 0;

	buf[0] = '\0';
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (new >> faults[i].bit & 1 && n < size)
			n += snprintf(buf + n, size - n, "%s%s",
				      n ? ", " : "", faults[i].text);
}

/* What tainted it, the log tells: this is for when it does not. */
static void judge_taint(const struct run_facts *f, struct judgement *j)
{
	const char *was = f->taint_before, *is = f->taint_after;
	unsigned long new;
	char named[128];

	if (!was || !is || !strcmp(was, is))
		return;
	new = strtoul(is, NULL, 10) & ~strtoul(was, NULL, 10);
	if (f->log.provoked)
		new &= ~(1ul << TAINT_WARN);
	/* Lockdep does not taint: a splat explains none of them. */
	name_faults(new, named, sizeof(named));
	if (*was && named[0] && !f->log.crashes && !f->log.warnings &&
	    !f->log.others && !f->log.early)
		reason(j, ABOUT_KERNEL, VERDICT_FAILED, "kernel.tainted was %s and is %s: "
		       "%s, and no report tells why", was, is, named);
	else
		note(j, "kernel.tainted was %s and is %s", was, is);
}

/* Pieces that were never seen together are worth a look, not a verdict. */
static void note_way(struct judgement *j, const char *name,
		     const struct lock_edge *e)
{
	if (e->state == EDGE_YES || !e->path[0])
		return;
	note(j, "%s%s, but a way through other locks: %s",
	     e->state == EDGE_NO ? "no " : "not known: ", name, e->path);
}

/* A use that came before looks like one of this run, unless it was counted. */
static void note_earlier_use(const struct run_facts *f, struct judgement *j)
{
	if (f->class.used_before && !f->class.has_ops &&
	    f->after.state == LOCKDEP_ALIVE)
		note(j, "guest_memfd's lock class was in use before this run: "
		     "whether this run used it is not known");
}

static void judge_edges(const struct run_facts *f, struct judgement *j)
{
	const struct gmem_edges *e = &f->edges;

	if (!f->watch)
		return;
	if (f->edges_error && f->after.state == LOCKDEP_ALIVE)
		reason(j, ABOUT_LOCKS, VERDICT_UNKNOWN, "/proc/lockdep: %s",
		       strerror(-f->edges_error));
	if (e->ab.state == EDGE_YES && f->before.state != LOCKDEP_ALIVE)
		note(j, "AB is in /proc/lockdep: %s", e->ab.path);
	else if (e->ab.state == EDGE_YES)
		reason(j, ABOUT_LOCKS, VERDICT_EDGE, "forbidden edge %s%s",
		       e->ab.path,
		       f->ab_before ? ", recorded before this run" : "");
	if (e->ba.state == EDGE_YES && e->ab.state != EDGE_YES)
		note(j, "BA alone is no fault: kernels with in-place conversion "
		     "have it");
	note_earlier_use(f, j);
	note_way(j, "AB", &e->ab);
	note_way(j, "BA", &e->ba);
	if (e->suspect[0] && f->class.certain)
		note(j, "another file system's class has an edge like AB: %s",
		     e->suspect);
	else if (e->suspect[0])
		reason(j, ABOUT_LOCKS, VERDICT_UNKNOWN, "%s was recorded, but whether that "
		       "is guest_memfd's class is not certain", e->suspect);
	else if (f->class.found != GMEM_NOT_FOUND && !f->class.certain)
		reason(j, ABOUT_LOCKS, VERDICT_UNKNOWN, "guest_memfd's lock class is not "
		       "certain: %s", gmem_found_text(f->class.found));
}

/* An edge cannot be where its class is not; a name may be misspelt, though. */
static bool judge_class(const struct run_facts *f, const struct watch *w,
			struct str name, bool missing, bool unused,
			struct judgement *j)
{
	if (f->after.state != LOCKDEP_ALIVE || (!missing && !unused))
		return true;
	reason(j, ABOUT_LOCKS, VERDICT_UNKNOWN, "watched edge %s: %.*s %s",
	       w->text, (int)name.n, name.p,
	       missing ? "is no lock class that was ever registered" :
			 "was never taken: no order was checked");
	return false;
}

static void judge_watch(const struct run_facts *f, const struct watch *w,
			struct judgement *j)
{
	const char *how = w->edge.direct ? "" : ", through other classes";

	if (w->edge.state == EDGE_YES && f->before.state != LOCKDEP_ALIVE) {
		note(j, "watched edge is in /proc/lockdep: %s%s", w->edge.path,
		     how);
	} else if (w->edge.state == EDGE_YES) {
		reason(j, ABOUT_LOCKS, VERDICT_EDGE, "watched edge %s%s%s",
		       w->edge.path, how,
		       w->before ? ", recorded before this run" : "");
	} else if (judge_class(f, w, w->from, w->no_from, w->unused_from, j)) {
		judge_class(f, w, w->to, w->no_to, w->unused_to, j);
	}
}

static void judge_watches(const struct run_facts *f, struct judgement *j)
{
	unsigned int i;

	if (f->nr_watches && !f->watch && f->edges_error &&
	    f->after.state == LOCKDEP_ALIVE)
		reason(j, ABOUT_LOCKS, VERDICT_UNKNOWN, "/proc/lockdep: %s",
		       strerror(-f->edges_error));
	for (i = 0; i < f->nr_watches && !f->edges_error; i++)
		judge_watch(f, &f->watches[i], j);
}

static void judge_alive(const struct run_facts *f, struct judgement *j)
{
	/* Spent before the run, nothing it did or did not do is seen. */
	if (f->before.state == LOCKDEP_SPENT)
		reason(j, ABOUT_LOCKS, VERDICT_UNKNOWN, "lockdep was spent "
		       "before the run%s%s: reboot to use it again",
		       f->log.spent_by[0] ? " by " : "", f->log.spent_by);
	else if (f->after.state == LOCKDEP_SPENT && !f->log.splats &&
		 !f->log.spent_elsewhere)
		reason(j, ABOUT_LOCKS, VERDICT_UNKNOWN, "lockdep turned itself "
		       "off in the run%s%s", f->log.off[0] ? ": " : "",
		       f->log.off);
	else if (f->after.state != LOCKDEP_ALIVE &&
		 f->after.state != LOCKDEP_SPENT)
		reason(j, ABOUT_LOCKS, VERDICT_UNKNOWN, "lockdep is %s: %s",
		       lockdep_state_name(f->after.state), f->after.reason);
	else if (f->before.state != LOCKDEP_ALIVE &&
		 f->after.state == LOCKDEP_ALIVE)
		reason(j, ABOUT_LOCKS, VERDICT_UNKNOWN, "lockdep was %s before "
		       "the run: %s", lockdep_state_name(f->before.state),
		       f->before.reason);
}

/* Stable: of equal ones the first stays first. */
static void sort_reasons(struct judgement *j)
{
	unsigned int i, k;

	for (i = 1; i < j->nr_reasons; i++) {
		for (k = i; k && j->reasons[k].speaks_for <
				 j->reasons[k - 1].speaks_for; k--) {
			typeof(j->reasons[0]) tmp = j->reasons[k];

			j->reasons[k] = j->reasons[k - 1];
			j->reasons[k - 1] = tmp;
		}
	}
}

void verdict_judge(const struct run_facts *f, struct judgement *j)
{
	j->nr_reasons = j->nr_notes = 0;
	if (f->not_run[0]) {
		reason(j, ABOUT_PROGRAM, VERDICT_UNKNOWN, "not run: %s",
		       f->not_run);
		j->verdict = VERDICT_UNKNOWN;
		return;
	}
	judge_log(&f->log, j);
	judge_child(f, j);
	judge_taint(f, j);
	judge_alive(f, j);
	judge_edges(f, j);
	judge_watches(f, j);
	sort_reasons(j);
	j->verdict = j->nr_reasons ? j->reasons[0].speaks_for : VERDICT_CLEAN;
}
