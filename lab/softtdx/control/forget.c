// SPDX-License-Identifier: GPL-2.0-only
/*
 * Forget a TD in whatever state it is: its pages become NDA.  No TDX module
 * does that.  It is for tests that make the host leak a TD on purpose: the host
 * frees memory of the TD and reuses it, and softtdx would refuse pages that it
 * still counts as the TD's.  A keyid that the TD still holds stays taken, as
 * the host has leaked it, too.
 */
#include <linux/mm.h>
#include <linux/pfn.h>

#include "softtdx.h"

static void stx_release_pages(const struct stx_tdmr *t, u64 owner)
{
	u64 n, nr = PHYS_PFN(t->next - t->base);
	struct stx_pamt *pamt = __va(t->pamt_4k);

	for (n = 0; n < nr; n++)
		if (stx_page_type(&pamt[n]) > PGT_RSVD &&
		    stx_page_owner(&pamt[n]) == owner)
			stx_page_set(&pamt[n], PGT_NDA, 0);
}

static bool stx_forget(u64 pa)
{
	struct stx_pamt *entry = PAGE_ALIGNED(pa) ? stx_pamt(pa) : NULL;
	struct stx_tdr *tdr;
	unsigned int i;

	if (!entry || stx_page_type(entry) != PGT_TDR)
		return false;
	tdr = stx_tdr(pa);
	if (!tdr)
		return false;
	for (i = 0; i < stx_nr_tdmrs; i++)
		stx_release_pages(&stx_tdmrs[i], pa);
	if (stx_key_tdr(tdr->hkid) == pa)
		stx_key_take(tdr->hkid, 0);
	stx_td_unlink(tdr);
	tdr->magic = 0;
	stx_page_set(entry, PGT_NDA, 0);
	return true;
}

/* The TD whose TDR is at @pa; false if there is none. */
bool stx_td_forget(u64 pa)
{
	unsigned long flags;
	bool known;

	stx_lock(&flags);
	known = stx_forget(pa);
	stx_unlock(flags);
	return known;
}
