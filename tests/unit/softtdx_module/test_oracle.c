// SPDX-License-Identifier: GPL-2.0-only
/*
 * lab/softtdx/view/oracle.c: every entry of a TD's secure EPT once and in
 * order, every vCPU once, and no step out of the TD where a link was
 * overwritten.
 */
#include "td.h"

#define GPA_FAR		0x7fffffe00000ULL	/* near the end, private */
#define MANY		1200			/* pages, over three tables */

static struct stx_tdr *tdr_of(const struct td *t)
{
	return __va(t->tdr);
}

static struct stx_tdcs *tdcs_of(const struct td *t)
{
	return __va(t->tdcx[0]);
}

/* The next entry as text: level, gpa, state, and whether the PAMT agrees. */
static const char *step(const struct td *t, struct stx_sept_pos *pos)
{
	static char text[64];
	struct stx_sept_view v;

	if (!stx_sept_next(tdr_of(t), tdcs_of(t), pos))
		return "end";
	stx_sept_view(tdr_of(t), pos, &v);
	snprintf(text, sizeof(text), "%d %llx %x%s%s%s", v.pos.level, v.pos.gpa,
		 v.state, v.table ? " table" : "", v.agrees ? "" : " no",
		 v.bytes ? " bytes" : "");
	return text;
}

static void walk(const struct td *t, const char * const *want, int nr)
{
	struct stx_sept_pos pos;
	int i;

	stx_sept_first(tdcs_of(t), &pos);
	for (i = 0; i < nr; i++)
		CHECK_STR(step(t, &pos), want[i]);
	CHECK_STR(step(t, &pos), "end");
	CHECK_STR(step(t, &pos), "end");
}

#define WALK(t, ...)							\
do {									\
	const char * const want[] = { __VA_ARGS__ };			\
									\
	walk(t, want, ARRAY_SIZE(want));				\
} while (0)

/* Tables for one more place, from a level down; they are reclaimed at once. */
static u64 tables[8];
static int nr_tables;

static void table_add(struct td *t, u64 gpa, int level)
{
	tables[nr_tables] = new_page();
	OK(SEPT_ADD, ALIGN_DOWN(gpa, sept_level_size(level)) | level, t->tdr,
	   tables[nr_tables]);
	nr_tables++;
}

static void td_end_all(struct td *t)
{
	OK(VP_FLUSH, t->vp);
	td_key_free(t);
	reclaim(tables, nr_tables);
	nr_tables = 0;
	td_reclaim(t);
}

static void entries(void)
{
	struct td t = {};

	td_init(&t);
	WALK(&t);
	table_add(&t, GPA_FAR, 3);
	WALK(&t, "3 7f8000000000 84 table");
	sept_add(&t);
	WALK(&t, "3 0 84 table", "2 40000000 84 table", "1 40200000 84 table",
	     "0 40200000 4 bytes", "3 7f8000000000 84 table");

	OK(RANGE_BLOCK, GPA | 1, t.tdr);
	OK(RANGE_BLOCK, 0x40000000 | 2, t.tdr);
	WALK(&t, "3 0 84 table", "2 40000000 81 table", "1 40200000 81 table",
	     "0 40200000 4 bytes", "3 7f8000000000 84 table");
	td_end_all(&t);
}

static void states(void)
{
	u64 page = new_page();
	struct td t = {};

	td_init(&t);
	sept_add(&t);
	OK(MR_FINALIZE, t.tdr);
	OK(PAGE_AUG, GPA + 511 * SZ_4K, t.tdr, page);
	OK(RANGE_BLOCK, GPA, t.tdr);
	WALK(&t, "3 0 84 table", "2 40000000 84 table", "1 40200000 84 table",
	     "0 40200000 1 bytes", "0 403ff000 2 bytes");
	OK(RANGE_BLOCK, GPA + 511 * SZ_4K, t.tdr);
	WALK(&t, "3 0 84 table", "2 40000000 84 table", "1 40200000 84 table",
	     "0 40200000 1 bytes", "0 403ff000 3 bytes");
	tables[nr_tables++] = page;
	td_end_all(&t);
}

/* Every page once, by rising gpa, whatever the order they were added in. */
static void many_pages(void)
{
	static u64 pages[MANY];
	struct stx_sept_pos pos;
	struct stx_sept_view v;
	struct td t = {};
	u64 next = GPA;
	int i;

	td_init(&t);
	sept_add(&t);
	table_add(&t, GPA + SZ_2M, 1);
	table_add(&t, GPA + 2 * SZ_2M, 1);
	for (i = MANY - 1; i > 0; i--) {
		pages[i] = new_page();
		OK(PAGE_ADD, GPA + i * SZ_4K, t.tdr, pages[i], SOURCE);
	}
	pages[0] = t.page;

	stx_sept_first(tdcs_of(&t), &pos);
	for (i = 0; stx_sept_next(tdr_of(&t), tdcs_of(&t), &pos); i++) {
		stx_sept_view(tdr_of(&t), &pos, &v);
		if (v.table)
			continue;
		CHECK_EQ(v.pos.gpa, next);
		CHECK_EQ(v.pa, pages[(next - GPA) / SZ_4K]);
		CHECK(v.bytes == __va(v.pa));
		next += SZ_4K;
	}
	CHECK_EQ(next, GPA + MANY * SZ_4K);
	CHECK_EQ(i, MANY + 5);

	OK(VP_FLUSH, t.vp);
	td_key_free(&t);
	reclaim(pages + 1, MANY - 1);
	reclaim(tables, nr_tables);
	nr_tables = 0;
	td_reclaim(&t);
}

/* An entry that the host has written, and what the walk is to make of it. */
static void entry_is(const struct td *t, int level, u64 value, const char *want)
{
	u64 *table = __va(level == 3 ? t->tdcx[3] : t->sept[level]);
	u64 *entry = &table[sept_index(GPA, level)], good = *entry;
	struct stx_sept_pos pos;
	const char *got;

	*entry = value;
	stx_sept_first(tdcs_of(t), &pos);
	do
		got = step(t, &pos);
	while (pos.level > level && strcmp(got, "end"));
	CHECK_STR(got, want);
	CHECK_STR(step(t, &pos), "end");
	*entry = good;
}

static void overwritten_entries(void)
{
	u64 foreign = new_page();
	struct td t = {};

	td_init(&t);
	sept_add(&t);
	entry_is(&t, 0, septe_mapped(foreign), "0 40200000 4 no");
	entry_is(&t, 0, septe_mapped(t.sept[0]), "0 40200000 4 no");
	entry_is(&t, 0, septe_mapped(0xfffffffff000), "0 40200000 4 no");
	entry_is(&t, 0, SOURCE | SEPTE_LEAF, "0 40200000 ff no");
	entry_is(&t, 0, septe_nonleaf(t.sept[0]), "0 40200000 84 table");
	entry_is(&t, 1, septe_nonleaf(foreign), "1 40200000 84 table no");
	entry_is(&t, 1, septe_nonleaf(t.page), "1 40200000 84 table no");
	entry_is(&t, 2, septe_nonleaf(t.tdcx[3]), "2 40000000 84 table no");
	entry_is(&t, 3, septe_nonleaf(0xfffffffff000), "3 0 84 table no");
	entry_is(&t, 3, septe_mapped(t.page), "3 0 4");
	entry_is(&t, 3, ~0ULL, "3 0 ff no");

	stx_page_set(stx_pamt(foreign), PGT_REG, t.tdr + PAGE_SIZE);
	entry_is(&t, 0, septe_mapped(foreign), "0 40200000 4 no");
	stx_page_set(stx_pamt(foreign), PGT_EPT, t.tdr + PAGE_SIZE);
	entry_is(&t, 1, septe_nonleaf(foreign), "1 40200000 84 table no");
	stx_page_set(stx_pamt(foreign), PGT_NDA, 0);

	tdr_of(&t)->tdcx[3] = foreign;
	WALK(&t);
	tdr_of(&t)->tdcx[3] = t.tdcx[3];
	td_end_all(&t);
}

static void vcpus(void)
{
	struct td t = {}, more = {};
	struct stx_tdvps *vp;

	td_create(&t);
	CHECK(!stx_td_inside(tdr_of(&t)));
	params_good();
	OK(MNG_INIT, t.tdr, PARAMS);
	CHECK(stx_td_inside(tdr_of(&t)) == tdcs_of(&t));
	CHECK(!stx_vp_next(tdr_of(&t), tdcs_of(&t), 0));

	vp_pages_add(&t);
	more.tdr = t.tdr;
	vp_pages_add(&more);
	OK(VP_INIT, t.vp, 0, 7);
	vp = stx_vp_next(tdr_of(&t), tdcs_of(&t), 0);
	CHECK(vp == __va(more.vp));
	vp = stx_vp_next(tdr_of(&t), tdcs_of(&t), more.vp);
	CHECK(vp == __va(t.vp));
	CHECK(!stx_vp_next(tdr_of(&t), tdcs_of(&t), t.vp));

	vp->next = t.tdcx[1];
	CHECK(!stx_vp_next(tdr_of(&t), tdcs_of(&t), t.vp));
	vp->next = t.vp + 8;
	CHECK(!stx_vp_next(tdr_of(&t), tdcs_of(&t), t.vp));
	vp->next = 0xfffffffff000;
	CHECK(!stx_vp_next(tdr_of(&t), tdcs_of(&t), t.vp));
	vp->next = 0;
	CHECK(!stx_vp_next(tdr_of(&t), tdcs_of(&t), t.tdcx[1]));

	OK(VP_FLUSH, t.vp);
	td_key_free(&t);
	CHECK(!stx_td_inside(tdr_of(&t)));
	reclaim(&more.vp, 1);
	reclaim(more.vp_pages, STX_TDVPS_PAGES - 1);
	td_reclaim(&t);
}

/* Newest first, and each once also if one ends while they are asked for. */
static void tds(void)
{
	u64 tdr[3], seq, first;
	struct td t = {};
	int i;

	CHECK(!stx_td_before(~0ULL));
	for (i = 0; i < 3; i++) {
		tdr[i] = new_page();
		OK(MNG_CREATE, tdr[i], KEYID + i);
	}
	first = stx_td_before(~0ULL)->seq;
	CHECK_EQ(stx_td_before(~0ULL)->pa, tdr[2]);
	seq = stx_td_before(first)->seq;
	CHECK_EQ(stx_td_before(first)->pa, tdr[1]);
	t.tdr = tdr[1];
	td_key_free(&t);
	reclaim(&tdr[1], 1);
	CHECK_EQ(stx_td_before(first)->pa, tdr[0]);
	CHECK_EQ(stx_td_before(seq)->pa, tdr[0]);
	CHECK(!stx_td_before(stx_td_before(seq)->seq));

	((struct stx_tdr *)__va(tdr[2]))->next = tdr[2];
	CHECK(!stx_td_before(first));
	((struct stx_tdr *)__va(tdr[2]))->next = tdr[0];
	for (i = 0; i < 3; i += 2) {
		t.tdr = tdr[i];
		td_key_free(&t);
		reclaim(&tdr[i], 1);
	}
}

int main(void)
{
	static const struct unit_case cases[] = {
		{ "module_init", module_init },
		{ "entries", entries },
		{ "states", states },
		{ "many_pages", many_pages },
		{ "overwritten_entries", overwritten_entries },
		{ "vcpus", vcpus },
		{ "tds", tds },
	};

	return softtdx_run(cases, ARRAY_SIZE(cases));
}
