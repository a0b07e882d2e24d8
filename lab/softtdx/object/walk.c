// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walks of a TD's secure EPT, from its root to an entry.
 */
#include <linux/mm.h>

#include "softtdx.h"

/* A table must be a page that this TD was given as one, or the root. */
static u64 *stx_sept_table(const struct stx_tdr *tdr, u64 pa,
			   enum stx_page_type type)
{
	struct stx_pamt *entry = stx_pamt(pa);

	if (entry && PAGE_ALIGNED(pa) && stx_page_type(entry) == type &&
	    stx_page_owner(entry) == tdr->pa)
		return __va(pa);
	stx_overwritten("secure EPT", pa);
	return NULL;
}

/*
 * Walk to the entry at @level, or as far as there are tables; c->level and
 * c->septe say where it ended.  Fails only if a table was overwritten.
 */
u64 stx_sept_walk(struct stx_call *c, int level)
{
	u64 pa = c->tdr->tdcx[STX_TDCS_SEPT_ROOT];
	u64 *table;

	table = stx_sept_table(c->tdr, pa, PGT_TDCX);
	for (c->level = c->tdcs->root_level; table && c->level >= 0;
	     c->level--) {
		c->septe = &table[sept_index(c->gpa, c->level)];
		if (septe_state(*c->septe) == SEPT_CORRUPT)
			break;
		if (c->level == level || !(*c->septe & SEPTE_RWX) ||
		    septe_is_leaf(*c->septe))
			return RC_SUCCESS;
		table = stx_sept_table(c->tdr, *c->septe & SEPTE_HPA, PGT_EPT);
	}
	return stx_overwritten("secure EPT of TDR", c->tdr->pa);
}

/* For a guest's access, which has an address and no operand. */
bool stx_sept_walk_to(struct stx_call *c, u64 gpa, int level)
{
	c->gpa = gpa;
	return stx_sept_walk(c, level) == RC_SUCCESS;
}
