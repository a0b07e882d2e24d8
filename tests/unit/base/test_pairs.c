// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/base/pairs.c: what is written is read back, from text of any shape.
 */
#include <stdlib.h>

#include "base/pairs.h"
#include "unit.h"

static void is(struct str text, const char *key, const char *want)
{
	struct str s = pair_get(text, key);
	char *got = strndup(s.p ?: "", s.n);

	CHECK_STR(got, want);
	free(got);
}

static void get(void)
{
	struct str text = STR("a=1\nab=2\n\nb=x=y\na=3\nempty=\n= \nlast=end");

	is(text, "a", "1");
	is(text, "ab", "2");
	is(text, "b", "x=y");
	is(text, "last", "end");
	is(text, "empty", "");
	CHECK(pair_get(text, "empty").p);
	CHECK(!pair_get(text, "x").p);
	CHECK(!pair_get(text, "1").p);
	CHECK(!pair_get(text, "las").p);
	CHECK(!pair_get((struct str){ }, "a").p);
	CHECK(!pair_get(STR("a"), "a").p);
	CHECK(!pair_get(STR(""), "").p);
	is((struct str){ "\0=\na=\0b\n", 9 }, "a", "");
	CHECK_EQ(pair_get((struct str){ "a=\0b\n", 5 }, "a").n, 2);
}

static void put(void)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	pair_put(f, "a", "%d and %s", 1, "two\nlines\r");
	pair_put(f, "empty", "%s", "");
	fclose(f);
	CHECK_STR(text, "a=1 and two lines \nempty=\n");
	is(str_of(text), "a", "1 and two lines ");
	free(text);
}

UNIT_MAIN(
	{ "get", get },
	{ "put", put },
)
