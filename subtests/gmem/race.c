// SPDX-License-Identifier: GPL-2.0-only
/*
 * All operations that hold a lock around guest_memfd or one of its pages, raced
 * against each other, for VMs other than TDs. The actors check contents and
 * errnos, lockdep the order of locks.
 */
#include "race/actors/actors.h"
#include "race/actors/mix.h"
#include "subtests/gmem/tests.h"

#define ALL	(FIXTURE_NORMAL | FIXTURE_PRIVATE | FIXTURE_IN_PLACE)

void race_mix(const struct subtest_args *args)
{
	mix_subtest(args, actors_of_fixture(ALL, false), "race_mix");
}

void race_pairs(const struct subtest_args *args)
{
	uint64_t set = actors_of_fixture(ALL, false);

	mix_pairs(args, set, set, "race_pairs");
}
