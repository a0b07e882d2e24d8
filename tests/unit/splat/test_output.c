// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/splat/judge/output.c: the subtests that failed, from output of any shape,
 * whole or byte by byte.
 */
#include "splat/judge/output.h"
#include "unit.h"

static struct output_facts o;

static void feed(const char *text, size_t n, size_t piece)
{
	size_t i;

	output_init(&o);
	for (i = 0; i < n; i += piece)
		output_feed(&o, text + i, n - i < piece ? n - i : piece);
	output_end(&o);
}

static void is(const char *text, const char *failed, const char *last)
{
	size_t n = strlen(text), piece;
	char buf[512];

	for (piece = 1; piece <= n + 1; piece += n ?: 1) {
		feed(text, n, piece);
		output_failed(&o, buf, sizeof(buf));
		CHECK_STR(buf, failed);
		CHECK_STR(o.last, last);
	}
}

static void failed(void)
{
	is("", "", "");
	is("ok 1 a\n", "", "ok 1 a");
	is("not ok 1 a\n", "a", "not ok 1 a");
	is("1..2\r\nnot ok 1 a\r\n# x\r\nnot ok 2 b # softtdx\r\n\r\n", "a, b",
	   "not ok 2 b # softtdx");
	is("not ok 1 a\nnot ok 2 b\nnot ok 3 c", "a, b, c", "not ok 3 c");
	is("not ok 1 a\nnot ok 2 b\nnot ok 3 c\nnot ok 4 d\nnot ok 5 e\n",
	   "a, b, c and 2 more", "not ok 5 e");
	is("not ok 1 - dashed name\n", "dashed name",
	   "not ok 1 - dashed name");
}

/* What is no failure of a subtest. */
static void not_failed(void)
{
	is("# not ok 1 a\n", "", "# not ok 1 a");
	is("  not ok 1 a\nok 1 b\n", "", "ok 1 b");
	is("not ok\n", "", "not ok");
	is("not ok at all\n", "", "not ok at all");
	is("not ok 1 a # TODO later\n", "", "not ok 1 a # TODO later");
	is("not ok 1 a # SKIP x\n", "", "not ok 1 a # SKIP x");
}

/* A guest may print anything. */
static void hostile(void)
{
	static char text[20000];
	char buf[64];

	memset(text, 'x', sizeof(text) - 1);
	memcpy(text, "not ok 1 ", 9);
	feed(text, sizeof(text) - 1, 777);
	CHECK_EQ(o.failed, 1);
	CHECK_EQ(strlen(o.names[0]), sizeof(o.names[0]) - 1);
	output_failed(&o, buf, sizeof(buf));
	CHECK_EQ(strlen(buf), sizeof(buf) - 1);
	feed("not ok 1 a\033[31mb\tc\n", 19, 3);
	CHECK_STR(o.names[0], "a?[31mb?c");
	feed("not ok 99999999999999999999999 a\n", 33, 33);
	CHECK_EQ(o.failed, 0);
}

UNIT_MAIN(
	{ "failed", failed },
	{ "not_failed", not_failed },
	{ "hostile", hostile },
)
