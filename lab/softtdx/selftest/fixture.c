// SPDX-License-Identifier: GPL-2.0-only
/*
 * The TDs of the self-test: one for each situation that the ABI distinguishes,
 * with a vCPU for each situation of a vCPU and a GPA for each state of a
 * secure-EPT entry.  Built by the leaves themselves; taken apart by force,
 * without the leaves, because a check may be off and a case may have failed.
 */
#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/topology.h>
#include <asm/msr.h>

#include "selftest.h"

/* A new page, 0 if there is no more memory. */
u64 st_page(struct st *t)
{
	unsigned int i = t->hint;

	while (i < t->nr_pages && t->users[i])
		i++;
	if (i == ST_MAX_PAGES)
		return 0;
	if (i == t->nr_pages) {
		t->pages[i] = alloc_page(GFP_KERNEL);
		if (!t->pages[i])
			return 0;
		t->nr_pages++;
	}
	t->users[i] = t->user;
	t->hint = i + 1;
	return page_to_phys(t->pages[i]);
}

/* A page for a case to take; the same one until a case takes it. */
u64 st_fresh(struct st *t)
{
	if (!t->fresh || stx_page_type(stx_pamt(t->fresh)) != PGT_NDA)
		t->fresh = st_page(t);
	return t->fresh;
}

/* Back to the host, whatever its type is. */
static void st_force_free(u64 pa)
{
	struct stx_pamt *entry = stx_pamt(pa);
	unsigned long flags;

	stx_lock(&flags);
	if (stx_page_type(entry) == PGT_TDR)
		stx_td_unlink(__va(pa));
	if (stx_page_type(entry) != PGT_NDA)
		stx_page_set(entry, PGT_NDA, 0);
	stx_unlock(flags);
}

/* Take a TD apart, and free what cases used in addition. */
void st_drop(struct st *t, enum st_td_id id)
{
	unsigned long flags;
	unsigned int i;

	for (i = 0; i < t->nr_pages; i++) {
		if (t->users[i] != id + 1 && t->users[i] != ST_SCRATCH)
			continue;
		st_force_free(page_to_phys(t->pages[i]));
		t->users[i] = 0;
	}
	t->hint = 0;
	t->fresh = 0;
	stx_lock(&flags);
	stx_keys_drop();
	stx_unlock(flags);
	memset(&t->td[id], 0, sizeof(t->td[id]));
}

void st_drop_all(struct st *t)
{
	unsigned int id;

	for (id = 0; id < ST_NR_TDS; id++)
		st_drop(t, id);
}

/* A set-up call: must succeed. */
bool st_set_up(struct st *t, int cpu, enum st_leaf_id id, u64 rcx, u64 rdx,
	       u64 r8, u64 r9)
{
	u64 regs[STX_NR_REGS] = {
		[RCX] = rcx, [RDX] = rdx, [R8] = r8, [R9] = r9,
	};
	u64 status = st_call_on(t, cpu, id, regs);

	if (status && status != (S_NON_RECOVERABLE_VCPU | 2))
		st_fail(t, st_leaves[id].name, "set-up", status, S_SUCCESS);
	return !status || status == (S_NON_RECOVERABLE_VCPU | 2);
}

/* On this CPU. */
#define DO(t, id, rcx, rdx, r8, r9) \
	st_set_up(t, (t)->here, L_##id, rcx, rdx, r8, r9)

static bool st_first_of_package(int cpu)
{
	int before;

	for_each_online_cpu(before) {
		if (before == cpu)
			return true;
		if (topology_physical_package_id(before) ==
		    topology_physical_package_id(cpu))
			return false;
	}
	return false;
}

/* On every package; or on every one but this. */
static bool st_packages(struct st *t, enum st_leaf_id id, u64 rcx, bool others)
{
	int cpu;

	for_each_online_cpu(cpu) {
		if (!st_first_of_package(cpu))
			continue;
		if (others && topology_physical_package_id(cpu) ==
			      topology_physical_package_id(t->here))
			continue;
		if (!st_set_up(t, cpu, id, rcx, 0, 0, 0))
			return false;
	}
	return true;
}

/* A CPU of another package than this one, -1 if there is none. */
int st_other_package(struct st *t)
{
	int cpu;

	for_each_online_cpu(cpu)
		if (topology_physical_package_id(cpu) !=
		    topology_physical_package_id(t->here))
			return cpu;
	return -1;
}

bool st_every_package(struct st *t, enum st_leaf_id id, u64 rcx)
{
	return st_packages(t, id, rcx, false);
}

/* The minimum that user space can configure, with 8 vCPUs. */
u8 *st_params(struct st *t)
{
	u8 *p = __va(t->params);

	memset(p, 0, PAGE_SIZE);
	p[8] = 3;
	p[16] = ST_NR_VPS + 2;
	p[24] = P_EPTP_4;
	p[32] = P_NO_RBP_MOD;
	p[40] = 40;
	return p;
}

static bool st_add_tdcx(struct st *t, struct st_td *td, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		td->tdcx[i] = st_page(t);
		if (!DO(t, MNG_ADDCX, td->tdcx[i], td->tdr, 0, 0))
			return false;
	}
	return true;
}

static bool st_add_vp(struct st *t, struct st_td *td, struct st_vp *vp,
		      unsigned int nr)
{
	unsigned int i;

	vp->vpr = st_page(t);
	if (!DO(t, VP_CREATE, vp->vpr, td->tdr, 0, 0))
		return false;
	for (i = 1; i < nr; i++) {
		vp->cx[i] = st_page(t);
		if (!DO(t, VP_ADDCX, vp->cx[i], vp->vpr, 0, 0))
			return false;
	}
	return true;
}

/* The x2APIC id is the vCPU's place here. */
static bool st_ready_vp(struct st *t, struct st_td *td, enum st_vp_id id)
{
	return st_add_vp(t, td, &td->vp[id], t->nr_tdvps) &&
	       DO(t, VP_INIT, td->vp[id].vpr, 0, id, 0);
}

static bool st_add_vps(struct st *t, struct st_td *td)
{
	struct st_vp *vp = td->vp;

	if (!st_add_vp(t, td, &vp[VP_INCOMPLETE], t->nr_tdvps - 1) ||
	    !st_add_vp(t, td, &vp[VP_UNINIT], t->nr_tdvps) ||
	    !st_ready_vp(t, td, VP_HERE) || !st_ready_vp(t, td, VP_NOWHERE) ||
	    !DO(t, VP_FLUSH, vp[VP_NOWHERE].vpr, 0, 0, 0))
		return false;
	if (t->other < 0)
		return true;
	return st_ready_vp(t, td, VP_ELSEWHERE) &&
	       DO(t, VP_FLUSH, vp[VP_ELSEWHERE].vpr, 0, 0, 0) &&
	       st_set_up(t, t->other, L_VP_RD, vp[VP_ELSEWHERE].vpr,
			 F_SHARED_EPTP, 0, 0);
}

static const u64 st_gpas[ST_NR_PLACES] = {
	[AT_FREE] = SZ_1G, [AT_MAPPED] = SZ_1G + SZ_4K,
	[AT_PENDING] = SZ_1G + 2 * SZ_4K, [AT_BLOCKED] = SZ_1G + 3 * SZ_4K,
	[AT_PENDING_BLOCKED] = SZ_1G + 4 * SZ_4K,
	[AT_FREE1] = (SZ_1G + SZ_4M) | 1, [AT_FREE2] = 2ULL * SZ_1G | 2,
	[AT_FREE3] = 512ULL * SZ_1G | 3,
	[AT_TABLE1] = SZ_1G | 1, [AT_TABLE2] = SZ_1G | 2, [AT_TABLE3] = 3,
	[AT_BLOCKED1] = (SZ_1G + SZ_2M) | 1,
	[IN_HOLE3] = 512ULL * SZ_1G, [IN_HOLE2] = 2ULL * SZ_1G,
	[IN_HOLE1] = SZ_1G + SZ_4M, [IN_BLOCKED1] = SZ_1G + SZ_2M,
};

u64 st_gpa(enum st_place place)
{
	return st_gpas[place];
}

static bool st_add_table(struct st *t, struct st_td *td, enum st_place place)
{
	td->behind[place] = st_page(t);
	return DO(t, MEM_SEPT_ADD, st_gpas[place], td->tdr, td->behind[place],
		  0);
}

static bool st_add_page(struct st *t, struct st_td *td, enum st_leaf_id id,
			enum st_place place)
{
	td->behind[place] = st_page(t);
	return st_set_up(t, t->here, id, st_gpas[place], td->tdr,
			 td->behind[place], t->source);
}

static bool st_block(struct st *t, struct st_td *td, enum st_place place)
{
	return DO(t, MEM_RANGE_BLOCK, st_gpas[place], td->tdr, 0, 0);
}

static bool st_add_sept(struct st *t, struct st_td *td)
{
	return st_add_table(t, td, AT_TABLE3) &&
	       st_add_table(t, td, AT_TABLE2) &&
	       st_add_table(t, td, AT_TABLE1) &&
	       st_add_table(t, td, AT_BLOCKED1) &&
	       st_add_page(t, td, L_MEM_PAGE_ADD, AT_MAPPED) &&
	       st_add_page(t, td, L_MEM_PAGE_AUG, AT_PENDING) &&
	       st_add_page(t, td, L_MEM_PAGE_ADD, AT_BLOCKED) &&
	       st_add_page(t, td, L_MEM_PAGE_AUG, AT_PENDING_BLOCKED) &&
	       st_block(t, td, AT_BLOCKED) &&
	       st_block(t, td, AT_PENDING_BLOCKED) &&
	       st_block(t, td, AT_BLOCKED1);
}

static bool st_make_final(struct st *t, struct st_td *td)
{
	return st_ready_vp(t, td, VP_OFF) &&
	       DO(t, MR_FINALIZE, td->tdr, 0, 0, 0) &&
	       DO(t, VP_ENTER, td->vp[VP_OFF].vpr, 0, 0, 0);
}

static bool st_flush(struct st *t, struct st_td *td)
{
	return DO(t, VP_FLUSH, td->vp[VP_HERE].vpr, 0, 0, 0) &&
	       (t->other < 0 ||
		st_set_up(t, t->other, L_VP_FLUSH, td->vp[VP_ELSEWHERE].vpr,
			  0, 0, 0));
}

/* From TD_INIT to a TD whose key is written back. */
static bool st_end(struct st *t, struct st_td *td)
{
	return st_flush(t, td) && DO(t, MNG_VPFLUSHDONE, td->tdr, 0, 0, 0) &&
	       st_every_package(t, L_PHYMEM_CACHE_WB, 0);
}

static bool st_keys(struct st *t, struct st_td *td)
{
	td->tdr = st_page(t);
	return DO(t, MNG_CREATE, td->tdr, td->hkid, 0, 0) &&
	       st_packages(t, L_MNG_KEY_CONFIG, td->tdr, true);
}

static bool st_describe(struct st *t, struct st_td *td)
{
	st_params(t);
	return DO(t, MNG_INIT, td->tdr, t->params, 0, 0);
}

/* The steps to a situation; true after the last one that it needs. */
static bool st_steps(struct st *t, struct st_td *td, enum st_td_id id)
{
	unsigned int nr = t->nr_tdcx - (id == TD_NO_TDCS);

	if (!st_keys(t, td) || id == TD_ASSIGNED)
		return td->tdr;
	if (!DO(t, MNG_KEY_CONFIG, td->tdr, 0, 0, 0) ||
	    !st_add_tdcx(t, td, nr))
		return false;
	if (id <= TD_UNINIT)
		return true;
	if (!st_describe(t, td) || !st_add_vps(t, td) || !st_add_sept(t, td))
		return false;

	switch (id) {
	case TD_RUNNABLE:
		return st_make_final(t, td);
	case TD_TRACKED:
		return st_make_final(t, td) &&
		       DO(t, MEM_TRACK, td->tdr, 0, 0, 0);
	case TD_BLOCKED:
		return st_end(t, td);
	case TD_TEARDOWN:
		return st_end(t, td) && DO(t, MNG_KEY_FREEID, td->tdr, 0, 0, 0);
	default:
		return true;
	}
}

/* The TD, built if it is not; NULL, and reported, if that failed. */
struct st_td *st_build(struct st *t, enum st_td_id id)
{
	struct st_td *td = &t->td[id];

	if (!td->built) {
		st_drop(t, id);
		t->user = id + 1;
		td->hkid = t->last_key - id;
		td->built = st_steps(t, td, id);
		t->user = ST_SCRATCH;
	}
	return td->built ? td : NULL;
}
