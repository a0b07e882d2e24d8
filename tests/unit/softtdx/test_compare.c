// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/softtdx/compare.c: nothing to say about a TD that is right, and for each
 * thing that can be wrong exactly the line that names it.
 */
#include <stdlib.h>

#include "softtdx/compare.h"
#include "unit.h"

#define PAGE	4096ul
#define LEVEL2	(PAGE << 9)
#define LEVEL3	(PAGE << 18)
#define GPA	0x100000000ul	/* 1 GiB aligned */
#define WANTS	520
#define MAPS	540

static uint8_t source[WANTS][PAGE];
static struct softtdx_want want[WANTS];
static struct softtdx_map maps[MAPS];
static struct softtdx_compare c;
static char said[4096];

static void say(const char *line, void *arg)
{
	size_t len = strlen(said);

	snprintf(said + len, sizeof(said) - len, "%s\n", line);
}

static struct softtdx_map *map(uint64_t gpa, unsigned int level, bool table)
{
	struct softtdx_map *m = &maps[c.nr_maps++];

	*m = (struct softtdx_map){
		.gpa = gpa, .level = level, .table = table,
		.hpa = 0x5000000 + c.nr_maps * PAGE, .hashed = !table,
	};
	strcpy(m->state, table ? "NL_MAPPED" : "MAPPED");
	return m;
}

static void add(uint64_t gpa)
{
	unsigned int i = c.nr_want++;

	memset(source[i], i + 1, PAGE);
	source[i][0] = i >> 8;
	want[i] = (struct softtdx_want){ .gpa = gpa, .source = source[i] };
	sha384_of(source[i], PAGE, want[i].sha384);
	memcpy(map(gpa, 0, false)->sha384, want[i].sha384, SHA384_SIZE);
}

static void tables(uint64_t gpa, unsigned int lowest)
{
	unsigned int level;

	for (level = 3; level >= lowest; level--) {
		uint64_t size = PAGE << 9 * level;

		map(gpa / size * size, level, true);
	}
}

/* Pages 0 to 3 at GPA, page 4 in another 2 MiB, page 5 in another 512 GiB. */
static void start(void)
{
	int i;

	c = (struct softtdx_compare){
		.want = want, .maps = maps, .root_level = 3,
	};
	for (i = 0; i < 4; i++)
		add(GPA + i * PAGE);
	add(GPA + 3 * LEVEL2 + 7 * PAGE);
	add((1ul << 39) - PAGE);
	tables(GPA, 1);
	map(GPA + 3 * LEVEL2, 1, true);
	map((1ul << 39) - LEVEL3, 2, true);
	map((1ul << 39) - LEVEL2, 1, true);
}

static void expect(const char *lines, unsigned int wrong)
{
	said[0] = '\0';
	softtdx_compare(&c, say, NULL);
	CHECK_STR(said, lines);
	CHECK_EQ(c.wrong, wrong);
}

static void drop(unsigned int i)
{
	memmove(&maps[i], &maps[i + 1], (--c.nr_maps - i) * sizeof(maps[0]));
}

static void right(void)
{
	start();
	expect("", 0);
	CHECK_EQ(c.leaves[0], 6);
	CHECK_EQ(c.leaves[1] + c.leaves[2], 0);
	CHECK_EQ(c.tables, 6);
}

static void nothing(void)
{
	c = (struct softtdx_compare){ .root_level = 3 };
	expect("", 0);
	CHECK_EQ(c.tables, 0);
}

static void exchanged(void)
{
	start();
	memcpy(maps[1].sha384, want[4].sha384, SHA384_SIZE);
	memcpy(maps[4].sha384, want[1].sha384, SHA384_SIZE);
	expect("gpa 0x100001000, level 0: holds what belongs to gpa 0x100607000\n"
	       "gpa 0x100607000, level 0: holds what belongs to gpa 0x100001000\n",
	       2);
}

static void damaged(void)
{
	start();
	maps[2].sha384[47] ^= 1;
	expect("gpa 0x100002000, level 0: holds bytes of no page that was added\n",
	       1);
}

/* One page off: where it was to be there is none. */
static void displaced(void)
{
	start();
	maps[3].gpa += PAGE;
	expect("gpa 0x100004000, level 0: mapped, but was not added; holds what belongs to gpa 0x100003000\n"
	       "gpa 0x100003000: not mapped\n", 2);
}

static void missing(void)
{
	start();
	drop(5);
	expect("gpa 0x7ffffff000: not mapped\n", 1);
	CHECK_EQ(c.leaves[0], 5);
}

static void twice(void)
{
	start();
	maps[c.nr_maps++] = maps[0];
	expect("gpa 0x100000000: mapped twice\n", 1);
}

static void gone(void)
{
	start();
	drop(5);
	want[5].gone = true;
	expect("", 0);

	start();
	want[5].gone = true;
	expect("gpa 0x7ffffff000, level 0: mapped, but was not added; holds what belongs to gpa 0x7ffffff000\n",
	       1);
}

static void states(void)
{
	start();
	strcpy(maps[0].state, "PENDING");
	maps[1].pamt_disagrees = true;
	maps[2].hashed = false;
	maps[8].pamt_disagrees = true;
	expect("gpa 0x100000000: is PENDING, not MAPPED\n"
	       "gpa 0x100001000: page 0x5002000 is not the TD's by the PAMT\n"
	       "gpa 0x100002000: softtdx cannot read page 0x5003000\n"
	       "gpa 0x100000000: table 0x5009000 at level 1 is not the TD's by the PAMT\n",
	       4);
}

static void tables_wrong(void)
{
	start();
	drop(11);
	expect("gpa 0x7ffffff000: no table at level 1\n", 1);

	start();
	map(GPA + 9 * LEVEL2, 1, true);
	maps[c.nr_maps++] = maps[6];
	expect("gpa 0x101200000: a table at level 1 that nothing needs\n"
	       "gpa 0: two tables at level 3\n", 2);
	CHECK_EQ(c.tables, 8);

	start();
	map(GPA, 0, true);
	map(GPA, 4, true);
	map(GPA, 77, true);
	map(GPA, 77, false);
	expect("gpa 0x100000000: no table of level 0 can be there\n"
	       "gpa 0x100000000: no table of level 4 can be there\n"
	       "gpa 0x100000000: no table of level 77 can be there\n"
	       "gpa 0x100000000: no page of level 77 can be there\n", 4);
}

/* 2 MiB of pages, mapped by one entry: the bytes of all of them, in order. */
static struct softtdx_map *start_2m(void)
{
	struct softtdx_map *m;
	struct sha384 sha;
	int i;

	c = (struct softtdx_compare){
		.want = want, .maps = maps, .root_level = 3,
	};
	sha384_start(&sha);
	for (i = 0; i < 512; i++) {
		add(GPA + LEVEL2 + i * PAGE);
		sha384_add(&sha, source[i], PAGE);
	}
	c.nr_maps = 0;
	m = map(GPA + LEVEL2, 1, false);
	sha384_now(&sha, m->sha384);
	tables(GPA + LEVEL2, 2);
	return m;
}

static void level_2m(void)
{
	struct softtdx_map *m;

	start_2m();
	expect("", 0);
	CHECK_EQ(c.leaves[0], 0);
	CHECK_EQ(c.leaves[1], 1);
	CHECK_EQ(c.tables, 2);

	/* A table where the page is. */
	map(GPA + LEVEL2, 1, true);
	expect("gpa 0x100200000: a table at level 1 that nothing needs\n", 1);

	start_2m();
	source[100][5] ^= 1;
	expect("gpa 0x100200000, level 1: holds bytes of no page that was added\n",
	       1);

	/* It maps a page more than was added. */
	start_2m();
	c.nr_want = 511;
	expect("gpa 0x100200000, level 1: mapped, but was not added; holds bytes of no page that was added\n",
	       1);

	m = start_2m();
	m->gpa += PAGE;
	softtdx_compare(&c, say, NULL);
	CHECK(strstr(said, "gpa 0x100201000: no page of level 1 can be there"));
}

UNIT_MAIN({ "right", right }, { "nothing", nothing },
	  { "exchanged", exchanged }, { "damaged", damaged },
	  { "displaced", displaced }, { "missing", missing },
	  { "twice", twice }, { "gone", gone }, { "states", states },
	  { "tables_wrong", tables_wrong }, { "level_2m", level_2m })
