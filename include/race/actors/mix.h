/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mixes of actors: a set of them raced on one fixture in a process of its own,
 * the verdict, and the reduction of a mix that fails.
 */
#ifndef RACE_ACTORS_MIX_H
#define RACE_ACTORS_MIX_H

#include <stdint.h>

#include "actors.h"
#include "race/engine.h"
#include "runner/suite.h"

struct mix {
	uint64_t set;		/* of actors */
	uint64_t seed;
	unsigned int ms;	/* length, or... */
	unsigned long rounds;	/* ... steps of each */
	unsigned long pages;	/* of a part of the fixture; 0: default */
	unsigned int stall_ms;
	bool brief;		/* one of many: do not count free pages */
};

struct mix_result {
	bool failed;
	bool ends_it;	/* no trial after this one: it cannot be ended */
	unsigned long done[ACTORS_MAX];
	unsigned long missed[ACTORS_MAX];
	char why[2048];	/* one line: actor, step, call, errno; or the stack */
};

/* In a process of its own; what it prints is printed. */
void mix_run(const struct mix *m, struct mix_result *r);

/*
 * The smallest part of a mix that still fails. A trial is a process of its own,
 * up to @tries times until it fails. Prints the result.
 */
uint64_t mix_reduce(const struct mix *m, unsigned int tries);

/* A subtest: one mix of @set, or all pairs of it one after the other. */
void mix_subtest(const struct subtest_args *args, uint64_t set,
		 const char *subtest);
void mix_pairs(const struct subtest_args *args, uint64_t set, uint64_t with,
	       const char *subtest);

#endif
