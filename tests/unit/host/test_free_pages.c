// SPDX-License-Identifier: GPL-2.0-only
/* lib/host/free_pages.c: /proc/zoneinfo of 7.3, shortened, and bad ones. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "host/free_pages.h"
#include "unit.h"

static const char zoneinfo[] =
	"Node 0, zone      DMA\n"
	"  per-node stats\n"
	"      nr_inactive_anon 0\n"
	"  pages free     3840\n"
	"        boost    0\n"
	"        min      15\n"
	"        present  3998\n"
	"      nr_free_pages_blocks 0\n"
	"  pagesets\n"
	"    cpu: 0\n"
	"              count:    7\n"
	"              high:     0\n"
	"    cpu: 1\n"
	"              count:    0\n"
	"  node_unreclaimable:  0\n"
	"Node 0, zone    DMA32\n"
	"  pages free     1000\n"
	"  pagesets\n"
	"    cpu: 0\n"
	"              count:    20\n"
	"              high_max: 14\n"
	"              count:    300";

static void sums(void)
{
	uint64_t pages = 0;

	CHECK_EQ(free_pages_parse(zoneinfo, &pages), 0);
	CHECK_EQ(pages, 3840 + 7 + 1000 + 20 + 300);
}

static void no_zoneinfo(void)
{
	uint64_t pages;

	CHECK_EQ(free_pages_parse("", &pages), -EINVAL);
	CHECK_EQ(free_pages_parse("pages 7\ncounted: 3\n", &pages), -EINVAL);
	CHECK_EQ(free_pages_parse("  pages free\n", &pages), -EINVAL);
	CHECK_EQ(free_pages_read("/nosuch", &pages), -ENOENT);
}

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	CHECK(f);
	fputs(text, f);
	fclose(f);
}

/* KASAN by its exact name, not by a longer one. */
static void late(void)
{
	char dir[] = "/tmp/free_pages.XXXXXX", path[64];

	CHECK(mkdtemp(dir));
	CHECK(!free_pages_late(dir));
	snprintf(path, sizeof(path), "%s/kallsyms", dir);
	put(path, "0 T kasan_quarantine_put_all\n0 t my_kasan_quarantine_put\n");
	CHECK(!free_pages_late(dir));
	put(path, "0 T _text\n0 T kasan_quarantine_put\n0 T _end\n");
	CHECK(free_pages_late(dir));
	CHECK(!remove(path) && !rmdir(dir));
}

UNIT_MAIN(
	{ "sums", sums },
	{ "no_zoneinfo", no_zoneinfo },
	{ "late", late },
)
