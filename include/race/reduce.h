/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The smallest part of a set that still fails: delta debugging (Zeller's ddmin)
 * over up to 64 members. The caller makes the trials. Pure.
 */
#ifndef RACE_REDUCE_H
#define RACE_REDUCE_H

#include <stdbool.h>
#include <stdint.h>

struct reduction {
	/* Does @set fail? Called once at most for each set. */
	bool (*fails)(uint64_t set, void *arg);
	void *arg;
	unsigned int max_trials;	/* 0: as many as it takes */
	bool over;	/* fails() may set it: this was the last trial */
	unsigned int trials;		/* out */
	/*
	 * out: no member of the result can be left out. False if the trials ran
	 * out, or were over.
	 */
	bool minimal;
};

/* @set fails. The result fails, too, and is @set if no part of it does. */
uint64_t reduce(struct reduction *r, uint64_t set);

#endif
