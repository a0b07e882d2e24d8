// SPDX-License-Identifier: GPL-2.0-only
/* lib/softtdx_stats.c: softtdx' files in debugfs, as they are and damaged. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "softtdx_stats.h"
#include "unit.h"

#define STATS								\
	"leaf TDH.VP.ENTER nr 0 calls 1 errors 1 last 0x4000000100000002\n" \
	"leaf unknown nr - calls 0 errors 0 last 0x0\n"

#define PAGES	"pages REG 21 TDR 2 TDCX 22 TDVPR 1 EPT 6\n"

#define TD_2	"td 0x1034000 keyid 65 life KEYS_CONFIGURED op RUNNABLE "  \
	"vcpus 1 assoc 0 children 30 epoch 1 attributes 0x10000000 xfam 0x7 " \
	"gpaw 48 added 16 extended 256 mrtd 00ff\n"
#define TD_1	"td 0x1000000 keyid 64 life BLOCKED op - vcpus - assoc - " \
	"children 3 epoch - attributes - xfam - gpaw - added - extended - " \
	"mrtd -\n"

static void pages(void)
{
	struct softtdx_pages p = {};

	CHECK_EQ(softtdx_parse_pages(STATS PAGES, &p), 0);
	CHECK_EQ(p.reg, 21);
	CHECK_EQ(p.tdr, 2);
	CHECK_EQ(p.tdcx, 22);
	CHECK_EQ(p.tdvpr, 1);
	CHECK_EQ(p.ept, 6);
}

/* Pairs may be added at a line's end, lines too. */
static void more_than_known(void)
{
	struct softtdx_pages p = {};
	struct softtdx_tds t;

	CHECK_EQ(softtdx_parse_pages("pages REG 1 TDR 2 TDCX 3 TDVPR 4 EPT 5 "
				     "SMTH 6\nmore 1\n", &p), 0);
	CHECK_EQ(p.ept, 5);
	CHECK_EQ(softtdx_parse_tds("td 0x0 x - added 3 y 4 extended 5 z 6", &t),
		 0);
	CHECK_EQ(t.added, 3);
	CHECK_EQ(t.extended, 5);
}

static void bad_pages(void)
{
	static const char * const bad[] = {
		"", STATS, "pages\n", "pages REG 1 TDR 2 TDCX 3 TDVPR 4\n",
		"pages REG 1 TDR 2 TDCX 3 TDVPR 4 EPT\n",
		"pages REG 1 TDR 2 TDCX 3 TDVPR 4 EPT",
		"pages REG 1 TDR 2 TDCX 3 TDVPR 4 EPT x\n",
		"pages REG 1 TDR 2 TDCX 3 TDVPR 4 EPT 5x\n",
		"pages REG 1 TDR 2 TDCX 3 TDVPR -4 EPT 5\n",
		"pages REG 99999999999999999999 TDR 2 TDCX 3 TDVPR 4 EPT 5\n",
		"pagesREG 1 TDR 2 TDCX 3 TDVPR 4 EPT 5\n",
		"pages REG 1\nTDR 2 TDCX 3 TDVPR 4 EPT 5\n",
	};
	struct softtdx_pages p;
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (softtdx_parse_pages(bad[i], &p) != -EINVAL) {
			printf("# taken: %s\n", bad[i]);
			CHECK(0);
		}
}

static void tds(void)
{
	struct softtdx_tds t;

	CHECK_EQ(softtdx_parse_tds("", &t), 0);
	CHECK_EQ(t.nr, 0);
	CHECK(!t.counted);

	CHECK_EQ(softtdx_parse_tds(TD_2 TD_1, &t), 0);
	CHECK_EQ(t.nr, 2);
	CHECK(t.counted);
	CHECK_EQ(t.added, 16);
	CHECK_EQ(t.extended, 256);

	CHECK_EQ(softtdx_parse_tds(TD_1 TD_2, &t), 0);
	CHECK_EQ(t.nr, 2);
	CHECK(!t.counted);
}

/* A name is no value: "life added" must not hide the number behind it. */
static void bad_tds(void)
{
	struct softtdx_tds t;

	CHECK_EQ(softtdx_parse_tds("td 0x0 keyid 64\n", &t), -EINVAL);
	CHECK_EQ(softtdx_parse_tds("td 0x0 added 1\n", &t), -EINVAL);
	CHECK_EQ(softtdx_parse_tds("td 0x0 added 1 extended -\n", &t), -EINVAL);
	CHECK_EQ(softtdx_parse_tds("td", &t), -EINVAL);
	CHECK_EQ(softtdx_parse_tds("no such file\n", &t), -EINVAL);
	CHECK_EQ(softtdx_parse_tds(TD_2 "\n", &t), -EINVAL);
	CHECK_EQ(softtdx_parse_tds("td 0x0 life added added 7 extended 8", &t),
		 0);
	CHECK_EQ(t.added, 7);
}

static void write_file(const char *dir, const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	CHECK(f && fputs(text, f) >= 0 && !fclose(f));
}

static void remove_file(const char *dir, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	CHECK_EQ(unlink(path), 0);
}

static void files(void)
{
	char dir[] = "/tmp/test_softtdx_stats.XXXXXX";
	char *big = calloc(1, 70000);
	struct softtdx_pages p;
	struct softtdx_tds t;

	CHECK(mkdtemp(dir) && big);
	CHECK_EQ(softtdx_read(dir, &p, &t), -ENOENT);
	write_file(dir, "stats", STATS PAGES);
	CHECK_EQ(softtdx_read(dir, &p, &t), -ENOENT);
	write_file(dir, "tds", TD_2);
	CHECK_EQ(softtdx_read(dir, &p, &t), 0);
	CHECK_EQ(p.tdr, 2);
	CHECK_EQ(t.extended, 256);

	memset(big, 'x', 69999);
	write_file(dir, "tds", big);
	CHECK_EQ(softtdx_read(dir, &p, &t), -E2BIG);
	remove_file(dir, "stats");
	remove_file(dir, "tds");
	CHECK_EQ(rmdir(dir), 0);
	free(big);
}

UNIT_MAIN(
	{ "pages", pages },
	{ "more_than_known", more_than_known },
	{ "bad_pages", bad_pages },
	{ "tds", tds },
	{ "bad_tds", bad_tds },
	{ "files", files },
)
