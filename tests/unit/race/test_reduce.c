// SPDX-License-Identifier: GPL-2.0-only
/* lib/race/reduce.c: the result fails, smaller parts do not; few trials. */
#include "race/reduce.h"
#include "unit.h"

#define ALL40	((1ull << 40) - 1)

static uint64_t asked[4096];
static unsigned int nr_asked;

/* Fails if all of @arg are in it. */
static bool needs_all(uint64_t set, void *arg)
{
	uint64_t need = *(uint64_t *)arg;
	unsigned int i;

	for (i = 0; i < nr_asked; i++)
		CHECK(asked[i] != set);
	asked[nr_asked++] = set;
	CHECK(set);
	return (set & need) == need;
}

static unsigned int reduced(uint64_t set, uint64_t need)
{
	struct reduction r = { .fails = needs_all, .arg = &need };

	nr_asked = 0;
	CHECK_EQ(reduce(&r, set), need);
	CHECK(r.minimal);
	CHECK_EQ(r.trials, nr_asked);
	return r.trials;
}

static void finds_one(void)
{
	int i;

	for (i = 0; i < 40; i++)
		CHECK(reduced(ALL40, 1ull << i) <= 12);
	reduced(1, 1);
	reduced(1ull << 63, 1ull << 63);
	reduced(~0ull, 1ull << 63);
}

static void finds_pairs(void)
{
	int i, j;

	for (i = 0; i < 40; i++)
		for (j = 0; j < i; j++)
			CHECK(reduced(ALL40, 1ull << i | 1ull << j) <= 100);
}

static void finds_more(void)
{
	reduced(ALL40, 1ull << 3 | 1ull << 17 | 1ull << 39);
	reduced(0xf0f0f0, 0x808080);
	/* Nothing can be left out. */
	reduced(0xff, 0xff);
	reduced(~0ull, 0x8000000000000001ull);
}

/* One of two pairs: either is a result. */
static bool either(uint64_t set, void *arg)
{
	return (set & 3) == 3 || (set & 12) == 12;
}

static void finds_any(void)
{
	struct reduction r = { .fails = either };
	uint64_t left = reduce(&r, ALL40);

	CHECK(left == 3 || left == 12);
}

static bool never(uint64_t set, void *arg)
{
	return false;
}

/* A failure that is not repeated is not reduced. */
static void keeps_what_failed(void)
{
	struct reduction r = { .fails = never };

	CHECK_EQ(reduce(&r, 0xff), 0xff);
	CHECK(r.minimal);
}

static void gives_up(void)
{
	uint64_t need = 1ull << 3 | 1ull << 30;
	struct reduction r = {
		.fails = needs_all, .arg = &need, .max_trials = 3,
	};
	uint64_t left;

	nr_asked = 0;
	left = reduce(&r, ALL40);
	CHECK_EQ(r.trials, 3);
	CHECK(!r.minimal);
	CHECK_EQ(left & need, need);
}

static bool fails_and_ends(uint64_t set, void *arg)
{
	struct reduction *r = arg;

	r->over = r->trials == 2;
	return r->trials == 2;
}

/* The last trial counts, and none follows it. */
static void is_over(void)
{
	struct reduction r = { .fails = fails_and_ends, .arg = &r };

	CHECK_EQ(reduce(&r, 0xff), 0xf0);
	CHECK_EQ(r.trials, 2);
	CHECK(!r.minimal);
}

UNIT_MAIN(
	{ "finds_one", finds_one },
	{ "finds_pairs", finds_pairs },
	{ "finds_more", finds_more },
	{ "finds_any", finds_any },
	{ "keeps_what_failed", keeps_what_failed },
	{ "gives_up", gives_up },
	{ "is_over", is_over },
)
