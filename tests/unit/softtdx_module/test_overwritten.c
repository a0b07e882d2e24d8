// SPDX-License-Identifier: GPL-2.0-only
/*
 * lab/softtdx in user space: control pages that the host has written over. What
 * a leaf follows from there must still be the TD's, or the call is fatal.
 */
#include "td.h"

#define TSC_OFFSET	0x110000000000000AULL
#define HOST_FIELD	0x203c	/* a field of the vCPU that takes an address */

/* The host has written over a value of a control page. */
static void damaged(u64 leaf, u64 rcx, u64 rdx, void *at, u64 value)
{
	u64 good;

	memcpy(&good, at, sizeof(good));
	memcpy(at, &value, sizeof(value));
	EXPECT(RC_TD_FATAL, leaf, rcx, rdx);
	memcpy(at, &good, sizeof(good));
}

/* Another TD, with one page of a TDCS. */
static void other_create(struct td *o)
{
	o->tdr = new_page();
	OK(MNG_CREATE, o->tdr, KEYID + 1);
	each_package(KEY_CONFIG, o->tdr);
	o->tdcx[0] = new_page();
	OK(MNG_ADDCX, o->tdcx[0], o->tdr);
}

static void other_end(struct td *o)
{
	td_key_free(o);
	reclaim(o->tdcx, 1);
	reclaim(&o->tdr, 1);
}

static void overwritten(void)
{
	struct td t = {}, other = {};
	struct stx_tdvps *vp;
	struct stx_tdcs *tdcs;
	struct stx_tdr *tdr;

	td_init(&t);
	sept_add(&t);
	other_create(&other);
	tdr = __va(t.tdr);
	tdcs = __va(t.tdcx[0]);
	vp = __va(t.vp);
	damaged(MNG_RD, t.tdr, TSC_OFFSET, &tdr->magic, 0);
	damaged(MNG_RD, t.tdr, TSC_OFFSET, &tdr->hkid, 0x7fffffff);
	damaged(VPFLUSHDONE, t.tdr, 0, &tdr->hkid, KEYID + 1);
	damaged(MNG_RD, t.tdr, TSC_OFFSET, &tdr->life,
		(u64)KEYID << 32 | 77);
	damaged(MNG_RD, t.tdr, TSC_OFFSET, &tdr->tdcx[0], 0xffffffff000);
	damaged(MNG_RD, t.tdr, TSC_OFFSET, &tdr->tdcx[1], 0xffffffff000);
	damaged(MNG_RD, t.tdr, TSC_OFFSET, &tdr->tdcx[1], t.page);
	damaged(MNG_RD, t.tdr, TSC_OFFSET, &tdr->tdcx[1], t.tdcx[1] + 8);
	damaged(MNG_RD, t.tdr, TSC_OFFSET, &tdr->tdcx[1], other.tdcx[0]);
	damaged(RANGE_BLOCK, GPA, t.tdr, &tdr->tdcx[3], t.sept[0]);
	damaged(RANGE_BLOCK, BIT_ULL(46), t.tdr, &tdr->tdcx[3], other.tdcx[0]);
	damaged(MNG_RD, t.tdr, TSC_OFFSET, &tdcs->magic, 0);
	damaged(MNG_RD, t.tdr, TSC_OFFSET, &tdcs->nr_vcpus, 1 << 30);
	damaged(RANGE_BLOCK, GPA, t.tdr, &tdcs->root_level, 60);
	damaged(VP_RD, t.vp, HOST_FIELD, &vp->magic, 0);
	damaged(VP_RD, t.vp, HOST_FIELD, &vp->nr_pages, 1000);
	damaged(RANGE_BLOCK, GPA, t.tdr, __va(t.sept[0]), SOURCE | 0xf7);
	other_end(&other);
	td_end(&t);
}

int main(void)
{
	static const struct unit_case cases[] = {
		{ "module_init", module_init },
		{ "overwritten", overwritten },
	};

	return softtdx_run(cases, ARRAY_SIZE(cases));
}
