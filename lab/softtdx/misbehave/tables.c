// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wrong and stale translations.
 *
 * A wrong page in the secure EPT is corrected before anything of the TD is
 * blocked, and when the misbehaviour ends: the host must get back what it gave.
 *
 * A stale translation has to be kept by softtdx: an emulated CPU may flush its
 * whole TLB at each VM entry, with or without INVEPT (Bochs does), so that a
 * missing flush has no effect.  When a page is blocked for which a flush is to
 * be skipped, its translation is recorded for all vCPUs of the TD; each loses
 * it when it flushes.  Until then the vCPU runs on tables in which that one
 * entry leads to a copy of the page, made at the block.  That is what it would
 * read through a stale TLB entry until the page is reused, and the host's
 * memory is not touched.
 */
#include <linux/mm.h>
#include <linux/string.h>

#include "misbehave.h"

#define TABLE_ENTRIES		512
#define TABLES			4	/* below the root; 5-level paging */

/* A page of a TD; it is still the same TD if seq is the same. */
struct stx_misbehave_page {
	u64 td, seq, gpa, pa;
};

/* The last AUG; the AUG that was made to map that page again. */
static struct stx_misbehave_page stx_last_aug, stx_wrong;

/* Blocked, and still known to these vCPUs: a bit each, by index. */
static struct stx_misbehave_page stx_kept;
static u64 stx_keepers;
static bool stx_untracked;

static u64 stx_kept_tables[TABLES][TABLE_ENTRIES] __aligned(PAGE_SIZE);
static u8 stx_kept_copy[PAGE_SIZE] __aligned(PAGE_SIZE);

static struct stx_misbehave_page stx_page_of(const struct stx_call *c, u64 pa)
{
	return (struct stx_misbehave_page){
		.td = c->tdr->pa, .seq = c->tdr->seq, .gpa = c->gpa, .pa = pa,
	};
}

static bool stx_same_td(const struct stx_call *c,
			const struct stx_misbehave_page *p)
{
	return p->td == c->tdr->pa && p->seq == c->tdr->seq;
}

static bool stx_is_td_page(const struct stx_misbehave_page *p)
{
	struct stx_pamt *entry = p->td ? stx_pamt(p->pa) : NULL;

	return entry && stx_page_type(entry) == PGT_REG &&
	       stx_page_owner(entry) == p->td;
}

u64 stx_misbehave_aug(struct stx_call *c)
{
	struct stx_misbehave_page last = stx_last_aug;

	stx_last_aug = stx_page_of(c, c->page);
	if (stx_wrong.td || !stx_same_td(c, &last) || !stx_is_td_page(&last) ||
	    !stx_misbehaves(c, MISBEHAVE_AUG_WRONG))
		return c->page;
	stx_wrong = stx_last_aug;
	return last.pa;
}

/* Correct the wrong entry, if it still exists.  True if it did. */
static bool stx_mend(void)
{
	struct stx_call c = {};
	bool found;

	if (!stx_wrong.td)
		return false;
	c.tdr = stx_td_before(stx_wrong.seq + 1);
	if (c.tdr && stx_same_td(&c, &stx_wrong))
		c.tdcs = stx_td_inside(c.tdr);
	found = c.tdcs && stx_is_td_page(&stx_wrong) &&
		stx_sept_walk_to(&c, stx_wrong.gpa, 0) && !c.level &&
		septe_state(*c.septe) != SEPT_FREE;
	if (found)
		WRITE_ONCE(*c.septe, (*c.septe & ~SEPTE_HPA) | stx_wrong.pa);
	stx_wrong = (struct stx_misbehave_page){};
	return found;
}

/* For all vCPUs that exist now. */
static void stx_keep(const struct stx_call *c)
{
	u64 hpa = *c->septe & SEPTE_HPA;

	stx_kept = stx_page_of(c, hpa);
	memcpy(stx_kept_copy, __va(hpa), PAGE_SIZE);
	stx_untracked = false;
	WRITE_ONCE(stx_keepers, c->tdcs->nr_vcpus < 64 ?
		   BIT_ULL(c->tdcs->nr_vcpus) - 1 : ~0ULL);
}

void stx_misbehave_block(struct stx_call *c)
{
	if (stx_mend())
		c->mapped = stx_pamt(*c->septe & SEPTE_HPA);
	if (c->tdcs->op != OP_RUNNABLE ||
	    septe_state(*c->septe) != SEPT_MAPPED ||
	    (stx_keepers && stx_same_td(c, &stx_kept)))
		return;
	if (stx_misbehave_waits(c, MISBEHAVE_FLUSH_SKIP) ||
	    stx_misbehave_waits(c, MISBEHAVE_TRACK_SKIP))
		stx_keep(c);
}

bool stx_misbehave_track(struct stx_call *c)
{
	if (!stx_keepers || !stx_same_td(c, &stx_kept))
		return false;
	c->gpa = stx_kept.gpa;
	stx_untracked = stx_misbehaves(c, MISBEHAVE_TRACK_SKIP);
	return stx_untracked;
}

bool stx_misbehave_untracked(const struct stx_call *c)
{
	return stx_untracked && stx_same_td(c, &stx_kept);
}

static bool stx_keeps(const struct stx_call *c)
{
	return c->vp->index < 64 && (stx_keepers & BIT_ULL(c->vp->index)) &&
	       stx_same_td(c, &stx_kept);
}

bool stx_misbehave_no_flush(struct stx_call *c)
{
	if (!stx_keeps(c))
		return false;
	c->gpa = stx_kept.gpa;
	if (stx_misbehaves(c, MISBEHAVE_FLUSH_SKIP))
		return true;
	WRITE_ONCE(stx_keepers, stx_keepers & ~BIT_ULL(c->vp->index));
	return false;
}

void stx_misbehaves_ended(void)
{
	stx_mend();
	stx_last_aug = (struct stx_misbehave_page){};
	WRITE_ONCE(stx_keepers, 0);
}

/* A copy of the TD's table with one other entry.  Other CPUs may walk it. */
static void stx_kept_copy_table(u64 *to, const u64 *from, unsigned int index,
				u64 entry)
{
	unsigned int i;
	u64 e;

	for (i = 0; i < TABLE_ENTRIES; i++) {
		e = i == index ? entry : READ_ONCE(from[i]);
		if (to[i] != e)
			WRITE_ONCE(to[i], e);
	}
}

static bool stx_kept_build(struct stx_call *c)
{
	u64 gpa = stx_kept.gpa, entry;
	int level;

	for (level = 0; level < c->tdcs->root_level; level++) {
		/* The table of this level, by the entry one level up. */
		if (!stx_sept_walk_to(c, gpa, level + 1) ||
		    c->level != level + 1 ||
		    septe_state(*c->septe) != SEPT_NL_MAPPED)
			return false;
		entry = level ?
			septe_nonleaf(__pa(stx_kept_tables[level - 1])) :
			septe_mapped(__pa(stx_kept_copy));
		stx_kept_copy_table(stx_kept_tables[level],
				    __va(*c->septe & SEPTE_HPA),
				    sept_index(gpa, level), entry);
	}
	return true;
}

int stx_misbehave_kept(struct stx_call *c, u64 *entry)
{
	int root = c->tdcs->root_level, index = -1;

	if (!READ_ONCE(stx_keepers))
		return -1;
	stx_lock_retake();
	if (stx_keeps(c) && stx_kept_build(c)) {
		index = sept_index(stx_kept.gpa, root);
		*entry = septe_nonleaf(__pa(stx_kept_tables[root - 1]));
	}
	stx_lock_drop();
	return index;
}
