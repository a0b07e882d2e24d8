/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Threads that collide on purpose: they start at the same moment and repeat
 * their step until a count or a time is reached, one of them fails, or one of
 * them no longer comes back from its step.
 */
#ifndef RACE_ENGINE_H
#define RACE_ENGINE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

/* A step had nothing to do, or was refused, as it may be. Not counted. */
#define RACE_MISSED	1

/* Sent to threads that are to stop and are in a system call. */
#define RACE_SIGNAL	(SIGRTMIN + 4)

struct race_thread {
	/* One step; 0, RACE_MISSED, or -errno, which stops them all. */
	int (*step)(void *arg, unsigned long round);
	void *arg;
	/* Go on until the threads without this are done, at least once. */
	bool background;
	const char *name;	/* for reports, or NULL */
	/*
	 * A step is due each so many microseconds, counted from the common
	 * start: steps of the same period begin together. 0: back to back.
	 */
	unsigned int period_us;
	/* It begins up to so much later, at random. */
	unsigned int bias_us;
	unsigned long done;	/* out: steps that succeeded */
	unsigned long missed;	/* out: steps that returned RACE_MISSED */
	int error;		/* out: of the step that failed, or 0 */
};

enum race_end {
	RACE_PASSED,
	RACE_FAILED,	/* a step did, or a thread could not be started */
	RACE_STALLED,	/* a step did not come back */
	RACE_STARVED,	/* a thread never got to do anything */
};

struct race {
	struct race_thread *threads;
	unsigned int nr;
	unsigned long rounds;	/* steps of each, at least one... */
	unsigned int ms;	/* ... or for so long, if not 0 */
	uint64_t seed;		/* of the bias */
	/* Thread i on the i-th of the allowed CPUs, modulo their number. */
	bool pinned;
	/*
	 * A step that takes longer is a stall, and so is a thread that takes
	 * longer to stop; 0: wait for ever.
	 */
	unsigned int stall_ms;
	/* Starved: so many steps missed, and none done; 0: one. */
	unsigned long starve;
	unsigned int who;	/* out: thread that failed, stalled, starved */
	int error;		/* out: of RACE_FAILED */
	char why[1536];		/* out: one line, what it is doing */
};

/*
 * Run it. After RACE_STALLED the thread that stalls is still there, with its
 * arg, so that the caller can only end the process.
 */
enum race_end race_go(struct race *race);

/*
 * Run @nr threads. Each makes @rounds steps, or with @seconds as many as it
 * can in that time, at least one. Return the first error in the order of
 * @threads, or the error of a thread that could not be started, or 0.
 */
int race_run(struct race_thread *threads, unsigned int nr,
	     unsigned long rounds, unsigned int seconds);

/*
 * What thread @tid of this process is doing: state, system call, where it
 * waits, kernel stack, as far as /proc has them. One line.
 */
void race_thread_state(int tid, char *text, size_t size);

/* The functions of a kernel stack in /proc, innermost first. Pure. */
void race_stack_names(const char *stack, char *text, size_t size);

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
