/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The smallest part of a set that still fails: delta debugging (Zeller's
 * ddmin) over up to 64 things. What a trial is, is the caller's. Pure.
 */
#ifndef RACE_REDUCE_H
#define RACE_REDUCE_H

#include <stdbool.h>
#include <stdint.h>

struct reduction {
	/* Does @set fail? Asked about each set once at most. */
	bool (*fails)(uint64_t set, void *arg);
	void *arg;
	unsigned int max_trials;	/* 0: as many as it takes */
	bool over;	/* fails() may set it: this was the last trial */
	unsigned int trials;		/* out */
	/*
	 * out: none of the things in the result can be left out. Not so where
	 * the trials ran out, or were over.
	 */
	bool minimal;
};

/* @set is known to fail. The result fails, and is @set if no part of it does. */
uint64_t reduce(struct reduction *r, uint64_t set);

#endif
