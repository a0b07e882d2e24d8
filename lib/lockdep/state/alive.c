// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is lockdep provably alive, see life.h. Each check is here because without it
 * a dead lockdep passes: with prove_locking=0, for one, debug_locks stays 1 and
 * classes still register; only usage and dependencies stand still.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "lockdep/state/alive.h"

static const char *const names[] = {
	[LIFE_ABSENT]	= "absent",
	[LIFE_SPENT]	= "spent",
	[LIFE_UNPROVEN]	= "unproven",
	[LIFE_ALIVE]	= "alive",
};

const char *life_name(enum life l)
{
	return names[l];
}

static void __attribute__((format(printf, 3, 4)))
set(struct life_state *st, enum life life, const char *fmt, ...)
{
	va_list ap;

	st->life = life;
	va_start(ap, fmt);
	vsnprintf(st->reason, sizeof(st->reason), fmt, ap);
	va_end(ap);
}

static bool unreadable(int err, const char *file, struct life_state *st)
{
	if (err)
		set(st, LIFE_UNPROVEN, "/proc/%s: %s", file, strerror(-err));
	return err;
}

void life_judge(const struct lockdep_seen *seen, struct life_state *st)
{
	enum lockdep_table full;

	if (seen->stats_file == -ENOENT) {
		set(st, LIFE_ABSENT, "the kernel was built without lockdep");
		return;
	}
	if (unreadable(seen->stats_file, "lockdep_stats", st))
		return;
	if (seen->stats.debug_locks == 0) {
		set(st, LIFE_SPENT, "debug_locks is 0");
		return;
	}
	if (seen->stats.debug_locks < 0) {
		set(st, LIFE_UNPROVEN,
		    "/proc/lockdep_stats: does not tell debug_locks");
		return;
	}
	if (seen->chains_file == -ENOENT) {
		set(st, LIFE_UNPROVEN, "the kernel was built without "
		    "PROVE_LOCKING: no order is checked");
		return;
	}
	if (unreadable(seen->chains_file, "lockdep_chains", st) ||
	    unreadable(seen->classes_file, "lockdep", st))
		return;
	if (seen->prove_locking == 0) {
		set(st, LIFE_UNPROVEN, "kernel.prove_locking is 0");
		return;
	}
	full = lockdep_stats_full(&seen->stats);
	if (full != NR_TABLES) {
		set(st, LIFE_UNPROVEN, "table almost full: %s %llu of %llu",
		    lockdep_table_name(full),
		    (unsigned long long)seen->stats.used[full],
		    (unsigned long long)seen->stats.max[full]);
		return;
	}
	if (seen->chains_buggered) {
		set(st, LIFE_UNPROVEN, "the table of chains ran out of room");
		return;
	}
	set(st, LIFE_ALIVE, "%s", "");
}

void life_judge_run(const struct lockdep_seen *before,
		    const struct lockdep_seen *after,
		    const struct life_watch *watch, struct life_state *st)
{
	life_judge(after, st);
	if (st->life != LIFE_ALIVE || !watch)
		return;
	if (!watch->found)
		set(st, LIFE_UNPROVEN, "guest_memfd's lock class was not seen: "
		    "was guest_memfd used?");
	else if (!watch->used)
		set(st, LIFE_UNPROVEN,
		    "guest_memfd's lock class has no usage: no order was checked");
	else if (!watch->mm_used)
		set(st, LIFE_UNPROVEN,
		    "&mm->mmap_lock has no usage: no order was checked");
	else if (watch->not_taken)
		set(st, LIFE_UNPROVEN, "guest_memfd's lock class was not taken "
		    "in the run: was guest_memfd used?");
	else if (watch->first_run &&
		 after->stats.used[TABLE_DEPENDENCIES] <=
		 before->stats.used[TABLE_DEPENDENCIES])
		set(st, LIFE_UNPROVEN, "guest_memfd was used for the first "
		    "time, but no dependency was added");
}
