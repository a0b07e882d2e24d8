// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contents of a TD, for td_debugfs.c: its secure EPT entry by entry, its
 * vCPUs one by one.  Each call goes from one to the next under the lock, from
 * an address and not from a pointer, so that a TD may change or end between two
 * calls.  All links are in pages that a buggy host can write to: each is
 * followed only to a page that is the TD's by the PAMT.
 */
#include <linux/align.h>
#include <linux/mm.h>

#include "softtdx.h"

static bool stx_owned(const struct stx_tdr *tdr, u64 pa,
		      enum stx_page_type type)
{
	struct stx_pamt *entry = stx_pamt(pa);

	return entry && stx_page_type(entry) == type &&
	       stx_page_owner(entry) == tdr->pa;
}

/* The table below an entry, also if it is blocked; else NULL. */
static const u64 *stx_table_below(const struct stx_tdr *tdr, u64 entry)
{
	enum stx_sept_state state = septe_state(entry);
	u64 pa = entry & SEPTE_HPA;

	if ((state == SEPT_NL_MAPPED || state == SEPT_NL_BLOCKED) &&
	    stx_owned(tdr, pa, PGT_EPT))
		return __va(pa);
	return NULL;
}

/*
 * Down the tables along *gpa to an entry that begins there, is no higher than
 * top and is not FREE.  If there is none, *gpa becomes the next one to try.
 */
static bool stx_sept_find(const struct stx_tdr *tdr, const u64 *table,
			  int level, u64 *gpa, int top,
			  struct stx_sept_pos *pos)
{
	for (; table; level--) {
		u64 entry = table[sept_index(*gpa, level)];
		u64 base = ALIGN_DOWN(*gpa, sept_level_size(level));

		if (level <= top && base == *gpa &&
		    septe_state(entry) != SEPT_FREE) {
			*pos = (struct stx_sept_pos) { base, entry, level };
			return true;
		}
		table = level ? stx_table_below(tdr, entry) : NULL;
		if (!table)
			*gpa = base + sept_level_size(level);
	}
	return false;
}

/* Before the first entry: as in a table that holds the root. */
void stx_sept_first(const struct stx_tdcs *tdcs, struct stx_sept_pos *pos)
{
	*pos = (struct stx_sept_pos) { .level = tdcs->root_level + 1 };
}

/* The entry after *pos, tables before their entries; false at the end. */
bool stx_sept_next(const struct stx_tdr *tdr, const struct stx_tdcs *tdcs,
		   struct stx_sept_pos *pos)
{
	const u64 *root = stx_tdcs_page(tdr, STX_TDCS_SEPT_ROOT);
	int root_level = tdcs->root_level, top = root_level;
	u64 gpa = pos->gpa;

	if (!root)
		return false;
	if (pos->level > root_level || stx_table_below(tdr, pos->entry))
		top = pos->level - 1;
	else
		gpa += sept_level_size(pos->level);

	for (; gpa < 1ULL << tdcs->gpaw; top = root_level)
		if (stx_sept_find(tdr, root, root_level, &gpa, top, pos))
			return true;
	return false;
}

void stx_sept_view(const struct stx_tdr *tdr, const struct stx_sept_pos *pos,
		   struct stx_sept_view *view)
{
	bool table = !(pos->entry & SEPTE_LEAF);
	u64 pa = pos->entry & SEPTE_HPA;
	struct stx_pamt *entry = stx_pamt(pa);

	*view = (struct stx_sept_view) {
		.pos = *pos,
		.table = table,
		.pa = pa,
		.state = septe_state(pos->entry),
		.agrees = stx_owned(tdr, pa, table ? PGT_EPT : PGT_REG),
		.in_tdmr = entry,
		.type = entry ? stx_page_type(entry) : 0,
		.owner = entry ? stx_page_owner(entry) : 0,
	};
	if (view->agrees && !table && !pos->level)
		view->bytes = __va(pa);
}

/* A vCPU by the address in a link; 0 ends. */
static struct stx_tdvps *stx_vp_linked(const struct stx_tdr *tdr, u64 pa)
{
	if (!pa)
		return NULL;
	if (PAGE_ALIGNED(pa) && stx_owned(tdr, pa, PGT_TDVPR))
		return stx_tdvps(pa);
	stx_overwritten("a vCPU's link in TDR", tdr->pa);
	return NULL;
}

/* The vCPU after the one at pa, the newest if that is 0. */
struct stx_tdvps *stx_vp_next(const struct stx_tdr *tdr,
			      const struct stx_tdcs *tdcs, u64 pa)
{
	struct stx_tdvps *vp;

	if (!pa)
		return stx_vp_linked(tdr, tdcs->vps);
	vp = stx_vp_linked(tdr, pa);
	return vp ? stx_vp_linked(tdr, vp->next) : NULL;
}
