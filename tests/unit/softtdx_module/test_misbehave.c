// SPDX-License-Identifier: GPL-2.0-only
/*
 * lab/softtdx/misbehave: each misbehaviour as text, what it does and when, and
 * that the host gets back every page that it gave. The guest's ACCEPT is called
 * as TDCALL would.
 */
#include "lab/softtdx/include/misbehave.h"
#include "td.h"

#define PAGES	3

static int parse(const char *text, struct stx_misbehave *m)
{
	const char *bad;
	char copy[128];

	snprintf(copy, sizeof(copy), "%s", text);
	return stx_misbehave_parse(copy, m, &bad);
}

static void good_lies(void)
{
	struct stx_misbehave l;

	CHECK_EQ(parse("add-corrupt", &l), 0);
	CHECK_EQ(l.kind, MISBEHAVE_ADD_CORRUPT);
	CHECK_EQ(l.gpa, STX_ANY_GPA);
	CHECK_EQ(l.nth, 1);
	CHECK_EQ(l.times, 1);
	CHECK_EQ(l.byte, 0);

	CHECK_EQ(parse(" track-skip  times 0 byte 4095 gpa 0x5000 nth 7 ", &l),
		 0);
	CHECK_EQ(l.kind, MISBEHAVE_TRACK_SKIP);
	CHECK_EQ(l.gpa, 0x5000);
	CHECK_EQ(l.nth, 7);
	CHECK_EQ(l.times, 0);
	CHECK_EQ(l.byte, 4095);
}

/* Text, and the word that is to be blamed. */
static void bad_lies(void)
{
	static const struct {
		const char *text, *bad;
	} lies[] = {
		{ "", "nothing" },
		{ " ", "nothing" },
		{ "gpa 0x1000", "gpa" },
		{ "add-corrupts", "add-corrupts" },
		{ "add-corrupt add-corrupt", "add-corrupt" },
		{ "add-corrupt gpa", "gpa" },
		{ "add-corrupt gpa 0x1001", "0x1001" },
		{ "add-corrupt gpa -1", "-1" },
		{ "add-corrupt nth 0", "0" },
		{ "add-corrupt byte 4096", "4096" },
		{ "add-corrupt times many", "many" },
		{ "add-corrupt nth 1 nth 2", "nth" },
		{ "add-corrupt\nadd-corrupt", "add-corrupt\nadd-corrupt" },
	};
	struct stx_misbehave l;
	const char *bad;
	unsigned int i;
	char text[64];

	for (i = 0; i < ARRAY_SIZE(lies); i++) {
		snprintf(text, sizeof(text), "%s", lies[i].text);
		CHECK_EQ(stx_misbehave_parse(text, &l, &bad), -EINVAL);
		CHECK_STR(bad, lies[i].bad);
	}
}

static const char owner[1];

static void tell(const char *text)
{
	struct stx_misbehave m;

	CHECK_EQ(parse(text, &m), 0);
	m.owner = owner;
	CHECK_EQ(stx_misbehave_add(&m), 0);
}

/* ... no more, after it was seen and done so often. */
static void done(u64 seen, u64 times)
{
	struct stx_misbehave m = {};

	CHECK(stx_misbehave_after(0, &m));
	CHECK_EQ(m.seen, seen);
	CHECK_EQ(m.done, times);
	stx_misbehaves_drop(owner);
	CHECK(!stx_misbehave_after(0, &m));
}

static void table_full(void)
{
	struct stx_misbehave m;
	int i;

	for (i = 0; i < STX_MAX_MISBEHAVES; i++)
		tell("add-corrupt");
	CHECK_EQ(parse("add-corrupt", &m), 0);
	CHECK_EQ(stx_misbehave_add(&m), -ENOSPC);
	stx_misbehaves_drop(&m);
	CHECK_EQ(stx_misbehave_add(&m), -ENOSPC);
	stx_misbehaves_drop(owner);
	CHECK(!stx_misbehave_after(0, &m));
}

/* A TD that can run, with the page at GPA added. */
static void td_final(struct td *t)
{
	td_init(t);
	sept_add(t);
	OK(MR_FINALIZE, t->tdr);
}

static u64 gpa(unsigned int i)
{
	return GPA + (i + 1) * PAGE_SIZE;
}

static void aug(struct td *t, u64 *pages, unsigned int i)
{
	pages[i] = new_page();
	OK(PAGE_AUG, gpa(i), t->tdr, pages[i]);
}

/* ... and with more, that wait to be accepted, behind it. */
static void td_final_aug(struct td *t, u64 *pages)
{
	unsigned int i;

	td_final(t);
	for (i = 0; i < PAGES; i++)
		aug(t, pages, i);
}

/* The guest's view: its page at @gpa, whatever state it is in. */
static struct stx_call walk(struct td *t, u64 gpa)
{
	struct stx_call c = { .tdr = stx_tdr(t->tdr), .vp = stx_tdvps(t->vp) };

	c.tdcs = stx_tdcs(c.tdr);
	CHECK(stx_sept_walk_to(&c, gpa, 0));
	CHECK_EQ(c.level, 0);
	return c;
}

static u8 *accept(struct td *t, u64 gpa)
{
	struct stx_call c = walk(t, gpa);

	CHECK_EQ(septe_state(*c.septe), SEPT_PENDING);
	stx_sept_accept(&c);
	return __va(*c.septe & SEPTE_HPA);
}

static u64 mapped(struct td *t, u64 gpa)
{
	return *walk(t, gpa).septe & SEPTE_HPA;
}

static void remove_page(struct td *t, u64 gpa, u64 page)
{
	OK(RANGE_BLOCK, gpa, t->tdr);
	OK(MEM_TRACK, t->tdr);
	OK(PAGE_REMOVE, gpa, t->tdr);
	CHECK_EQ(r[STX_RCX], page);
	OK(PAGE_WBINVD, page);
}

static void end(struct td *t, const u64 *pages)
{
	int i;

	for (i = 0; i < PAGES; i++)
		remove_page(t, gpa(i), pages[i]);
	remove_page(t, GPA, t->page);
	t->page = 0;
	td_end(t);
}

static void contents(void)
{
	u8 added[PAGE_SIZE];
	u64 pages[PAGES];
	struct td t = {};
	int i;

	memset(added, 0x11, sizeof(added));
	memcpy(__va(SOURCE), added, sizeof(added));
	td_init(&t);
	tell("add-corrupt byte 5");
	sept_add(&t);
	done(1, 1);
	added[5] ^= 0xff;
	CHECK(!memcmp(__va(t.page), added, sizeof(added)));
	OK(MR_FINALIZE, t.tdr);

	for (i = 0; i < PAGES; i++)
		aug(&t, pages, i);
	tell("accept-corrupt nth 2 byte 4095");
	CHECK(!memchr_inv(accept(&t, gpa(0)), 0, PAGE_SIZE));
	CHECK_EQ(accept(&t, gpa(1))[4095], 0xff);
	done(2, 1);
	tell("accept-keep gpa 0x40203000");
	CHECK_EQ(gpa(2), 0x40203000);
	CHECK(!memchr_inv(accept(&t, gpa(2)), STX_MISBEHAVE_NOISE, PAGE_SIZE));
	done(1, 1);
	end(&t, pages);
}

static void dropped_accept(void)
{
	u64 pages[PAGES];
	struct td t = {};

	td_final_aug(&t, pages);
	tell("accept-drop gpa 0x40202000");
	accept(&t, gpa(0));
	CHECK_EQ(septe_state(*walk(&t, gpa(0)).septe), SEPT_MAPPED);
	CHECK_EQ(*accept(&t, gpa(1)), 0x5a);
	CHECK_EQ(*accept(&t, gpa(1)), 0);
	done(2, 1);
	end(&t, pages);
}

/* The host gets its own page back, by whatever the wrong entry is put right. */
static void wrong_page(void)
{
	enum { BY_BLOCK, BY_BLOCK_OF_OTHER, BY_END, WAYS } way;
	u64 pages[PAGES];
	struct td t;

	for (way = 0; way < WAYS; way++) {
		t = (struct td){};
		td_final(&t);
		tell("aug-wrong times 0");
		aug(&t, pages, 0);
		aug(&t, pages, 1);
		aug(&t, pages, 2);
		CHECK_EQ(mapped(&t, gpa(0)), pages[0]);
		CHECK_EQ(mapped(&t, gpa(1)), pages[0]);
		CHECK_EQ(mapped(&t, gpa(2)), pages[2]);
		accept(&t, gpa(1));
		if (way == BY_END)
			stx_misbehaves_drop(owner);
		else
			OK(RANGE_BLOCK, gpa(way == BY_BLOCK), t.tdr);
		CHECK_EQ(mapped(&t, gpa(1)), pages[1]);
		if (way != BY_END) {
			OK(MEM_TRACK, t.tdr);
			OK(PAGE_REMOVE, gpa(way == BY_BLOCK), t.tdr);
			aug(&t, pages, way == BY_BLOCK);
			stx_misbehaves_drop(owner);
		}
		end(&t, pages);
	}
}

/* The root entry that leads to what was to be forgotten, or none. */
static int kept(struct td *t)
{
	struct stx_call c = walk(t, GPA);
	unsigned long flags;
	u64 entry;
	int i;

	stx_lock(&flags);
	stx_lock_drop();
	i = stx_misbehave_kept(&c, &entry);
	stx_lock_retake();
	stx_unlock(flags);
	return i;
}

static void enter(struct td *t)
{
	EXPECT(48, VP_ENTER, t->vp);
}

static void missing_flush(void)
{
	u64 pages[PAGES];
	struct td t = {};

	td_final_aug(&t, pages);
	tell("flush-skip gpa 0x40200000");
	enter(&t);
	remove_page(&t, GPA, t.page);
	CHECK_EQ(kept(&t), sept_index(GPA, 3));
	enter(&t);
	CHECK_EQ(kept(&t), sept_index(GPA, 3));
	/* In the epoch after that it is forgotten. */
	OK(MEM_TRACK, t.tdr);
	enter(&t);
	CHECK_EQ(kept(&t), -1);
	done(2, 1);
	OK(PAGE_AUG, GPA, t.tdr, t.page);

	/* Without misbehaviour nothing is kept. */
	enter(&t);
	remove_page(&t, GPA, t.page);
	CHECK_EQ(kept(&t), -1);
	OK(PAGE_AUG, GPA, t.tdr, t.page);
	end(&t, pages);
}

static void missing_epoch(void)
{
	u64 pages[PAGES], epoch;
	struct stx_tdcs *tdcs;
	struct td t = {};

	td_final_aug(&t, pages);
	tdcs = __va(t.tdcx[0]);
	tell("track-skip gpa 0x40200000");
	enter(&t);
	epoch = tdcs->epoch;
	remove_page(&t, GPA, t.page);
	CHECK_EQ(tdcs->epoch, epoch);
	enter(&t);
	CHECK_EQ(kept(&t), sept_index(GPA, 3));
	OK(PAGE_AUG, GPA, t.tdr, t.page);
	/* Done once: the next TRACK is right, and REMOVE checks it again. */
	OK(MEM_TRACK, t.tdr);
	CHECK_EQ(tdcs->epoch, epoch + 1);
	enter(&t);
	CHECK_EQ(kept(&t), -1);
	done(2, 1);
	OK(RANGE_BLOCK, GPA, t.tdr);
	EXPECT(RC_TLB_TRACKING_NOT_DONE | STX_RCX, PAGE_REMOVE, GPA, t.tdr);
	OK(MEM_TRACK, t.tdr);
	OK(PAGE_REMOVE, GPA, t.tdr);
	OK(PAGE_AUG, GPA, t.tdr, t.page);
	end(&t, pages);
}

/* It goes with the file, whatever state it is in. */
static void ends_with_file(void)
{
	u64 pages[PAGES];
	struct td t = {};

	td_final_aug(&t, pages);
	tell("flush-skip times 0");
	enter(&t);
	remove_page(&t, GPA, t.page);
	enter(&t);
	CHECK_EQ(kept(&t), sept_index(GPA, 3));
	stx_misbehaves_drop(owner);
	CHECK_EQ(kept(&t), -1);
	OK(PAGE_AUG, GPA, t.tdr, t.page);
	end(&t, pages);
}

int main(void)
{
	static const struct unit_case cases[] = {
		{ "good_lies", good_lies },
		{ "bad_lies", bad_lies },
		{ "table_full", table_full },
		{ "module_init", module_init },
		{ "contents", contents },
		{ "dropped_accept", dropped_accept },
		{ "wrong_page", wrong_page },
		{ "missing_flush", missing_flush },
		{ "missing_epoch", missing_epoch },
		{ "ends_with_file", ends_with_file },
	};

	return softtdx_run(cases, ARRAY_SIZE(cases));
}
