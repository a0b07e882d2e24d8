// SPDX-License-Identifier: GPL-2.0-only
/*
 * Single physical pages, TDH.PHYMEM.*: reclaim of a page of a TD that is torn
 * down, write-back of caches (only bookkeeping here), and a page's type and
 * owner.
 */
#include <linux/mm.h>

#include "softtdx.h"

#define CACHE_WB_START		0
#define CACHE_WB_RESUME		1

/* Packages on which it was interrupted, which only injections do. */
static u64 stx_wb_interrupted;

void stx_cache_wb_interrupt(void)
{
	stx_wb_interrupted |= stx_package_bit();
}

u64 stx_phymem_cache_wb(struct stx_call *c)
{
	bool interrupted = stx_wb_interrupted & stx_package_bit();
	u64 cmd = c->in[STX_RCX];

	if (cmd > CACHE_WB_RESUME && stx_checks(c, CHECK_COMMAND))
		return stx_err(RC_OPERAND_INVALID, STX_RCX);
	if (cmd == CACHE_WB_RESUME && !interrupted &&
	    stx_checks(c, CHECK_RESUME))
		return RC_WBCACHE_RESUME_ERROR;
	stx_wb_interrupted &= ~stx_package_bit();
	if (!stx_keys_write_back(stx_package_bit()) &&
	    stx_checks(c, CHECK_WAITING))
		return RC_NO_HKID_READY_TO_WBCACHE;
	return RC_SUCCESS;
}

static u64 stx_reclaim_tdr(struct stx_call *c, struct stx_tdr *tdr)
{
	if (tdr->children && stx_checks(c, CHECK_CHILDREN))
		return RC_TD_ASSOCIATED_PAGES_EXIST;
	stx_td_unlink(tdr);
	tdr->magic = 0;
	return RC_SUCCESS;
}

u64 stx_phymem_page_reclaim(struct stx_call *c)
{
	u64 pa = c->in[STX_RCX], owner, err;
	enum stx_page_type type;
	struct stx_pamt *entry;
	struct stx_tdr *tdr;

	err = stx_page_operand(c, pa, STX_RCX, CHECK_PAGE_ADDRESS, &entry);
	if (err)
		return err;
	type = stx_page_type(entry);
	if (type == PGT_NDA || type == PGT_RSVD)
		return stx_refuse(c, CHECK_PAGE_TYPE,
				  stx_err(RC_PAGE_METADATA_INCORRECT, STX_RCX));

	owner = stx_page_owner(entry);
	c->out[STX_RCX] = type;
	c->out[STX_RDX] = owner;

	tdr = stx_tdr(type == PGT_TDR ? pa : owner);
	if (!tdr)
		return RC_TD_FATAL;
	if (tdr->life != LIFE_TEARDOWN && stx_checks(c, CHECK_LIFE))
		return RC_LIFECYCLE_STATE_INCORRECT;
	if (type != PGT_TDR)
		tdr->children--;
	else
		err = stx_reclaim_tdr(c, tdr);
	if (err)
		return err;
	stx_page_set(entry, PGT_NDA, 0);
	return RC_SUCCESS;
}

/*
 * The keyid in the address says which key to flush; the page must be NDA.  Here
 * a keyid takes no bits from the CPU's physical addresses: all bits above them
 * may be its bits.
 */
u64 stx_phymem_page_wbinvd(struct stx_call *c)
{
	return stx_page_check(c, c->in[STX_RCX] & stx_pa_mask(), STX_RCX,
			      CHECK_PAGE_ADDRESS, PGT_NDA, NULL);
}

u64 stx_phymem_page_rdmd(struct stx_call *c)
{
	enum stx_page_type type;
	struct stx_pamt *entry;
	u64 err;

	err = stx_page_operand(c, c->in[STX_RCX], STX_RCX, CHECK_PAGE_ADDRESS,
			       &entry);
	if (err)
		return err;
	type = stx_page_type(entry);
	c->out[STX_RCX] = type;
	c->out[STX_RDX] = stx_page_owner(entry);
	if (type == PGT_REG || type == PGT_EPT)
		c->out[STX_R9] = entry->bepoch;
	return RC_SUCCESS;
}
