// SPDX-License-Identifier: GPL-2.0-only
/* lib/base/number.c: what is not a plain number in range is refused. */
#include <errno.h>

#include "base/number.h"
#include "unit.h"

static void accepted(void)
{
	unsigned long v = 0;

	CHECK_EQ(number_parse("1", 1, 9, &v), 0);
	CHECK_EQ(v, 1);
	CHECK_EQ(number_parse("9", 1, 9, &v), 0);
	CHECK_EQ(v, 9);
	CHECK_EQ(number_parse("007", 1, 9, &v), 0);
	CHECK_EQ(v, 7);
}

static void not_numbers(void)
{
	static const char * const texts[] = {
		"", " ", "-1", "+1", " 1", "1 ", "1x", "0x10", "1.5", "one",
		"1\n", "\xff", "1e3",
	};
	unsigned long v = 42;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		CHECK_EQ(number_parse(texts[i], 0, 100, &v), -EINVAL);
	CHECK_EQ(v, 42);
}

static void out_of_range(void)
{
	unsigned long v = 42;

	CHECK_EQ(number_parse("0", 1, 9, &v), -ERANGE);
	CHECK_EQ(number_parse("10", 1, 9, &v), -ERANGE);
	CHECK_EQ(number_parse("18446744073709551615", 0, ~0UL, &v), 0);
	CHECK_EQ(number_parse("18446744073709551616", 0, ~0UL, &v), -ERANGE);
	CHECK_EQ(number_parse("99999999999999999999999", 0, ~0UL, &v), -ERANGE);
}

UNIT_MAIN(
	{ "accepted", accepted },
	{ "not_numbers", not_numbers },
	{ "out_of_range", out_of_range },
)
