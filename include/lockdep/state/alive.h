/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is lockdep provably alive? Only then does its silence say anything. It turns
 * itself off at its first report and for several other reasons, can be told
 * not to check, or was never built to.
 */
#ifndef LOCKDEP_LIFE_H
#define LOCKDEP_LIFE_H

#include "stats.h"

enum lockdep_state {
	LOCKDEP_ABSENT,		/* the kernel has no lockdep */
	LOCKDEP_SPENT,		/* debug_locks is 0: off until the next boot */
	LOCKDEP_UNPROVEN,		/* it may be alive, or not: see the reason */
	LOCKDEP_ALIVE,
};

/* What /proc showed at one time. A file is 0, or -errno of reading it. */
struct lockdep_seen {
	int stats_file;
	int chains_file;
	int classes_file;
	struct lockdep_stats stats;
	bool chains_buggered;	/* its chain table ran out of room */
	int prove_locking;	/* sysctl; -1: the kernel has none */
};

struct lockdep_alive {
	enum lockdep_state state;
	char reason[160];	/* unless alive */
};

const char *lockdep_state_name(enum lockdep_state l);

/* What one look at /proc can tell. */
void lockdep_alive_now(const struct lockdep_seen *seen, struct lockdep_alive *st);

/* What the watched classes have to say, after the run. */
struct alive_watch {
	bool found;		/* guest_memfd's class was told apart */
	bool used;		/* its usage is other than "...." */
	bool mm_used;		/* so is that of &mm->mmap_lock */
	bool first_run;		/* it was not used before the run */
	bool not_taken;		/* its OPS did not grow in the run */
};

/*
 * The state after the run. @watch is NULL if nothing is watched. Records lost
 * from the log are no matter of lockdep's life, but of the verdict.
 */
void lockdep_alive_after_run(const struct lockdep_seen *before,
		    const struct lockdep_seen *after,
		    const struct alive_watch *watch, struct lockdep_alive *st);

#endif
