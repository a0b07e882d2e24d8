// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDR, TDCS and TDVPR: from an address to the object.
 *
 * A buggy host can overwrite the pages of a TD.  Each control structure starts
 * with a mark.  Every leaf on a TD fails as fatal if a mark is gone, or if a
 * value could lead the leaf to what is not the TD's: a key, a page, an index.
 * Other damage is not detected.
 */
#include <linux/mm.h>
#include <linux/printk.h>

#include "softtdx.h"

/* TDs that exist, the newest first, linked through their TDRs. */
static u64 stx_tds;
static u64 stx_last_td;

u64 stx_overwritten(const char *what, u64 pa)
{
	pr_err_ratelimited("softtdx: %s at %#llx was overwritten by the host\n",
			   what, pa);
	return RC_TD_FATAL;
}

/* What is used as an index or a shift; the key is given back in TEARDOWN. */
static bool stx_tdr_sane(const struct stx_tdr *tdr, u64 pa)
{
	return tdr->magic == STX_TDR_MAGIC && tdr->pa == pa &&
	       tdr->nr_tdcx <= STX_TDCS_PAGES &&
	       (unsigned int)tdr->life <= LIFE_TEARDOWN &&
	       (tdr->life == LIFE_TEARDOWN || stx_key_tdr(tdr->hkid) == pa);
}

/* A TDR's page, whatever it contains. */
static struct stx_tdr *stx_tdr_page(u64 pa)
{
	struct stx_pamt *entry = stx_pamt(pa);

	return entry && PAGE_ALIGNED(pa) && stx_page_type(entry) == PGT_TDR ?
		__va(pa) : NULL;
}

struct stx_tdr *stx_tdr(u64 pa)
{
	struct stx_tdr *tdr = stx_tdr_page(pa);

	if (tdr && stx_tdr_sane(tdr, pa))
		return tdr;
	stx_overwritten("TDR", pa);
	return NULL;
}

static bool stx_tdcs_sane(const struct stx_tdcs *tdcs)
{
	return tdcs->magic == STX_TDCS_MAGIC &&
	       (unsigned int)tdcs->op <= OP_RUNNABLE &&
	       tdcs->max_vcpus <= STX_MAX_VCPUS &&
	       tdcs->nr_vcpus <= STX_MAX_VCPUS &&
	       (tdcs->op == OP_UNINITIALIZED ||
		((tdcs->gpaw == 48 || tdcs->gpaw == 52) &&
		 (tdcs->root_level == 3 || tdcs->root_level == 4)));
}

/* A page of the TDCS as the TDR names it, NULL unless it is this TD's. */
void *stx_tdcs_page(const struct stx_tdr *tdr, unsigned int i)
{
	u64 pa = tdr->tdcx[i];
	struct stx_pamt *entry = stx_pamt(pa);

	if (!entry || !PAGE_ALIGNED(pa) || stx_page_type(entry) != PGT_TDCX ||
	    stx_page_owner(entry) != tdr->pa)
		return NULL;
	return __va(pa);
}

/* NULL also after the TDCS was reclaimed; logs only if it was overwritten. */
struct stx_tdcs *stx_tdcs(struct stx_tdr *tdr)
{
	struct stx_tdcs *tdcs = stx_tdcs_page(tdr, STX_TDCS_MAIN);

	if (!tdcs || stx_tdcs_sane(tdcs))
		return tdcs;
	stx_overwritten("TDCS", tdr->tdcx[STX_TDCS_MAIN]);
	return NULL;
}

/* The newest TD that is older than that, NULL if there is none. */
struct stx_tdr *stx_td_before(u64 seq)
{
	u64 n = stx_page_count(PGT_TDR), pa = stx_tds;
	struct stx_tdr *tdr;

	for (; pa && n--; pa = tdr->next) {
		tdr = stx_tdr(pa);
		if (!tdr || tdr->seq < seq)
			return tdr;
	}
	return NULL;
}

void stx_td_link(struct stx_tdr *tdr)
{
	tdr->seq = ++stx_last_td;
	tdr->next = stx_tds;
	stx_tds = tdr->pa;
}

void stx_td_unlink(struct stx_tdr *tdr)
{
	u64 n = stx_page_count(PGT_TDR), *link = &stx_tds;
	struct stx_tdr *other;

	while (*link && *link != tdr->pa && n--) {
		other = stx_tdr_page(*link);
		if (!other)
			return;
		link = &other->next;
	}
	if (*link == tdr->pa)
		*link = tdr->next;
}

struct stx_tdvps *stx_tdvps(u64 pa)
{
	struct stx_tdvps *vp = __va(pa);

	if (vp->magic == STX_TDVPS_MAGIC && vp->pa == pa &&
	    vp->nr_pages <= STX_TDVPS_PAGES &&
	    (unsigned int)vp->state <= VCPU_DISABLED)
		return vp;
	stx_overwritten("TDVPR", pa);
	return NULL;
}

/* A page of the TDVPS, NULL unless VP.ADDCX took it and it still is one. */
void *stx_vp_page(const struct stx_tdvps *vp, unsigned int i)
{
	struct stx_pamt *entry;

	if (i >= vp->nr_pages || !PAGE_ALIGNED(vp->pages[i]))
		return NULL;
	entry = stx_pamt(vp->pages[i]);
	if (!entry || stx_page_type(entry) != PGT_TDCX)
		return NULL;
	return __va(vp->pages[i]);
}

/*
 * The TDCS of a TD that can be inspected: MNG.INIT was done, and no page of the
 * TD is reclaimed yet.
 */
struct stx_tdcs *stx_td_inside(struct stx_tdr *tdr)
{
	struct stx_tdcs *tdcs = NULL;

	if (tdr->life != LIFE_TEARDOWN && tdr->nr_tdcx == STX_TDCS_PAGES)
		tdcs = stx_tdcs(tdr);
	return tdcs && tdcs->op != OP_UNINITIALIZED ? tdcs : NULL;
}
