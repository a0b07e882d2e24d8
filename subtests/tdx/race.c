// SPDX-License-Identifier: GPL-2.0-only
/*
 * The actors of TDs, raced against each other and against those of a normal VM:
 * INIT_MEM_REGION with every kind of source beside faults, holes, memslots and
 * TDs that are created, run and destroyed. Such bugs need a TD and another VM
 * at once.
 */
#include "race/actors/actors.h"
#include "race/actors/mix.h"
#include "subtests/tdx/tests.h"

#define ALL	(FIXTURE_NORMAL | FIXTURE_PRIVATE | FIXTURE_IN_PLACE | \
		 FIXTURE_TD)

void race_mix(const struct subtest_args *args)
{
	struct module_counts before;

	module_counts_read(&before);
	mix_subtest(args, actors_of_fixture(ALL, false), "race_mix");
	assert_module_counts(&before, "after a mix");
}

/* gmem_inplace_conversion has the pairs without a TD. */
void race_pairs(const struct subtest_args *args)
{
	struct module_counts before;

	module_counts_read(&before);
	mix_pairs(args, actors_of_fixture(ALL, false),
		  actors_of_fixture(FIXTURE_TD, true), "race_pairs");
	assert_module_counts(&before, "after all pairs");
}
