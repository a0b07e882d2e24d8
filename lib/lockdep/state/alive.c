// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is lockdep provably alive, see alive.h. Without any one of these checks a
 * dead lockdep would pass. With prove_locking=0, for example, debug_locks stays
 * 1 and classes are still registered; only usage and dependencies do not
 * change.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "lockdep/state/alive.h"

static const char *const names[] = {
	[LOCKDEP_ABSENT]	= "absent",
	[LOCKDEP_SPENT]		= "spent",
	[LOCKDEP_UNPROVEN]	= "unproven",
	[LOCKDEP_ALIVE]		= "alive",
};

const char *lockdep_state_name(enum lockdep_state state)
{
	return names[state];
}

static void __attribute__((format(printf, 3, 4)))
set(struct lockdep_status *st, enum lockdep_state state, const char *fmt, ...)
{
	va_list ap;

	st->state = state;
	va_start(ap, fmt);
	vsnprintf(st->reason, sizeof(st->reason), fmt, ap);
	va_end(ap);
}

static bool unreadable(int err, const char *file, struct lockdep_status *st)
{
	if (err)
		set(st, LOCKDEP_UNPROVEN, "/proc/%s: %s", file, strerror(-err));
	return err;
}

void lockdep_status_now(const struct lockdep_seen *seen,
			struct lockdep_status *st)
{
	enum lockdep_table full;

	if (seen->stats_file == -ENOENT) {
		set(st, LOCKDEP_ABSENT, "the kernel was built without lockdep");
		return;
	}
	if (unreadable(seen->stats_file, "lockdep_stats", st))
		return;
	if (seen->stats.debug_locks == 0) {
		set(st, LOCKDEP_SPENT, "debug_locks is 0");
		return;
	}
	if (seen->stats.debug_locks < 0) {
		set(st, LOCKDEP_UNPROVEN,
		    "/proc/lockdep_stats: has no debug_locks");
		return;
	}
	if (seen->chains_file == -ENOENT) {
		set(st, LOCKDEP_UNPROVEN, "the kernel was built without "
		    "PROVE_LOCKING: no order is checked");
		return;
	}
	if (unreadable(seen->chains_file, "lockdep_chains", st) ||
	    unreadable(seen->classes_file, "lockdep", st))
		return;
	if (seen->prove_locking == 0) {
		set(st, LOCKDEP_UNPROVEN, "kernel.prove_locking is 0");
		return;
	}
	full = lockdep_stats_full(&seen->stats);
	if (full != NR_TABLES) {
		set(st, LOCKDEP_UNPROVEN, "table almost full: %s %llu of %llu",
		    lockdep_table_name(full),
		    (unsigned long long)seen->stats.used[full],
		    (unsigned long long)seen->stats.max[full]);
		return;
	}
	if (seen->chains_buggered) {
		set(st, LOCKDEP_UNPROVEN,
		    "the table of chains ran out of room");
		return;
	}
	set(st, LOCKDEP_ALIVE, "%s", "");
}

void lockdep_status_after_run(const struct lockdep_seen *before,
			      const struct lockdep_seen *after,
			      const struct lockdep_use *use,
			      struct lockdep_status *st)
{
	lockdep_status_now(after, st);
	if (st->state != LOCKDEP_ALIVE || !use)
		return;
	if (!use->found)
		set(st, LOCKDEP_UNPROVEN, "guest_memfd's lock class was not "
		    "seen: was guest_memfd used?");
	else if (!use->used)
		set(st, LOCKDEP_UNPROVEN, "guest_memfd's lock class has no "
		    "usage: no order was checked");
	else if (!use->mm_used)
		set(st, LOCKDEP_UNPROVEN,
		    "&mm->mmap_lock has no usage: no order was checked");
	else if (use->not_taken)
		set(st, LOCKDEP_UNPROVEN, "guest_memfd's lock class was not "
		    "taken in the run: was guest_memfd used?");
	else if (use->first_run &&
		 after->stats.used[TABLE_DEPENDENCIES] <=
		 before->stats.used[TABLE_DEPENDENCIES])
		set(st, LOCKDEP_UNPROVEN, "guest_memfd was used for the first "
		    "time, but no dependency was added");
}
