// SPDX-License-Identifier: GPL-2.0-only
/* lib/base/lines.c: for all bytes a line is whole or names its cut. */
#include <stdlib.h>

#include "base/lines.h"
#include "unit.h"

static char seen[8][LINES_KEPT + 64];
static int nr_seen;
static struct lines lines;

static void see(const char *line, void *arg)
{
	if (arg == seen && nr_seen < 8)
		snprintf(seen[nr_seen], sizeof(seen[0]), "%s", line);
	nr_seen++;
}

static void feed(const char *data, size_t size)
{
	nr_seen = 0;
	lines_init(&lines, see, seen);
	lines_feed(&lines, data, size);
	lines_end(&lines);
}

static void plain(void)
{
	feed("a\nb\n", 4);
	CHECK_EQ(nr_seen, 2);
	CHECK_STR(seen[0], "a");
	CHECK_STR(seen[1], "b");
}

static void empty_lines(void)
{
	feed("\n\n", 2);
	CHECK_EQ(nr_seen, 2);
	CHECK_STR(seen[0], "");
	feed("", 0);
	CHECK_EQ(nr_seen, 0);
}

static void no_final_newline(void)
{
	feed("a\nb", 3);
	CHECK_EQ(nr_seen, 2);
	CHECK_STR(seen[1], "b");
}

static void in_pieces(void)
{
	nr_seen = 0;
	lines_init(&lines, see, seen);
	lines_feed(&lines, "ab", 2);
	CHECK_EQ(nr_seen, 0);
	lines_feed(&lines, "c\nd", 3);
	CHECK_EQ(nr_seen, 1);
	CHECK_STR(seen[0], "abc");
}

static void odd_bytes(void)
{
	feed("a\0b\xff\xc3(\r\n", 8);
	CHECK_EQ(nr_seen, 1);
	CHECK_STR(seen[0], "a\\0b\xff\xc3(\r");
}

static void long_line(size_t size, const char *end)
{
	char *data = malloc(size + 1);
	size_t kept = size < LINES_KEPT ? size : LINES_KEPT;

	memset(data, 'x', size);
	data[size] = '\n';
	feed(data, size + 1);
	free(data);
	CHECK_EQ(nr_seen, 1);
	CHECK_EQ(strspn(seen[0], "x"), kept);
	CHECK_STR(seen[0] + kept, end);
}

static void bounded(void)
{
	long_line(LINES_KEPT - 1, "");
	long_line(LINES_KEPT, "");
	long_line(LINES_KEPT + 1, " [1 more bytes]");
	long_line(1000000, " [995904 more bytes]");
}

/* An escape that does not fit is cut as one, and what follows it is cut too. */
static void bounded_escape(void)
{
	char data[LINES_KEPT + 2];

	memset(data, 'x', sizeof(data));
	data[LINES_KEPT - 1] = '\0';
	data[LINES_KEPT + 1] = '\n';
	feed(data, sizeof(data));
	CHECK_EQ(strspn(seen[0], "x"), LINES_KEPT - 1);
	CHECK_STR(seen[0] + LINES_KEPT - 1, " [2 more bytes]");
}

UNIT_MAIN(
	{ "plain", plain },
	{ "empty_lines", empty_lines },
	{ "no_final_newline", no_final_newline },
	{ "in_pieces", in_pieces },
	{ "odd_bytes", odd_bytes },
	{ "bounded", bounded },
	{ "bounded_escape", bounded_escape },
)
