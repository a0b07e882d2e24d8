// SPDX-License-Identifier: GPL-2.0-only
/* lib/runner/need.c: every unmet need is named, a met one never is. */
#include "runner/need.h"
#include "unit.h"

static int probes;

static bool met(char *why, size_t size)
{
	probes++;
	return true;
}

static bool unmet(char *why, size_t size)
{
	probes++;
	snprintf(why, size, "not there");
	return false;
}

static bool too_old(char *why, size_t size)
{
	probes++;
	snprintf(why, size, "too old");
	return false;
}

static const struct need needs[] = {
	{ "a", met },
	{ "b", unmet },
	{ "c", unmet },
	{ "d", met },
	{ "e", too_old },
	{ "f", unmet },
};

#define ALL	0x3f

static void all_named_at_once(void)
{
	struct need_state state[NEEDS_MAX] = {};
	char text[256];

	probes = 0;
	needs_probe(needs, 6, ALL, state);
	CHECK_EQ(probes, 6);
	CHECK_EQ(needs_unmet(needs, 6, ALL, state, text, sizeof(text)), 4);
	CHECK_STR(text, "b, c, f: not there; e: too old");
	CHECK_EQ(needs_unmet(needs, 6, 0x31, state, text, sizeof(text)), 2);
	CHECK_STR(text, "e: too old; f: not there");
}

static void only_the_asked_ones(void)
{
	struct need_state state[NEEDS_MAX] = {};
	char text[256];

	probes = 0;
	needs_probe(needs, 6, 0x9, state);
	CHECK_EQ(probes, 2);
	CHECK_EQ(needs_unmet(needs, 6, 0x9, state, text, sizeof(text)), 0);
	CHECK_STR(text, "");
	CHECK_EQ(needs_unmet(needs, 6, 0, state, text, sizeof(text)), 0);
}

static void unprobed_is_unmet(void)
{
	struct need_state state[NEEDS_MAX] = {};
	char text[256];

	CHECK_EQ(needs_unmet(needs, 6, 0x1, state, text, sizeof(text)), 1);
	CHECK_STR(text, "a: not probed");
}

static void cut_to_size(void)
{
	struct need_state state[NEEDS_MAX] = {};
	char text[8];

	needs_probe(needs, 6, ALL, state);
	CHECK_EQ(needs_unmet(needs, 6, ALL, state, text, sizeof(text)), 4);
	CHECK_STR(text, "b, c, f");
}

static void names(void)
{
	char text[64];

	needs_names(needs, 6, 0xb, text, sizeof(text));
	CHECK_STR(text, "a, b, d");
	needs_names(needs, 6, 0, text, sizeof(text));
	CHECK_STR(text, "-");
}

/* The last bit of a mask is a need like the first. */
static void all_bits(void)
{
	struct need many[NEEDS_MAX];
	struct need_state state[NEEDS_MAX] = {};
	char text[256];
	int i;

	for (i = 0; i < NEEDS_MAX; i++)
		many[i] = needs[0];
	many[31] = needs[4];
	many[63] = needs[1];
	needs_probe(many, NEEDS_MAX, 1ull << 63 | 1ull << 31 | 1, state);
	CHECK(state[0].met && !state[31].met && !state[63].met);
	CHECK(state[63].probed && !state[62].probed);
	CHECK_EQ(needs_unmet(many, NEEDS_MAX, 1ull << 63 | 1, state, text,
			     sizeof(text)), 1);
	CHECK_STR(text, "b: not there");
	needs_names(many, NEEDS_MAX, 1ull << 63, text, sizeof(text));
	CHECK_STR(text, "b");
}

UNIT_MAIN(
	{ "all_bits", all_bits },
	{ "all_named_at_once", all_named_at_once },
	{ "only_the_asked_ones", only_the_asked_ones },
	{ "unprobed_is_unmet", unprobed_is_unmet },
	{ "cut_to_size", cut_to_size },
	{ "names", names },
)
