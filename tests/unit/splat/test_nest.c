// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/splat/run/nest.c and outlet.c: a program's lines become a level of KTAP
 * which they cannot end, and all queued bytes are written.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "splat/run/nest.h"
#include "splat/run/outlet.h"
#include "unit.h"

static char out[8192];
static size_t len;

static void put(void *arg, const char *text, size_t n)
{
	if (len + n < sizeof(out)) {
		memcpy(out + len, text, n);
		len += n;
	}
	out[len] = '\0';
}

static const char *nest(enum nest_style style, const char *const *lines)
{
	struct nest n = { .style = style, .put = put };

	len = 0;
	out[0] = '\0';
	for (; *lines; lines++)
		nest_line(&n, *lines);
	nest_end(&n);
	return out;
}

#define NEST(style, ...) \
	nest(style, (const char *const[]){ __VA_ARGS__, NULL })

static void levels(void)
{
	CHECK_STR(NEST(NEST_INDENT, "hello", "TAP version 13", "1..1", "ok 1"),
		  "# hello\n  KTAP version 1\n  1..1\n  ok 1\n");
	CHECK_STR(NEST(NEST_HASH, "1..2", "ok 1", "  ok 1 deeper", "ok 2"),
		  "# KTAP version 1\n# 1..2\n# ok 1\n#   ok 1 deeper\n# ok 2\n");
	CHECK_STR(NEST(NEST_INDENT, "KTAP version 1", "# first", "1..0"),
		  "  KTAP version 1\n  # first\n  1..0\n");
}

static void no_level(void)
{
	CHECK_STR(NEST(NEST_INDENT, "ok 1 a", "not ok"),
		  "# ok 1 a\n# not ok\n");
	CHECK_STR(NEST(NEST_INDENT, "KTAP version 1", "1..0 # SKIP x"),
		  "# 1..0 # SKIP x\n");
	CHECK_STR(NEST(NEST_HASH, "KTAP version 1"), "# KTAP version 1\n");
	CHECK_STR(NEST(NEST_HASH, ""), "# \n");
}

static void plan_kept_or_not(void)
{
	CHECK_STR(NEST(NEST_INDENT, "1..2", "ok 1 a"),
		  "  KTAP version 1\n  1..2\n  ok 1 a\n"
		  "  not ok 2 no_result # the program ended without it\n");
	CHECK_STR(NEST(NEST_INDENT, "1..1", "ok 1 a", "not ok 2 b"),
		  "  KTAP version 1\n  1..1\n  ok 1 a\n"
		  "  # beyond the plan: not ok 2 b\n");
	/* Words that begin like a result are no result. */
	CHECK_STR(NEST(NEST_INDENT, "1..1", "okay", "not okay", "ok 1"),
		  "  KTAP version 1\n  1..1\n  okay\n  not okay\n  ok 1\n");
	CHECK_STR(NEST(NEST_INDENT, "1..99999999999999999999"),
		  "  KTAP version 1\n  1..99999999999999999999\n");
}

static void bytes(void)
{
	CHECK_STR(NEST(NEST_HASH, "a\rb\x1b\x7f\tc"),
		  "# a\\x0db\\x1b\\x7f\tc\n");
	CHECK_STR(NEST(NEST_HASH, "\xff\xc3\xa4\xc3"),
		  "# \\xff\xc3\xa4\\xc3\n");
	CHECK_STR(NEST(NEST_HASH, "\xe2\x80\xa8" "x\xc2\x85" "y\xe2\x80\xa6"),
		  "# \\xe2\\x80\\xa8x\\xc2\\x85y\xe2\x80\xa6\n");
}

static void queue(void)
{
	char path[] = "/tmp/test_nest.XXXXXX", *back = malloc(100000);
	struct outlet o;
	int i, fd = mkstemp(path);

	CHECK(fd >= 0 && back);
	outlet_init(&o, fd);
	outlet_put(&o, NULL, 0);
	for (i = 0; i < 10000; i++)
		outlet_put(&o, "0123456789", 10);
	CHECK(!outlet_flush(&o));
	outlet_put(&o, "x", 1);
	CHECK_EQ(outlet_finish(&o), 0);
	CHECK_EQ(lseek(fd, 0, SEEK_END), 100001);
	CHECK_EQ(pread(fd, back, 100000, 0), 100000);
	for (i = 0; i < 100000 && back[i] == '0' + i % 10; i++)
		;
	CHECK_EQ(i, 100000);
	close(fd);
	unlink(path);
	free(back);
}

/* Bytes that a full pipe does not take stay queued, without waiting. */
static void full(void)
{
	static char page[1 << 20];
	struct outlet o;
	int p[2];

	CHECK_EQ(pipe2(p, O_CLOEXEC), 0);
	outlet_init(&o, p[1]);
	outlet_put(&o, page, sizeof(page));
	CHECK(outlet_flush(&o));
	CHECK(o.sent > 0 && o.sent < o.len);
	while (outlet_flush(&o))
		CHECK(read(p[0], page, sizeof(page)) > 0);
	CHECK_EQ(outlet_finish(&o), 0);
	close(p[0]);
	close(p[1]);
}

static void write_error(void)
{
	struct outlet o;
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	outlet_init(&o, fd);
	outlet_put(&o, "x", 1);
	outlet_flush(&o);
	CHECK(o.error < 0);
	outlet_put(&o, "y", 1);
	CHECK_EQ(outlet_finish(&o), o.error);
	close(fd);
}

UNIT_MAIN(
	{ "levels", levels },
	{ "no_level", no_level },
	{ "plan_kept_or_not", plan_kept_or_not },
	{ "bytes", bytes },
	{ "queue", queue },
	{ "full", full },
	{ "write_error", write_error },
)
