// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vCPU, TDH.VP.*: its pages, its place among the TD's vCPUs, and the CPU it
 * is associated with.  A vCPU's state is cached in one CPU at a time; it must
 * be flushed there before another one may touch it, and before the TD can end.
 */
#include <linux/mm.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "softtdx.h"

static void stx_vp_take(struct stx_call *c)
{
	if (c->vp->lp == STX_NO_LP)
		c->tdcs->nr_assoc++;
	c->vp->lp = smp_processor_id();
}

/* As the row requires: be associated here already, or become so. */
u64 stx_vp_associate(struct stx_call *c)
{
	if (c->vp->lp == smp_processor_id())
		return RC_SUCCESS;
	if (c->leaf->assoc == STX_ASSOC_HERE)
		return stx_checks(c, CHECK_ASSOC) ? RC_VCPU_NOT_ASSOCIATED :
						RC_SUCCESS;
	if (c->vp->lp != STX_NO_LP && stx_checks(c, CHECK_ASSOC))
		return RC_VCPU_ASSOCIATED;
	stx_vp_take(c);
	return RC_SUCCESS;
}

u64 stx_vp_create(struct stx_call *c)
{
	struct stx_tdvps *vp = __va(c->page);

	memset(vp, 0, PAGE_SIZE);
	vp->magic = STX_TDVPS_MAGIC;
	vp->pa = c->page;
	vp->state = VCPU_UNINITIALIZED;
	vp->lp = STX_NO_LP;
	vp->pages[0] = c->page;
	vp->nr_pages = 1;
	vp->next = c->tdcs->vps;
	c->tdcs->vps = c->page;
	return RC_SUCCESS;
}

u64 stx_vp_addcx_check(struct stx_call *c)
{
	if (c->vp->nr_pages == STX_TDVPS_PAGES)
		return stx_refuse(c, CHECK_NUMBER, RC_TDCX_NUM_INCORRECT);
	return RC_SUCCESS;
}

u64 stx_vp_addcx(struct stx_call *c)
{
	memset(__va(c->page), 0, PAGE_SIZE);
	c->vp->pages[c->vp->nr_pages++] = c->page;
	return RC_SUCCESS;
}

/* Version 1 has the x2APIC id, which must be unique in the TD. */
static u64 stx_x2apic_id(struct stx_call *c, u32 *ids)
{
	u64 id = c->in[STX_R8];
	u32 i;

	if (id >> 32 && stx_checks(c, CHECK_X2APIC_BITS))
		return stx_err(RC_OPERAND_INVALID, STX_R8);
	for (i = 0; i < c->tdcs->nr_vcpus; i++)
		if (ids[i] == (u32)id && stx_checks(c, CHECK_X2APIC))
			return RC_X2APIC_ID_NOT_UNIQUE | ids[i];
	ids[c->tdcs->nr_vcpus] = id;
	return RC_SUCCESS;
}

u64 stx_vp_init(struct stx_call *c)
{
	u32 *ids = stx_tdcs_page(c->tdr, STX_TDCS_X2APIC);
	struct stx_tdcs *tdcs = c->tdcs;
	struct stx_tdvps *vp = c->vp;
	u64 err;

	if (!ids)
		return stx_overwritten("TDR", c->tdr->pa);
	if (tdcs->nr_vcpus >= STX_MAX_VCPUS)
		return stx_refuse(c, CHECK_VCPUS, RC_MAX_VCPUS_EXCEEDED);
	if (tdcs->nr_vcpus >= tdcs->max_vcpus && stx_checks(c, CHECK_VCPUS))
		return RC_MAX_VCPUS_EXCEEDED;
	ids[tdcs->nr_vcpus] = ~0;
	if (c->version) {
		err = stx_x2apic_id(c, ids);
		if (err)
			return err;
	}

	vp->index = tdcs->nr_vcpus++;
	vp->x2apic_id = ids[vp->index];
	vp->init_rcx = c->in[STX_RDX];
	stx_vp_fields_init(vp);
	vp->state = VCPU_READY;
	stx_vp_take(c);
	return RC_SUCCESS;
}
