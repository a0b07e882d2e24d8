// SPDX-License-Identifier: GPL-2.0-only
/* lib/host/known_bugs.c: which kernels are known to have a bug. */
#include "host/known_bugs.h"
#include "unit.h"

#define BUG	KNOWN_BUG_NENT_READ_TWICE	/* 6.19 to 7.1 */

static void first_to_last(void)
{
	CHECK(!known_bug_in(BUG, "6.18.35"));
	CHECK(known_bug_in(BUG, "6.19.0"));
	CHECK(known_bug_in(BUG, "6.19-rc7-upstream+"));
	CHECK(known_bug_in(BUG, "7.0.0-amd64"));
	CHECK(known_bug_in(BUG, "7.1.99"));
	CHECK(!known_bug_in(BUG, "7.2.0"));
	CHECK(!known_bug_in(BUG, "7.10.1"));
	CHECK(!known_bug_in(BUG, "17.1"));
}

static void no_release(void)
{
	CHECK(!known_bug_in(BUG, ""));
	CHECK(!known_bug_in(BUG, "7"));
	CHECK(!known_bug_in(BUG, "seven.one"));
	CHECK(!known_bug_in(KNOWN_BUG_NONE, "7.0"));
}

/* Each row is whole; a number, which docs/kernels.md has, is given once. */
static void rows(void)
{
	unsigned int i, j;

	for (i = KNOWN_BUG_NONE + 1; i < NR_KNOWN_BUGS; i++) {
		const struct known_bug_row *row = known_bug_row(i);

		CHECK(row->number && row->what);
		CHECK(known_bug_in(i, row->first));
		CHECK(known_bug_in(i, row->last));
		for (j = KNOWN_BUG_NONE + 1; j < i; j++)
			CHECK(known_bug_row(j)->number != row->number);
	}
}

UNIT_MAIN(
	{ "first_to_last", first_to_last },
	{ "no_release", no_release },
	{ "rows", rows },
)
