// SPDX-License-Identifier: GPL-2.0-only
/*
 * lab/softtdx in user space: each leaf where it must be refused, with the exact
 * status, beside where it must not. The module's own state only goes forward,
 * so the cases go from a module before SYS.INIT to one after its end, in order;
 * each case on a TD makes one and takes it down to the last page.
 */
#include "softtdx_td.h"

#define TSC_OFFSET	0x110000000000000AULL
#define HOST_FIELD	0x203c	/* a field of the vCPU that takes an address */

static void rax(void)
{
	EXPECT(INVALID(STX_RAX), 0x1234);
	EXPECT(INVALID(STX_RAX), MNG_CREATE | 1 << 16);
	EXPECT(INVALID(STX_RAX), VP_INIT + (1 << 16));
	EXPECT(INVALID(STX_RAX), MNG_CREATE | BIT_ULL(40));
	EXPECT(~0ULL, BIT_ULL(63));
}

static void sys_init(void)
{
	EXPECT(RC_SYS_NOT_READY, MNG_CREATE, new_page(), KEYID);
	EXPECT(RC_SYS_NOT_READY, SYS_RD, 0, 0x0800000100000003);
	EXPECT(RC_SYS_LP_INIT_NOT_PENDING, LP_INIT);
	EXPECT(INVALID(STX_RCX), SYS_INIT, 1);
	OK(SYS_INIT);
	EXPECT(RC_SYS_INIT_NOT_PENDING, SYS_INIT);
}

static void sys_lp_init(void)
{
	EXPECT(RC_SYS_LP_INIT_NOT_DONE, SYS_RD, 0, 0x0800000100000003);
	EXPECT(RC_SYS_LP_INIT_NOT_DONE, SYS_CONFIG, INFO_ARRAY, 1, 64);
	OK(LP_INIT);
	OK(SYS_RD, 0, 0x0800000100000003);
	CHECK_EQ(r[STX_R8], 5);
	EXPECT(RC_METADATA_FIELD_ID_INCORRECT, SYS_RD, 0, 0x0800000100000013);
	CHECK_EQ(r[STX_R8], 0);
	EXPECT(RC_SYS_LP_INIT_DONE, LP_INIT);

	for (shim_cpu = 1; shim_cpu < 4; shim_cpu++) {
		EXPECT(RC_SYS_LP_INIT_NOT_DONE, SYS_RD, 0, 0x0800000100000003);
		EXPECT(RC_SYS_LP_INIT_NOT_DONE, SYS_CONFIG, INFO_ARRAY, 1, 64);
		OK(LP_INIT);
	}
	shim_cpu = 0;
}

/* One value of a good TDMR changed. */
static void config_with(u64 want, u64 *value, u64 bad)
{
	*value = bad;
	EXPECT(want, SYS_CONFIG, INFO_ARRAY, 1, 64);
	info_good();
}

static void sys_config(void)
{
	struct info *i = info_good();

	EXPECT(RC_SYS_KEY_CONFIG_NOT_PENDING, SYS_KEY_CONFIG);
	EXPECT(INVALID(STX_RCX), SYS_CONFIG, INFO_ARRAY + 8, 1, 64);
	EXPECT(INVALID(STX_RDX), SYS_CONFIG, INFO_ARRAY, 0, 64);
	EXPECT(INVALID(STX_RDX), SYS_CONFIG, INFO_ARRAY, 65, 64);
	EXPECT(INVALID(STX_R8), SYS_CONFIG, INFO_ARRAY, 1, 63);
	EXPECT(INVALID(STX_R8), SYS_CONFIG, INFO_ARRAY, 1, 68);

	config_with(INVALID(OPID_TDMR_INFO), __va(INFO_ARRAY), INFO + 8);
	config_with(RC_INVALID_TDMR, &i->base, 0x1000);
	config_with(RC_INVALID_TDMR, &i->size, 0);
	config_with(RC_TDMR_OUTSIDE_CMRS, &i->rsvd[0].size, 0xff000);
	config_with(RC_INVALID_RESERVED_IN_TDMR | 2 << 8, &i->rsvd[2].size,
		    SZ_1G - RAM_END + SZ_4K);
	config_with(RC_NON_ORDERED_RESERVED_IN_TDMR | 1 << 8,
		    &i->rsvd[1].offset, 0);
	config_with(RC_PAMT_OVERLAP, &i->rsvd[1].size, PAMT_SIZE - SZ_4K);
	config_with(RC_INVALID_PAMT, &i->pamt[5], PAMT_SIZE - 4 * SZ_4K);
	config_with(RC_INVALID_PAMT | 2 << 8, &i->pamt[0], PAMT + 1);
	OK(SYS_CONFIG, INFO_ARRAY, 1, 64);
	EXPECT(RC_SYS_CONFIG_NOT_PENDING, SYS_CONFIG, INFO_ARRAY, 1, 64);
}

static void sys_keys_and_tdmrs(void)
{
	int i;

	OK(SYS_KEY_CONFIG);
	EXPECT(RC_KEY_CONFIGURED, SYS_KEY_CONFIG);
	EXPECT(RC_SYS_NOT_READY, TDMR_INIT);
	shim_cpu = 3;
	OK(SYS_KEY_CONFIG);
	shim_cpu = 0;

	EXPECT(INVALID(STX_RCX), TDMR_INIT, 0x1000);
	EXPECT(RC_OPERAND_ADDR_RANGE_ERROR | STX_RCX, MNG_CREATE, new_page(),
	       KEYID);
	for (i = 0; i < 16; i++) {
		OK(TDMR_INIT);
		CHECK_EQ(r[STX_RDX], i == 15 ? SZ_1G : 0);
	}
	EXPECT(RC_TDMR_ALREADY_INITIALIZED, TDMR_INIT);
}

static void assert_page(u64 pa, enum stx_page_type type, u64 owner)
{
	OK(PAGE_RDMD, pa);
	CHECK_EQ(r[STX_RCX], type);
	CHECK_EQ(r[STX_RDX], owner);
}

static void page_types(void)
{
	assert_page(0x1000, PGT_RSVD, 0);
	assert_page(0x100000, PGT_NDA, 0);
	assert_page(PAMT - SZ_4K, PGT_NDA, 0);
	assert_page(PAMT, PGT_RSVD, 0);
	assert_page(PAMT + PAMT_SIZE - SZ_4K, PGT_RSVD, 0);
	assert_page(PAMT + PAMT_SIZE, PGT_NDA, 0);
	EXPECT(INVALID(STX_RCX), PAGE_RDMD, PAMT + 1);
	EXPECT(RC_OPERAND_ADDR_RANGE_ERROR | STX_RCX, PAGE_RDMD, SZ_1G);
}

static void mng_create(void)
{
	u64 tdr = new_page();
	struct td t = { .tdr = tdr };

	EXPECT(INVALID(STX_RDX), MNG_CREATE, tdr, 63);
	EXPECT(INVALID(STX_RDX), MNG_CREATE, tdr, 68);
	EXPECT(INVALID(STX_RDX), MNG_CREATE, tdr, KEYID | 1 << 16);
	EXPECT(RC_HKID_NOT_FREE, MNG_CREATE, tdr, 64);
	EXPECT(WRONG_PAGE(STX_RCX), MNG_CREATE, 0x1000, KEYID);
	EXPECT(INVALID(STX_RCX), MNG_CREATE, tdr + 1, KEYID);
	EXPECT(INVALID(STX_RCX), MNG_CREATE, tdr | BIT_ULL(46), KEYID);
	OK(MNG_CREATE, tdr, KEYID);
	EXPECT(RC_HKID_NOT_FREE, MNG_CREATE, new_page(), KEYID);
	EXPECT(WRONG_PAGE(STX_RCX), MNG_CREATE, tdr, 66);

	OK(KEY_CONFIG, tdr);
	EXPECT(RC_KEY_CONFIGURED, KEY_CONFIG, tdr);
	EXPECT(RC_TD_KEYS_NOT_CONFIGURED, MNG_ADDCX, new_page(), tdr);
	shim_cpu = 2;
	OK(KEY_CONFIG, tdr);
	shim_cpu = 0;
	EXPECT(RC_LIFECYCLE_STATE_INCORRECT, KEY_CONFIG, tdr);
	EXPECT(RC_TDCS_NOT_ALLOCATED, MNG_INIT, tdr, PARAMS);
	td_key_free(&t);
	td_reclaim(&t);
}

static void init_with(struct td *t, u64 want, unsigned int offset, u8 value)
{
	params_good()[offset] = value;
	EXPECT(want, MNG_INIT, t->tdr, PARAMS);
	params_good();
}

static void mng_init(void)
{
	struct td t = {};

	td_create(&t);
	params_good();
	EXPECT(RC_TDCX_NUM_INCORRECT, MNG_ADDCX, new_page(), t.tdr);
	EXPECT(RC_OP_STATE_INCORRECT, MNG_RD, t.tdr, TSC_OFFSET);
	EXPECT(RC_OP_STATE_INCORRECT, VP_CREATE, new_page(), t.tdr);
	EXPECT(WRONG_PAGE(STX_RCX), MNG_INIT, t.tdcx[0], PARAMS);
	EXPECT(INVALID(STX_RDX), MNG_INIT, t.tdr, PARAMS + 8);
	EXPECT(INVALID(STX_RDX), MNG_INIT, t.tdr, t.tdr);
	init_with(&t, INVALID(OPID_ATTRIBUTES), 0, 1);
	init_with(&t, INVALID(OPID_CPUID_CONFIG), TD_PARAMS_CPUID, 0x10);
	init_with(&t, INVALID(STX_RDX),
		  TD_PARAMS_CPUID_END(STX_NR_CPUID_CONFIGS), 1);
	OK(MNG_INIT, t.tdr, PARAMS);
	EXPECT(RC_OP_STATE_INCORRECT, MNG_INIT, t.tdr, PARAMS);
	OK(MNG_RD, t.tdr, TSC_OFFSET);
	EXPECT(RC_METADATA_FIELD_ID_INCORRECT, MNG_RD, t.tdr, TSC_OFFSET + 2);
	EXPECT(RC_NO_VCPUS, MR_FINALIZE, t.tdr);
	td_key_free(&t);
	td_reclaim(&t);
}

static void vp_init(void)
{
	struct td t = {}, more[2] = {};
	int i;

	td_create(&t);
	OK(MNG_INIT, t.tdr, PARAMS);
	t.vp = new_page();
	OK(VP_CREATE, t.vp, t.tdr);
	EXPECT(RC_TDCX_NUM_INCORRECT, VP_INIT, t.vp, 0, 0);
	for (i = 0; i < 5; i++) {
		t.vp_pages[i] = new_page();
		OK(VP_ADDCX, t.vp_pages[i], t.vp);
	}
	EXPECT(RC_TDCX_NUM_INCORRECT, VP_ADDCX, new_page(), t.vp);
	EXPECT(RC_VCPU_STATE_INCORRECT, VP_WR, t.vp, HOST_FIELD, 0, ~0ULL);
	EXPECT(INVALID(STX_R8), VP_INIT, t.vp, 0, BIT_ULL(32));
	OK(VP_INIT, t.vp, 0, 7);
	EXPECT(RC_VCPU_STATE_INCORRECT | 1, VP_INIT, t.vp, 0, 7);

	for (i = 0; i < 2; i++) {
		more[i].tdr = t.tdr;
		vp_pages_add(&more[i]);
	}
	EXPECT(RC_X2APIC_ID_NOT_UNIQUE | 7, VP_INIT, more[0].vp, 0, 7);
	OK(VP_INIT, more[0].vp, 0, 8);
	EXPECT(RC_MAX_VCPUS_EXCEEDED, VP_INIT, more[1].vp, 0, 9);

	OK(VP_FLUSH, more[0].vp);
	EXPECT(RC_FLUSHVP_NOT_DONE, VPFLUSHDONE, t.tdr);
	OK(VP_FLUSH, t.vp);
	td_key_free(&t);
	for (i = 0; i < 2; i++) {
		reclaim(more[i].vp_pages, 5);
		reclaim(&more[i].vp, 1);
	}
	td_reclaim(&t);
}

static void vp_association(void)
{
	struct td t = {};

	td_init(&t);
	OK(VP_WR, t.vp, HOST_FIELD, SOURCE, ~0ULL);
	EXPECT(RC_METADATA_FIELD_VALUE_NOT_VALID, VP_WR, t.vp, HOST_FIELD,
	       BIT_ULL(50), ~0ULL);
	EXPECT(RC_METADATA_FIELD_ID_INCORRECT, VP_WR, t.vp, 0x4444, 1, 1);
	shim_cpu = 1;
	EXPECT(RC_VCPU_ASSOCIATED, VP_RD, t.vp, HOST_FIELD);
	EXPECT(RC_VCPU_NOT_ASSOCIATED, VP_FLUSH, t.vp);
	shim_cpu = 0;
	OK(VP_FLUSH, t.vp);
	EXPECT(RC_VCPU_NOT_ASSOCIATED, VP_FLUSH, t.vp);
	shim_cpu = 1;
	OK(VP_RD, t.vp, HOST_FIELD);
	CHECK_EQ(r[STX_R8], SOURCE);
	EXPECT(RC_OP_STATE_INCORRECT, VP_ENTER, t.vp);
	OK(MR_FINALIZE, t.tdr);
	EXPECT(RC_NON_RECOVERABLE_VCPU | 2, VP_ENTER, t.vp);
	EXPECT(RC_VCPU_STATE_INCORRECT | 2, VP_ENTER, t.vp);
	EXPECT(RC_VCPU_STATE_INCORRECT | 2, VP_WR, t.vp, HOST_FIELD, 0, ~0ULL);
	OK(VP_FLUSH, t.vp);
	shim_cpu = 0;
	td_key_free(&t);
	td_reclaim(&t);
}

static void sept_and_pages(void)
{
	struct td t = {};

	td_init(&t);
	EXPECT(RC_EPT_WALK_FAILED | STX_RCX, PAGE_ADD, GPA, t.tdr, new_page(),
	       SOURCE);
	CHECK_EQ(r[STX_RDX], 3);
	EXPECT(INVALID(STX_RCX), SEPT_ADD, GPA | 3, t.tdr, new_page());
	EXPECT(INVALID(STX_RCX), SEPT_ADD, 0, t.tdr, new_page());
	EXPECT(INVALID(STX_RCX), SEPT_ADD, 4, t.tdr, new_page());
	EXPECT(INVALID(STX_RCX), SEPT_ADD, BIT_ULL(47) | 3, t.tdr, new_page());
	EXPECT(WRONG_PAGE(STX_R8), SEPT_ADD, 3, t.tdr, t.tdr);
	sept_add(&t);

	EXPECT(RC_EPT_ENTRY_STATE_INCORRECT | STX_RCX, SEPT_ADD, 3, t.tdr,
	       new_page());
	CHECK_EQ(r[STX_RDX], 0x8403);
	EXPECT(RC_EPT_ENTRY_STATE_INCORRECT | STX_RCX, PAGE_ADD, GPA, t.tdr,
	       new_page(), SOURCE);
	CHECK_EQ(r[STX_RDX], 0x400);
	EXPECT(WRONG_PAGE(STX_R8), PAGE_ADD, GPA + SZ_4K, t.tdr, t.page,
	       SOURCE);
	EXPECT(INVALID(STX_R9), PAGE_ADD, GPA + SZ_4K, t.tdr, new_page(),
	       t.page);
	EXPECT(WRONG_PAGE(STX_RDX), PAGE_ADD, GPA + SZ_4K, t.vp, new_page(),
	       SOURCE);
	assert_page(t.page, PGT_REG, t.tdr);
	EXPECT(WRONG_PAGE(STX_RCX), PAGE_WBINVD, t.page);

	OK(MR_EXTEND, GPA + 256, t.tdr);
	EXPECT(INVALID(STX_RCX), MR_EXTEND, GPA + 8, t.tdr);
	EXPECT(RC_EPT_ENTRY_NOT_PRESENT | STX_RCX, MR_EXTEND, GPA + SZ_4K,
	       t.tdr);
	td_end(&t);
}

/* Three steps once the TD is final, and only in their order. */
static void page_removal(void)
{
	struct td t = {};

	td_init(&t);
	sept_add(&t);
	OK(MR_FINALIZE, t.tdr);
	EXPECT(RC_OP_STATE_INCORRECT, MR_FINALIZE, t.tdr);
	EXPECT(RC_OP_STATE_INCORRECT, PAGE_ADD, GPA + SZ_4K, t.tdr, new_page(),
	       SOURCE);
	EXPECT(RC_OP_STATE_INCORRECT, MR_EXTEND, GPA, t.tdr);
	EXPECT(INVALID(STX_RCX), PAGE_AUG, GPA | 1, t.tdr, new_page());

	EXPECT(RC_GPA_RANGE_NOT_BLOCKED | STX_RCX, PAGE_REMOVE, GPA, t.tdr);
	OK(RANGE_BLOCK, GPA, t.tdr);
	EXPECT(RC_GPA_RANGE_ALREADY_BLOCKED | STX_RCX, RANGE_BLOCK, GPA, t.tdr);
	EXPECT(RC_TLB_TRACKING_NOT_DONE | STX_RCX, PAGE_REMOVE, GPA, t.tdr);
	OK(MEM_TRACK, t.tdr);
	OK(PAGE_REMOVE, GPA, t.tdr);
	CHECK_EQ(r[STX_RCX], t.page);
	EXPECT(RC_EPT_ENTRY_STATE_INCORRECT | STX_RCX, PAGE_REMOVE, GPA, t.tdr);
	OK(PAGE_WBINVD, t.page);
	OK(PAGE_AUG, GPA, t.tdr, t.page);
	EXPECT(RC_EPT_ENTRY_STATE_INCORRECT | STX_RCX, PAGE_AUG, GPA, t.tdr,
	       new_page());
	td_end(&t);
}

static void teardown(void)
{
	struct td t = {};

	td_init(&t);
	sept_add(&t);
	EXPECT(RC_LIFECYCLE_STATE_INCORRECT, KEY_FREEID, t.tdr);
	EXPECT(RC_LIFECYCLE_STATE_INCORRECT, PAGE_RECLAIM, t.page);
	EXPECT(RC_FLUSHVP_NOT_DONE, VPFLUSHDONE, t.tdr);
	OK(VP_FLUSH, t.vp);
	EXPECT(RC_NO_HKID_READY_TO_WBCACHE, CACHE_WB);
	OK(VPFLUSHDONE, t.tdr);
	EXPECT(RC_LIFECYCLE_STATE_INCORRECT, VPFLUSHDONE, t.tdr);
	EXPECT(RC_TD_KEYS_NOT_CONFIGURED, SEPT_ADD, 1, t.tdr, new_page());
	EXPECT(INVALID(STX_RCX), CACHE_WB, 2);
	EXPECT(RC_WBCACHE_RESUME_ERROR, CACHE_WB, 1);
	OK(CACHE_WB);
	EXPECT(RC_WBCACHE_NOT_COMPLETE, KEY_FREEID, t.tdr);
	shim_cpu = 3;
	OK(CACHE_WB);
	shim_cpu = 0;
	EXPECT(RC_HKID_NOT_FREE, MNG_CREATE, new_page(), KEYID);
	OK(KEY_FREEID, t.tdr);
	EXPECT(RC_TD_ASSOCIATED_PAGES_EXIST, PAGE_RECLAIM, t.tdr);
	td_reclaim(&t);
	EXPECT(WRONG_PAGE(STX_RCX), PAGE_RECLAIM, t.tdr);
	EXPECT(WRONG_PAGE(STX_RCX), VPFLUSHDONE, t.tdr);
}

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

static void sys_disable(void)
{
	OK(SYS_DISABLE);
	EXPECT(RC_SYS_SHUTDOWN, PAGE_RDMD, 0x100000);
}

int main(void)
{
	static const struct unit_case cases[] = {
		{ "rax", rax },
		{ "sys_init", sys_init },
		{ "sys_lp_init", sys_lp_init },
		{ "sys_config", sys_config },
		{ "sys_keys_and_tdmrs", sys_keys_and_tdmrs },
		{ "page_types", page_types },
		{ "mng_create", mng_create },
		{ "mng_init", mng_init },
		{ "vp_init", vp_init },
		{ "vp_association", vp_association },
		{ "sept_and_pages", sept_and_pages },
		{ "page_removal", page_removal },
		{ "teardown", teardown },
		{ "overwritten", overwritten },
		{ "sys_disable", sys_disable },
	};

	return softtdx_run(cases, ARRAY_SIZE(cases));
}
