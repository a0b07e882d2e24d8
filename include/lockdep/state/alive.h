/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is lockdep provably alive? Only then does a missing report mean anything. It
 * turns itself off at its first report and for several other reasons, can be
 * set not to check, or may not be built in.
 */
#ifndef LOCKDEP_STATE_ALIVE_H
#define LOCKDEP_STATE_ALIVE_H

#include "stats.h"

enum lockdep_state {
	LOCKDEP_ABSENT,		/* the kernel has no lockdep */
	LOCKDEP_SPENT,		/* debug_locks is 0: off until the next boot */
	LOCKDEP_UNPROVEN,	/* maybe alive, maybe not: see the reason */
	LOCKDEP_ALIVE,
};

/* What /proc showed at one time. *_file: 0, or -errno of reading it. */
struct lockdep_seen {
	int stats_file;
	int chains_file;
	int classes_file;
	struct lockdep_stats stats;
	bool chains_buggered;	/* its chain table ran out of room */
	int prove_locking;	/* sysctl; -1: the kernel has none */
};

/* What the run did with the watched classes, after the run. */
struct lockdep_use {
	bool found;		/* guest_memfd's class was identified */
	bool used;		/* its usage is other than "...." */
	bool mm_used;		/* so is that of &mm->mmap_lock */
	bool first_run;		/* it was not used before the run */
	bool not_taken;		/* its OPS did not grow in the run */
};

struct lockdep_status {
	enum lockdep_state state;
	char reason[160];	/* "" if alive */
};

/* "absent", "spent", "unproven", "alive" */
const char *lockdep_state_name(enum lockdep_state state);

/* The status as far as one look at /proc shows it. */
void lockdep_status_now(const struct lockdep_seen *seen,
			struct lockdep_status *st);

/*
 * The status after a run. @use is NULL if no class is watched. Lost records of
 * the kernel's log do not count here, but for the verdict.
 */
void lockdep_status_after_run(const struct lockdep_seen *before,
			      const struct lockdep_seen *after,
			      const struct lockdep_use *use,
			      struct lockdep_status *st);

#endif
