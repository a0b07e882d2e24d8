/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Threads that collide on purpose: they start at the same moment and repeat
 * their step until a count or a time is reached, or one of them fails.
 */
#ifndef RACE_H
#define RACE_H

#include <stdbool.h>

#include "clock.h"

struct race_thread {
	/* One step; 0 or -errno, which stops them all. */
	int (*step)(void *arg, unsigned long round);
	void *arg;
	/* Go on until the threads without this are done, at least once. */
	bool background;
	unsigned long done;	/* out: steps that succeeded */
	int error;		/* out: of the step that failed, or 0 */
};

/*
 * Run @nr threads. Each makes @rounds steps, or with @seconds as many as it
 * can in that time, at least one. Return the first error in the order of
 * @threads, or the error of a thread that could not be started, or 0.
 */
int race_run(struct race_thread *threads, unsigned int nr,
	     unsigned long rounds, unsigned int seconds);

/* The same for a loop of the caller's own: while (rounds_next(&r)) ... */
struct rounds {
	unsigned long left;
	long long end_ns;	/* 0: by count */
};

static inline void rounds_start(struct rounds *r, unsigned long rounds,
				unsigned int seconds)
{
	r->left = seconds ? 1 : rounds;
	r->end_ns = seconds ? clock_ns() + seconds * 1000000000LL : 0;
}

static inline bool rounds_next(struct rounds *r)
{
	if (r->left) {
		r->left--;
		return true;
	}
	return r->end_ns && clock_ns() < r->end_ns;
}

#endif
