// SPDX-License-Identifier: GPL-2.0-only
/*
 * lab/softtdx/seamcall/inject.c: rules as text, and which calls they make fail.
 * A leaf that was made to fail must have done nothing: the same call is then
 * made again and must succeed.
 */
#include "td.h"

#define BUSY	(RC_OPERAND_BUSY | STX_R8)

static int parse(const char *text, struct stx_inject *rule)
{
	const char *bad;
	char copy[128];

	snprintf(copy, sizeof(copy), "%s", text);
	return stx_inject_parse(copy, rule, &bad);
}

static void good_rules(void)
{
	struct stx_inject r;

	CHECK_EQ(parse("leaf TDH.MEM.PAGE.ADD status 0x8000020000000008", &r),
		 0);
	CHECK(r.leaf == stx_leaf(PAGE_ADD));
	CHECK_EQ(r.status, BUSY);
	CHECK_EQ(r.nth, 1);
	CHECK_EQ(r.every, 1);
	CHECK_EQ(r.times, 1);
	CHECK_EQ(r.td, 0);

	CHECK_EQ(parse(" td 0x5000  times 0 every 3 nth 2 status 0 leaf 0 ",
		       &r), 0);
	CHECK(r.leaf == stx_leaf(VP_ENTER));
	CHECK_EQ(r.status, 0);
	CHECK_EQ(r.nth, 2);
	CHECK_EQ(r.every, 3);
	CHECK_EQ(r.times, 0);
	CHECK_EQ(r.td, 0x5000);
	CHECK(!r.given);

	CHECK_EQ(parse("rcx 1 leaf 0 r15 0xffffffffffffffff rdi 0 status 77",
		       &r), 0);
	CHECK_EQ(r.given, BIT(STX_RCX) | BIT(STX_R15) | BIT(STX_RDI));
	CHECK_EQ(r.out[STX_RCX], 1);
	CHECK_EQ(r.out[STX_R15], ~0ULL);
	CHECK_EQ(r.out[STX_RDI], 0);
}

/* Text, and the word that is to be blamed. */
static void bad_rules(void)
{
	static const struct {
		const char *text, *bad;
	} rules[] = {
		{ "", "leaf" },
		{ "leaf 2", "status" },
		{ "status 0x1", "leaf" },
		{ "leaf", "leaf" },
		{ "leaf 5 status 1", "5" },
		{ "leaf 128 status 1", "128" },
		{ "leaf 4294967298 status 1", "4294967298" },
		{ "leaf TDH.MEM.PAGE.ADDS status 1", "TDH.MEM.PAGE.ADDS" },
		{ "leaf MEM.PAGE.ADD status 1", "MEM.PAGE.ADD" },
		{ "leaf 2 status -1", "-1" },
		{ "leaf 2 status busy", "busy" },
		{ "leaf 2 status 0x10000000000000000", "0x10000000000000000" },
		{ "leaf 2 status 1 nth 0", "0" },
		{ "leaf 2 status 1 every 0", "0" },
		{ "leaf 2 status 1 nth", "nth" },
		{ "leaf 2 status 1 td 0", "0" },
		{ "leaf 2 status 1 td 0x5001", "0x5001" },
		{ "leaf 2 status 1 time 3", "time" },
		{ "leaf 2 status 1 rax 3", "rax" },
		{ "leaf 2 status 1 rbp 3", "rbp" },
		{ "leaf 2 status 1 r16 3", "r16" },
		{ "leaf 2 status 1 r15", "r15" },
		{ "leaf 2 status 1 r15 x", "x" },
		{ "leaf 2 status 1 r15 1 r15 1", "r15" },
		{ "leaf 2 status 1 leaf 2", "leaf" },
		{ "leaf 2 status 1\nleaf 3 status 1", "1\nleaf" },
	};
	struct stx_inject r;
	const char *bad;
	unsigned int i;
	char text[64];

	for (i = 0; i < ARRAY_SIZE(rules); i++) {
		snprintf(text, sizeof(text), "%s", rules[i].text);
		CHECK_EQ(stx_inject_parse(text, &r, &bad), -EINVAL);
		CHECK_STR(bad, rules[i].bad);
	}
}

static void add(const void *owner, const char *text)
{
	struct stx_inject rule;

	CHECK_EQ(parse(text, &rule), 0);
	rule.owner = owner;
	CHECK_EQ(stx_inject_add(&rule), 0);
}

static void assert_rule(u64 after, u64 seen, u64 failed)
{
	struct stx_inject rule = {};

	CHECK(stx_inject_after(after, &rule));
	CHECK_EQ(rule.seen, seen);
	CHECK_EQ(rule.failed, failed);
}

static u64 last_rule(void)
{
	struct stx_inject rule = {};

	while (stx_inject_after(rule.id, &rule))
		;
	return rule.id;
}

/* RDMD on a free page, n times: one letter for each, F where it was made to. */
static void calls(int line, const char *want)
{
	char got[32] = "";
	size_t i;

	for (i = 0; i < strlen(want); i++) {
		memset(r, 0xee, sizeof(r));
		r[STX_RAX] = PAGE_RDMD;
		r[STX_RCX] = 0x100000;
		CHECK(stx_seamcall(r));
		got[i] = r[STX_RAX] == BUSY ? 'F' : r[STX_RAX] ? '?' : '.';
		CHECK(!r[STX_RCX] && !r[STX_R11]);
	}
	if (strcmp(got, want)) {
		printf("# line %d: %s, not %s\n", line, got, want);
		unit_failures++;
	}
}

#define CALLS(want)	calls(__LINE__, want)
#define RDMD		"leaf 24 status 0x8000020000000008 "

static void which_calls(void)
{
	static const struct {
		const char *rule, *calls;
		unsigned int failed;
	} rules[] = {
		{ RDMD, "F....", 1 },
		{ RDMD "nth 3", "..F..", 1 },
		{ RDMD "times 2", "FF...", 2 },
		{ RDMD "times 0", "FFFFF", 5 },
		{ RDMD "every 2 times 0", "F.F.F.", 3 },
		{ RDMD "nth 2 every 3 times 2", ".F..F...", 2 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rules); i++) {
		add(&rules, rules[i].rule);
		calls(i, rules[i].calls);
		assert_rule(0, strlen(rules[i].calls), rules[i].failed);
		stx_injects_drop(&rules);
		CALLS("...");
	}
}

/* Two rules that are due at once: the older one, the other has seen it. */
static void two_rules(void)
{
	static const char one[1], two[1];
	u64 first, second;

	add(one, RDMD "nth 2 times 0");
	first = last_rule();
	add(two, RDMD "times 2");
	second = last_rule();
	CHECK(second > first);
	CALLS("FFFF");
	assert_rule(first - 1, 4, 3);
	assert_rule(second - 1, 4, 1);
	stx_injects_drop(one);
	CHECK_EQ(last_rule(), second);
	CALLS("F..");
	assert_rule(0, 7, 2);
	stx_injects_drop(two);
	CHECK_EQ(last_rule(), 0);
}

/* What a call is to return, and what the last one came with. */
static void registers(void)
{
	struct stx_inject rule = {};
	unsigned int i;

	add(&rule, RDMD "times 2 rdx 0x1234 r12 5");
	for (i = 1; i <= 3; i++) {
		memset(r, 0xee, sizeof(r));
		r[STX_RAX] = PAGE_RDMD;
		r[STX_RCX] = 0x100000;
		r[STX_R15] = i;
		CHECK(stx_seamcall(r));
		CHECK_EQ(r[STX_RAX], i < 3 ? BUSY : 0);
		CHECK_EQ(r[STX_RDX], i < 3 ? 0x1234 : 0);
		CHECK_EQ(r[STX_R12], i < 3 ? 5 : 0xeeeeeeeeeeeeeeee);
		CHECK_EQ(r[STX_R15], i < 3 ? 0 : 3);
		CHECK_EQ(r[STX_RBP], 0xeeeeeeeeeeeeeeee);
	}
	CHECK(stx_inject_after(0, &rule));
	CHECK_EQ(rule.in[STX_RCX], 0x100000);
	CHECK_EQ(rule.in[STX_R15], 2);
	CHECK_EQ(rule.in[STX_RBX], 0xeeeeeeeeeeeeeeee);
	stx_injects_drop(rule.owner);
}

static void table_full(void)
{
	struct stx_inject rule;
	int i;

	for (i = 0; i < STX_MAX_INJECTS; i++)
		add(i % 2 ? &rule : NULL, RDMD "nth 100");
	CHECK_EQ(parse(RDMD, &rule), 0);
	CHECK_EQ(stx_inject_add(&rule), -ENOSPC);
	stx_injects_drop(&rule);
	rule.owner = NULL;
	CHECK_EQ(stx_inject_add(&rule), 0);
	stx_injects_drop(NULL);
	CHECK(!stx_have_injects());
}

/* One of two TDs: by its TDR, by its vCPU, and by a page that it owns. */
static void one_td(void)
{
	struct td t = {};
	u64 other = new_page();
	char rule[80];

	td_init(&t);
	OK(MNG_CREATE, other, KEYID + 1);
	snprintf(rule, sizeof(rule), "leaf 8 status 0x8 td %#llx", other);
	add(&t, rule);
	EXPECT(RC_LIFECYCLE_STATE_INCORRECT, KEY_CONFIG, t.tdr);
	assert_rule(0, 0, 0);
	EXPECT(8, KEY_CONFIG, other);
	each_package(KEY_CONFIG, other);
	stx_injects_drop(&t);

	snprintf(rule, sizeof(rule), "leaf 18 status 0x9 td %#llx", t.tdr);
	add(&t, rule);
	EXPECT(9, VP_FLUSH, t.vp);
	OK(VP_FLUSH, t.vp);
	stx_injects_drop(&t);

	td_key_free(&t);
	snprintf(rule, sizeof(rule), "leaf 28 status 0xa nth 2 td %#llx",
		 t.tdr);
	add(&t, rule);
	EXPECT(RC_LIFECYCLE_STATE_INCORRECT, PAGE_RECLAIM, other);
	assert_rule(0, 0, 0);
	OK(PAGE_RECLAIM, t.vp);
	EXPECT(0xa, PAGE_RECLAIM, t.vp_pages[0]);
	CHECK(!r[STX_RCX] && !r[STX_RDX]);
	stx_injects_drop(&t);

	snprintf(rule, sizeof(rule), "leaf 28 status 0xb nth %d td %#llx",
		 STX_TDVPS_PAGES - 1 + STX_TDCS_PAGES + 1, t.tdr);
	add(&t, rule);
	t.vp = 0;
	reclaim(t.vp_pages, STX_TDVPS_PAGES - 1);
	reclaim(t.tdcx, 6);
	EXPECT(0xb, PAGE_RECLAIM, t.tdr);
	OK(PAGE_RECLAIM, t.tdr);
	stx_injects_drop(&t);

	snprintf(rule, sizeof(rule), "leaf 9 status 0xc td %#llx", t.tdr);
	add(&t, rule);
	EXPECT(INVALID(STX_RDX), MNG_CREATE, new_page(), 1);
	EXPECT(0xc, MNG_CREATE, t.tdr, KEYID);
	OK(MNG_CREATE, t.tdr, KEYID);
	stx_injects_drop(&t);
	td_key_free(&t);
	reclaim(&t.tdr, 1);
	t.tdr = other;
	td_key_free(&t);
	reclaim(&t.tdr, 1);
}

/* A page that was not added is nobody's, the entry is free, MRTD unchanged. */
static void nothing_is_done(void)
{
	struct stx_leaf_stats before, now;
	struct td t = {};
	u64 page = new_page();

	td_init(&t);
	sept_add(&t);
	stx_leaf_stats(PAGE_ADD, &before);
	add(&t, "leaf 2 status 0x123 times 2");
	EXPECT(0x123, PAGE_ADD, GPA + SZ_4K, t.tdr, page, SOURCE);
	CHECK(!r[STX_RCX] && !r[STX_RDX]);
	EXPECT(0x123, PAGE_ADD, 1, 2, 3, 4);
	CHECK_EQ(((struct stx_tdcs *)__va(t.tdcx[0]))->nr_added, 1);
	CHECK_EQ(*(u8 *)__va(page), 0x5a);
	OK(PAGE_RDMD, page);
	CHECK_EQ(r[STX_RCX], PGT_NDA);
	OK(PAGE_ADD, GPA + SZ_4K, t.tdr, page, SOURCE);
	stx_leaf_stats(PAGE_ADD, &now);
	CHECK_EQ(now.calls - before.calls, 3);
	CHECK_EQ(now.errors - before.errors, 2);
	CHECK_EQ(now.injected - before.injected, 2);
	CHECK_EQ(now.last, 0x123);
	stx_injects_drop(&t);

	/* Status 0 works, too: success, but the leaf has done nothing. */
	add(&t, "leaf 18 status 0");
	OK(VP_FLUSH, t.vp);
	EXPECT(RC_FLUSHVP_NOT_DONE, VPFLUSHDONE, t.tdr);
	stx_injects_drop(&t);
	OK(VP_FLUSH, t.vp);
	td_key_free(&t);
	reclaim(&page, 1);
	td_reclaim(&t);
}

/* Not a call of the leaf; a leaf without the lock. */
static void other_leaves(void)
{
	static const char any[1];

	add(any, "leaf 9 status 0x1 times 0");
	add(any, "leaf 69 status 0x2");
	EXPECT(INVALID(STX_RAX), MNG_CREATE | 1 << 16, new_page(), KEYID);
	assert_rule(0, 0, 0);
	EXPECT(2, SYS_DISABLE);
	EXPECT(1, MNG_CREATE, new_page(), KEYID);
	OK(SYS_DISABLE);
	EXPECT(1, MNG_CREATE, new_page(), KEYID);
	stx_injects_drop(any);
	EXPECT(RC_SYS_SHUTDOWN, MNG_CREATE, new_page(), KEYID);
}

int main(void)
{
	static const struct unit_case cases[] = {
		{ "good_rules", good_rules },
		{ "bad_rules", bad_rules },
		{ "module_init", module_init },
		{ "which_calls", which_calls },
		{ "two_rules", two_rules },
		{ "registers", registers },
		{ "table_full", table_full },
		{ "one_td", one_td },
		{ "nothing_is_done", nothing_is_done },
		{ "other_leaves", other_leaves },
	};

	return softtdx_run(cases, ARRAY_SIZE(cases));
}
