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
	[LOCKDEP_ABSENT]	= "absent",
	[LOCKDEP_SPENT]	= "spent",
	[LOCKDEP_UNPROVEN]	= "unproven",
	[LOCKDEP_ALIVE]	= "alive",
};

const char *lockdep_state_name(enum lockdep_state l)
{
	return names[l];
}

static void __attribute__((format(printf, 3, 4)))
set(struct lockdep_alive *st, enum lockdep_state state, const char *fmt, ...)
{
	va_list ap;

	st->state = state;
	va_start(ap, fmt);
	vsnprintf(st->reason, sizeof(st->reason), fmt, ap);
	va_end(ap);
}

static bool unreadable(int err, const char *file, struct lockdep_alive *st)
{
	if (err)
		set(st, LOCKDEP_UNPROVEN, "/proc/%s: %s", file, strerror(-err));
	return err;
}

void lockdep_alive_now(const struct lockdep_seen *seen, struct lockdep_alive *st)
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
		    "/proc/lockdep_stats: does not tell debug_locks");
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
		set(st, LOCKDEP_UNPROVEN, "the table of chains ran out of room");
		return;
	}
	set(st, LOCKDEP_ALIVE, "%s", "");
}

void lockdep_alive_after_run(const struct lockdep_seen *before,
		    const struct lockdep_seen *after,
		    const struct alive_watch *watch, struct lockdep_alive *st)
{
	lockdep_alive_now(after, st);
	if (st->state != LOCKDEP_ALIVE || !watch)
		return;
	if (!watch->found)
		set(st, LOCKDEP_UNPROVEN, "guest_memfd's lock class was not seen: "
		    "was guest_memfd used?");
	else if (!watch->used)
		set(st, LOCKDEP_UNPROVEN,
		    "guest_memfd's lock class has no usage: no order was checked");
	else if (!watch->mm_used)
		set(st, LOCKDEP_UNPROVEN,
		    "&mm->mmap_lock has no usage: no order was checked");
	else if (watch->not_taken)
		set(st, LOCKDEP_UNPROVEN, "guest_memfd's lock class was not taken "
		    "in the run: was guest_memfd used?");
	else if (watch->first_run &&
		 after->stats.used[TABLE_DEPENDENCIES] <=
		 before->stats.used[TABLE_DEPENDENCIES])
		set(st, LOCKDEP_UNPROVEN, "guest_memfd was used for the first "
		    "time, but no dependency was added");
}
