// SPDX-License-Identifier: GPL-2.0-only
/* include/base/pattern.h: a word in a wrong place is detected. */
#include "base/pattern.h"
#include "unit.h"

static void own_place(void)
{
	uint32_t seed;

	CHECK(pattern_valid(0, 1, 2, 3));
	for (seed = 1; seed < 1000; seed++)
		CHECK(pattern_valid(pattern_make(seed, 1, 2, 3), 1, 2, 3));
}

static void other_places(void)
{
	uint32_t seed, wrong = 0;

	for (seed = 1; seed < 1000; seed++) {
		uint64_t word = pattern_make(seed, 1, 2, 3);

		wrong += pattern_valid(word, 2, 2, 3);
		wrong += pattern_valid(word, 1, 3, 3);
		wrong += pattern_valid(word, 1, 2, 4);
		wrong += pattern_valid(word, 0, 2, 3);
		/* Memory and lane, page and lane exchanged. */
		wrong += pattern_valid(word, 3, 2, 1);
		wrong += pattern_valid(word, 1, 3, 2);
	}
	CHECK_EQ(wrong, 0);
}

static void torn(void)
{
	uint64_t a = pattern_make(1, 1, 2, 3), b = pattern_make(2, 1, 2, 3);

	CHECK(!pattern_valid((a & ~0xffffffffull) | (b & 0xffffffff), 1, 2, 3));
	CHECK(!pattern_valid(a & 0xffffffff, 1, 2, 3));
	CHECK(!pattern_valid(a & ~0xffull, 1, 2, 3) || !(a & 0xff));
	CHECK(!pattern_valid(~0ull, 1, 2, 3));
	CHECK(!pattern_valid(0xaaaaaaaaaaaaaaaaull, 1, 2, 3));
}

UNIT_MAIN(
	{ "own_place", own_place },
	{ "other_places", other_places },
	{ "torn", torn },
)
