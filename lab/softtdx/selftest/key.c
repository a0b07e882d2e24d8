// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keyids, and a TD's whole life: the states of its key and pages.
 */
#include <linux/bits.h>
#include <linux/mm.h>

#include "selftest.h"

static bool st_create(struct st *t, u64 hkid, u64 status)
{
	u64 regs[STX_NR_REGS] = { [RCX] = st_page(t), [RDX] = hkid };

	return st_says(t, L_MNG_CREATE, regs, NULL, status);
}

static void st_td_leaf(struct st *t, enum st_leaf_id id, struct st_td *td,
		       u64 rcx, u64 status)
{
	u64 regs[STX_NR_REGS] = { [RCX] = rcx };

	st_says(t, id, regs, td, status);
}

static void st_not_free(struct st *t)
{
	u64 regs[STX_NR_REGS];
	struct st_td *td;

	t->column = "a keyid that is not private";
	st_create(t, 0, S_OPERAND_INVALID | RDX);
	st_create(t, t->first_key - 1, S_OPERAND_INVALID | RDX);
	st_create(t, t->last_key + 1, S_OPERAND_INVALID | RDX);
	t->column = "reserved bits of a keyid";
	st_create(t, t->last_key | BIT_ULL(16), S_OPERAND_INVALID | RDX);
	st_create(t, t->last_key | BIT_ULL(63), S_OPERAND_INVALID | RDX);
	t->column = "the module's own keyid";
	st_create(t, t->first_key, S_HKID_NOT_FREE);

	t->column = "another TD's keyid";
	td = st_build(t, TD_ASSIGNED);
	if (td)
		st_create(t, td->hkid, S_HKID_NOT_FREE);
	td = st_build(t, TD_UNINIT);
	if (!td)
		return;
	st_create(t, td->hkid, S_HKID_NOT_FREE);

	/* A page that is refused must not cost a keyid. */
	t->column = "a keyid with a page that is not free";
	st_good(t, L_MNG_CREATE, td, regs);
	regs[RCX] = td->tdr;
	st_says(t, L_MNG_CREATE, regs, NULL,
	      S_PAGE_METADATA_INCORRECT | RCX);
	st_create(t, t->last_key - ST_NR_TDS, S_SUCCESS);
}

/* From VPFLUSHDONE to KEY.FREEID no TD can take it. */
static void st_written_back(struct st *t)
{
	struct st_td *td = st_build(t, TD_UNINIT);
	u64 hkid;

	if (!td)
		return;
	hkid = td->hkid;
	t->column = "no key that waits";
	st_td_leaf(t, L_PHYMEM_CACHE_WB, td, 0, S_NO_HKID_READY_TO_WBCACHE);
	t->column = "a key before write-back";
	st_td_leaf(t, L_MNG_VPFLUSHDONE, td, td->tdr, S_SUCCESS);
	st_td_leaf(t, L_MNG_KEY_FREEID, td, td->tdr, S_WBCACHE_NOT_COMPLETE);
	st_create(t, hkid, S_HKID_NOT_FREE);
	t->column = "a command that there is not";
	st_td_leaf(t, L_PHYMEM_CACHE_WB, td, 2, S_OPERAND_INVALID | RCX);
	st_td_leaf(t, L_PHYMEM_CACHE_WB, td, 1, S_WBCACHE_RESUME_ERROR);

	t->column = "a key written back here only";
	st_td_leaf(t, L_PHYMEM_CACHE_WB, td, 0, S_SUCCESS);
	if (st_other_package(t) >= 0)
		st_td_leaf(t, L_MNG_KEY_FREEID, td, td->tdr,
			   S_WBCACHE_NOT_COMPLETE);

	t->column = "a key that is written back";
	st_every_package(t, L_PHYMEM_CACHE_WB, 0);
	st_create(t, hkid, S_HKID_NOT_FREE);
	st_td_leaf(t, L_MNG_KEY_FREEID, td, td->tdr, S_SUCCESS);
	st_td_leaf(t, L_PHYMEM_CACHE_WB, td, 0, S_NO_HKID_READY_TO_WBCACHE);
	t->column = "a key that is free again";
	st_create(t, hkid, S_SUCCESS);
}

static void st_twice_here(struct st *t)
{
	struct st_td *td = st_build(t, TD_ASSIGNED);
	u64 regs[STX_NR_REGS] = { [RCX] = td ? td->tdr : 0 };
	int cpu = st_other_package(t);

	if (!td || cpu < 0)
		return;
	t->column = "a package that has the key";
	t->cases++;
	if (st_call_on(t, cpu, L_MNG_KEY_CONFIG, regs) != S_KEY_CONFIGURED)
		st_fail(t, "TDH.MNG.KEY.CONFIG", "status", regs[RAX],
			S_KEY_CONFIGURED);
}

/* Every one of them, and then one more. */
static void st_run_out(struct st *t)
{
	u64 hkid, taken = 0;

	st_drop_all(t);
	t->column = "each private keyid";
	for (hkid = t->first_key + 1; hkid <= t->last_key; hkid++)
		taken += st_create(t, hkid, S_SUCCESS);
	st_check(t, "keyids", taken, t->last_key - t->first_key);
	t->column = "no keyid left";
	for (hkid = t->first_key; hkid <= t->last_key; hkid++)
		st_create(t, hkid, S_HKID_NOT_FREE);
}

void st_keyids(struct st *t)
{
	st_not_free(t);
	st_drop_all(t);
	st_twice_here(t);
	st_written_back(t);
	st_run_out(t);
}

static void st_reclaim(struct st *t, struct st_td *td, u64 pa, u64 status)
{
	if (pa)
		st_td_leaf(t, L_PHYMEM_PAGE_RECLAIM, td, pa, status);
}

/* The TDR goes last, and the TD with it. */
void st_life(struct st *t)
{
	struct st_td *td = st_build(t, TD_TEARDOWN);
	unsigned int i, vp;

	if (!td)
		return;
	t->column = "a TD's pages, one by one";
	for (vp = 0; vp < ST_NR_VPS; vp++) {
		for (i = 1; i < t->nr_tdvps; i++)
			st_reclaim(t, td, td->vp[vp].cx[i], S_SUCCESS);
		st_reclaim(t, td, td->vp[vp].vpr, S_SUCCESS);
	}
	for (i = 0; i < ST_NR_PLACES; i++)
		st_reclaim(t, td, td->behind[i], S_SUCCESS);
	for (i = 0; i < t->nr_tdcx; i++) {
		st_reclaim(t, td, td->tdr, S_TD_ASSOCIATED_PAGES_EXIST);
		st_reclaim(t, td, td->tdcx[i], S_SUCCESS);
	}
	st_reclaim(t, td, td->tdr, S_SUCCESS);
	t->column = "a TD that is gone";
	st_reclaim(t, td, td->tdr, S_PAGE_METADATA_INCORRECT | RCX);
	st_td_leaf(t, L_MNG_VPFLUSHDONE, td, td->tdr,
		   S_PAGE_METADATA_INCORRECT | RCX);
	st_check(t, "TDR pages", stx_page_count(PGT_TDR), 0);
}
