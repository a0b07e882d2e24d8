// SPDX-License-Identifier: GPL-2.0-only
/* lib/softtdx/stats.c, inject.c: counts and rules, as they are and damaged. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "softtdx/inject.h"
#include "softtdx/stats.h"
#include "unit.h"

#define LEAVES								\
	"leaf TDH.VP.ENTER nr 0 calls 3 errors 2 last 0x4000000100000002 " \
	"injected 1\n"							\
	"leaf TDH.SYS.DISABLE nr 69 calls 4 errors 0 last 0x0 injected 0\n"	\
	"leaf unknown nr - calls 0 errors 0 last 0x0 injected 0\n"
#define PAGES	"pages REG 21 TDR 2 TDCX 22 TDVPR 1 EPT 6 NDA 900 RSVD 70\n"
#define KEYIDS	"keyids FREE 12 RESERVED 1 ASSIGNED 2 FLUSHED 3\n"

static void stats(void)
{
	struct softtdx_stats s;

	CHECK_EQ(softtdx_parse_stats(LEAVES PAGES KEYIDS, &s), 0);
	CHECK_EQ(s.leaves[TDH_VP_ENTER].calls, 3);
	CHECK_EQ(s.leaves[TDH_VP_ENTER].errors, 2);
	CHECK_EQ(s.leaves[TDH_VP_ENTER].last, 0x4000000100000002);
	CHECK_EQ(s.leaves[TDH_VP_ENTER].injected, 1);
	CHECK_EQ(s.leaves[TDH_SYS_DISABLE].calls, 4);
	CHECK_EQ(s.leaves[TDH_MNG_CREATE].calls, 0);
	CHECK_EQ(s.pages.reg, 21);
	CHECK_EQ(s.pages.tdr, 2);
	CHECK_EQ(s.pages.tdcx, 22);
	CHECK_EQ(s.pages.tdvpr, 1);
	CHECK_EQ(s.pages.ept, 6);
	CHECK_EQ(s.pages.nda, 900);
	CHECK_EQ(s.pages.rsvd, 70);
	CHECK_EQ(s.keyids.free, 12);
	CHECK_EQ(s.keyids.reserved, 1);
	CHECK_EQ(s.keyids.assigned, 2);
	CHECK_EQ(s.keyids.flushed, 3);
}

/* Pairs may be added at a line's end, lines too; none may be missing. */
static void more_than_known(void)
{
	struct softtdx_stats s;

	CHECK_EQ(softtdx_parse_stats("new 1 2 3\n"
		"pages REG 1 TDR 2 TDCX 3 TDVPR 4 EPT 5 NDA 6 RSVD 7 SMTH 8\n"
		"more\n" KEYIDS, &s), 0);
	CHECK_EQ(s.pages.rsvd, 7);
	CHECK_EQ(softtdx_parse_stats(PAGES, &s), -EINVAL);
	CHECK_EQ(softtdx_parse_stats(KEYIDS, &s), -EINVAL);
}

static void bad_stats(void)
{
	static const char * const bad[] = {
		"", "pages\n", "pagesREG 21\n",
		"pages REG 1 TDR 2 TDCX 3 TDVPR 4 EPT 5 NDA 6\n",
		"pages REG 1 TDR 2 TDCX 3 TDVPR 4 EPT 5 NDA 6 RSVD\n",
		"pages REG 1 TDR 2 TDCX 3 TDVPR 4 EPT 5 NDA 6 RSVD x\n",
		"pages REG 1 TDR 2 TDCX 3 TDVPR 4 EPT 5 NDA 6 RSVD 7x\n",
		"pages REG 1 TDR 2 TDCX 3 TDVPR 4 EPT 5 NDA -6 RSVD 7\n",
		"pages REG 1 TDR 2 TDCX 3 TDVPR 4 EPT 5 NDA 0x RSVD 7\n",
		"pages REG 99999999999999999999 TDR 2 TDCX 3 TDVPR 4 EPT 5 "
			"NDA 6 RSVD 7\n",
		"pages REG 1\nTDR 2 TDCX 3 TDVPR 4 EPT 5 NDA 6 RSVD 7\n",
		PAGES "leaf X nr 128 calls 1 errors 1 last 0x0 injected 0\n",
		PAGES "leaf X nr 1 calls 1 errors 1 last 0x0\n",
		PAGES "leaf X calls 1 errors 1 last 0x0 injected 0\n",
	};
	struct softtdx_stats s;
	char text[512];
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "%s" KEYIDS, bad[i]);
		if (softtdx_parse_stats(text, &s) == -EINVAL)
			continue;
		printf("# taken: %s\n", bad[i]);
		CHECK(0);
	}
}

#define RULE_1	"rule 7 leaf TDH.MEM.PAGE.ADD status 0x8000020000000008 " \
	"nth 2 every 3 times 0 td 0x1034000 seen 5 failed 2 own 0\n"
#define RULE_2	"rule 9 leaf TDH.VP.ENTER status 0x0 nth 1 every 1 times 4 " \
	"td - seen 0 failed 0 own 1\n"
#define RULE_3	"rule 10 leaf TDH.VP.ENTER status 0x4d nth 1 every 1 times 1 " \
	"td - seen 3 failed 1 own 1 rcx 0xfc00 r15 0x12 in_rcx 0x1000 " \
	"in_r15 0xffffffffffffffff\n"

static void rules(void)
{
	struct softtdx_injected *r;
	unsigned int nr;

	CHECK_EQ(softtdx_parse_injected(RULE_1 RULE_2, &r, &nr), 0);
	CHECK_EQ(nr, 2);
	CHECK_EQ(r[0].id, 7);
	CHECK_EQ(r[0].fail.leaf, TDH_MEM_PAGE_ADD);
	CHECK_EQ(r[0].fail.status, 0x8000020000000008);
	CHECK_EQ(r[0].fail.nth, 2);
	CHECK_EQ(r[0].fail.every, 3);
	CHECK_EQ(r[0].fail.times, SOFTTDX_ALWAYS);
	CHECK_EQ(r[0].fail.td, 0x1034000);
	CHECK_EQ(r[0].seen, 5);
	CHECK_EQ(r[0].failed, 2);
	CHECK(!r[0].own);
	CHECK_EQ(r[1].fail.leaf, TDH_VP_ENTER);
	CHECK_EQ(r[1].fail.times, 4);
	CHECK_EQ(r[1].fail.td, 0);
	CHECK(r[1].own);
	free(r);

	CHECK_EQ(softtdx_parse_injected(RULE_2 RULE_3, &r, &nr), 0);
	CHECK(!r[0].fail.out.rcx && !r[0].in.rcx);
	CHECK_EQ(r[1].fail.out.rcx, 0xfc00);
	CHECK_EQ(r[1].fail.out.r15, 0x12);
	CHECK_EQ(r[1].fail.out.r14, 0);
	CHECK_EQ(r[1].in.rcx, 0x1000);
	CHECK_EQ(r[1].in.r15, 0xffffffffffffffff);
	free(r);
	CHECK_EQ(softtdx_parse_injected("rule 1 leaf TDH.VP.ENTER status 0x0 nth 1 "
				     "every 1 times 1 td - seen 0 failed 0 "
				     "own 0 in_r9 x\n", &r, &nr), -EINVAL);

	CHECK_EQ(softtdx_parse_injected("", &r, &nr), 0);
	CHECK(!nr && !r);
	CHECK_EQ(softtdx_parse_injected(RULE_1 "ruler\n", &r, &nr), -EINVAL);
	CHECK(!nr && !r);
	CHECK_EQ(softtdx_parse_injected("rule 1 leaf TDH.NO.SUCH status 0x0 nth 1 "
				     "every 1 times 1 td - seen 0 failed 0 "
				     "own 0\n", &r, &nr), -EINVAL);
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
	char dir[] = "/tmp/test_softtdx_stats.XXXXXX", path[64];
	struct softtdx_stats s;

	CHECK(!!mkdtemp(dir));
	CHECK_EQ(softtdx_stats_read(dir, &s), -ENOENT);
	write_file(dir, "stats", LEAVES PAGES KEYIDS);
	CHECK_EQ(softtdx_stats_read(dir, &s), 0);
	CHECK_EQ(s.pages.tdr, 2);

	snprintf(path, sizeof(path), "%s/stats", dir);
	CHECK_EQ(truncate(path, 1000), 0);
	CHECK_EQ(softtdx_stats_read(dir, &s), -EINVAL);
	CHECK_EQ(truncate(path, 65 << 20), 0);
	CHECK_EQ(softtdx_stats_read(dir, &s), -E2BIG);
	remove_file(dir, "stats");
	CHECK_EQ(rmdir(dir), 0);
}

/* A plain file stands for debugfs: what is written, and the n-th own rule. */
static void rule_file(void)
{
	const struct softtdx_inject once = {
		.leaf = TDH_MNG_INIT, .status = 0xc000010000000045,
	};
	const struct softtdx_inject all = {
		.leaf = TDH_MEM_TRACK, .status = 1, .nth = 2, .every = 3,
		.times = SOFTTDX_ALWAYS, .td = 0x1034000,
		.out = { .rcx = 0xfc00, .rsi = 7 },
	};
	char dir[] = "/tmp/test_softtdx_stats.XXXXXX", text[256] = "";
	struct softtdx_injected r;
	int fd;

	CHECK(!!mkdtemp(dir));
	CHECK_EQ(softtdx_inject_open(dir), -ENOENT);
	write_file(dir, "inject", "");
	fd = softtdx_inject_open(dir);
	CHECK(fd >= 0);
	CHECK_EQ(softtdx_inject_add(fd, &once), 0);
	CHECK_EQ(softtdx_inject_add(fd, &all), 0);
	CHECK(pread(fd, text, sizeof(text) - 1, 0) > 0);
	CHECK_STR(text, "leaf 21 status 0xc000010000000045 nth 1 every 1 times 1"
		  "leaf 38 status 0x1 nth 2 every 3 times 0 td 0x1034000"
		  " rcx 0xfc00 rsi 0x7");
	CHECK_EQ(softtdx_inject_read(fd, 0, &r), -EINVAL);

	write_file(dir, "inject", RULE_1 RULE_2);
	CHECK_EQ(softtdx_inject_read(fd, 0, &r), 0);
	CHECK_EQ(r.id, 9);
	CHECK_EQ(softtdx_inject_read(fd, 1, &r), -ENOENT);
	close(fd);
	CHECK_EQ(softtdx_inject_add(-1, &once), -EBADF);
	remove_file(dir, "inject");
	CHECK_EQ(rmdir(dir), 0);
}

UNIT_MAIN(
	{ "stats", stats },
	{ "more_than_known", more_than_known },
	{ "bad_stats", bad_stats },
	{ "rules", rules },
	{ "files", files },
	{ "rule_file", rule_file },
)
