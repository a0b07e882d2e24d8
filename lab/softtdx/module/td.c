// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TD's life cycle, TDH.MNG.*: a key is assigned (CREATE), configured on every
 * package (KEY.CONFIG), the TDCS is given page by page (ADDCX) and described
 * (INIT); at the end no vCPU may be loaded anywhere (VPFLUSHDONE), the caches
 * are written back, the key is free (KEY.FREEID), and only then can pages be
 * reclaimed.
 */
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <asm/msr.h>
#include <asm/vmx.h>

#include "softtdx.h"

#define HKID_RESERVED		GENMASK_ULL(63, 16)

#define ID_TSC_OFFSET		FIELD_KEY(0x110000000000000AULL)
#define ID_TSC_MULTIPLIER	FIELD_KEY(0x110000000000000BULL)
#define ID_CPUID		FIELD_KEY(0x9410000300000000ULL)
#define FIELD_CLASS_MASK	0xbf00000000000000ULL

/* VMX TSC multipliers have 48 fractional bits. */
#define TSC_RATIO_ONE		BIT_ULL(48)

u64 stx_mng_create_check(struct stx_call *c)
{
	u64 wrong = stx_err(RC_OPERAND_INVALID, STX_RDX);
	u64 hkid = c->in[STX_RDX];

	if ((hkid & HKID_RESERVED) && stx_checks(c, CHECK_KEYID_BITS))
		return wrong;
	if (!stx_key_private(hkid & ~HKID_RESERVED))
		return stx_refuse(c, CHECK_KEYID, wrong);
	return RC_SUCCESS;
}

u64 stx_mng_create(struct stx_call *c)
{
	u64 hkid = c->in[STX_RDX] & ~HKID_RESERVED;
	struct stx_tdr *tdr = __va(c->page);

	if (stx_key_own(hkid))
		return stx_refuse(c, CHECK_KEYID_OWN, RC_HKID_NOT_FREE);
	if (!stx_key_is_free(hkid) && stx_checks(c, CHECK_KEYID_FREE))
		return RC_HKID_NOT_FREE;

	stx_key_take(hkid, c->page);
	memset(tdr, 0, PAGE_SIZE);
	tdr->magic = STX_TDR_MAGIC;
	tdr->pa = c->page;
	tdr->life = LIFE_HKID_ASSIGNED;
	tdr->hkid = hkid;
	stx_td_link(tdr);
	return RC_SUCCESS;
}

u64 stx_mng_key_config(struct stx_call *c)
{
	u64 pkg = stx_package_bit();

	if ((c->tdr->pkgs & pkg) && stx_checks(c, CHECK_PACKAGE))
		return RC_KEY_CONFIGURED;
	c->tdr->pkgs |= pkg;
	if (c->tdr->pkgs == stx_packages())
		c->tdr->life = LIFE_KEYS_CONFIGURED;
	return RC_SUCCESS;
}

u64 stx_mng_addcx_check(struct stx_call *c)
{
	if (c->tdr->nr_tdcx == STX_TDCS_PAGES)
		return stx_refuse(c, CHECK_NUMBER, RC_TDCX_NUM_INCORRECT);
	return RC_SUCCESS;
}

u64 stx_mng_addcx(struct stx_call *c)
{
	struct stx_tdr *tdr = c->tdr;
	unsigned int i = tdr->nr_tdcx;
	u64 *page = __va(c->page);

	if (i == STX_TDCS_SEPT_ROOT)
		memset64(page, SEPTE_FREE, PAGE_SIZE / sizeof(u64));
	else
		memset(page, 0, PAGE_SIZE);
	if (i == STX_TDCS_MAIN)
		((struct stx_tdcs *)page)->magic = STX_TDCS_MAGIC;
	tdr->tdcx[i] = c->page;
	tdr->nr_tdcx++;
	return RC_SUCCESS;
}

static u32 stx_params_off(const struct stx_call *c)
{
	unsigned int check;
	u32 off = 0;

	for (check = CHECK_ATTRIBUTES; check <= CHECK_TSC; check++)
		if (!stx_checks(c, check))
			off |= TD_PARAMS_RULE(check);
	return off;
}

static struct stx_td_limits stx_limits(const struct stx_call *c)
{
	u64 ept = 0;

	rdmsrq_safe(MSR_IA32_VMX_EPT_VPID_CAP, &ept);
	return (struct stx_td_limits) {
		.attributes = STX_ATTRIBUTES,
		.xfam = STX_XFAM_FIXED0 & stx_xfam_native(),
		.xfam_fixed1 = STX_XFAM_FIXED1,
		.max_vcpus = STX_MAX_VCPUS,
		.ept5 = ept & VMX_EPT_PAGE_WALK_5_BIT,
		.off = stx_params_off(c),
	};
}

static void stx_td_set(struct stx_tdcs *tdcs, const struct stx_td_config *cfg,
		       const u8 *params)
{
	tdcs->attributes = cfg->attributes;
	tdcs->xfam = cfg->xfam;
	tdcs->config_flags = cfg->config_flags;
	tdcs->tsc_frequency = cfg->tsc_frequency;
	tdcs->max_vcpus = cfg->max_vcpus;
	tdcs->gpaw = cfg->gpaw;
	tdcs->root_level = cfg->root_level;
	tdcs->epoch = 1;
	memcpy(tdcs->mrconfigid, params + TD_PARAMS_MRCONFIGID,
	       sizeof(tdcs->mrconfigid));
	memcpy(tdcs->mrowner, params + TD_PARAMS_MROWNER,
	       sizeof(tdcs->mrowner));
	memcpy(tdcs->mrownerconfig, params + TD_PARAMS_MROWNERCONFIG,
	       sizeof(tdcs->mrownerconfig));
	stx_mr_init(tdcs);
}

u64 stx_mng_init(struct stx_call *c)
{
	const struct stx_td_limits lim = stx_limits(c);
	u32 *cpuid = stx_tdcs_page(c->tdr, STX_TDCS_CPUID);
	struct stx_td_config cfg;
	const u8 *params;
	u64 err;

	if (!cpuid)
		return stx_overwritten("TDR", c->tdr->pa);
	err = stx_source_check(c, c->in[STX_RDX], TD_PARAMS_SIZE, STX_RDX);
	if (err)
		return err;
	params = __va(c->in[STX_RDX]);
	err = stx_td_params(params, &lim, &cfg) ?:
	      stx_cpuid_check(c, params, &c->out[STX_RCX]);
	if (err)
		return err;
	if (memchr_inv(params + TD_PARAMS_CPUID_END(STX_NR_CPUID_CONFIGS), 0,
		       TD_PARAMS_SIZE -
		       TD_PARAMS_CPUID_END(STX_NR_CPUID_CONFIGS)) &&
	    stx_checks(c, CHECK_PARAMS_ZERO))
		return stx_err(RC_OPERAND_INVALID, STX_RDX);

	stx_cpuid_build(cpuid, params, cfg.tsc_frequency);
	stx_td_set(c->tdcs, &cfg, params);
	c->tdcs->op = OP_INITIALIZED;
	return RC_SUCCESS;
}

u64 stx_mng_rd(struct stx_call *c)
{
	const u32 *cpuid = stx_tdcs_page(c->tdr, STX_TDCS_CPUID);
	u64 key = FIELD_KEY(c->in[STX_RDX]);

	if (!cpuid)
		return stx_overwritten("TDR", c->tdr->pa);
	if (key == ID_TSC_OFFSET)
		return RC_SUCCESS;
	if (key == ID_TSC_MULTIPLIER) {
		c->out[STX_R8] = TSC_RATIO_ONE;
		return RC_SUCCESS;
	}
	if ((key & FIELD_CLASS_MASK) != ID_CPUID)
		return stx_checks(c, CHECK_FIELD) ?
			RC_METADATA_FIELD_ID_INCORRECT : RC_SUCCESS;
	if (!stx_cpuid_read(cpuid, FIELD_CODE(key), &c->out[STX_R8]) &&
	    stx_checks(c, CHECK_READABLE))
		return RC_METADATA_FIELD_NOT_READABLE;
	return RC_SUCCESS;
}

/* From here on no vCPU can be associated, and the key waits for the caches. */
u64 stx_mng_vpflushdone(struct stx_call *c)
{
	if (c->tdcs && c->tdcs->op != OP_UNINITIALIZED && c->tdcs->nr_assoc &&
	    stx_checks(c, CHECK_FLUSHED))
		return RC_FLUSHVP_NOT_DONE;
	if (stx_key_tdr(c->tdr->hkid) != c->tdr->pa)
		return RC_TD_FATAL;
	stx_key_flushed(c->tdr->hkid, stx_packages());
	c->tdr->life = LIFE_BLOCKED;
	return RC_SUCCESS;
}

u64 stx_mng_key_freeid(struct stx_call *c)
{
	u64 hkid = c->tdr->hkid;

	if (stx_key_tdr(hkid) != c->tdr->pa)
		return RC_TD_FATAL;
	if (!stx_key_written_back(hkid) && stx_checks(c, CHECK_WRITTEN_BACK))
		return RC_WBCACHE_NOT_COMPLETE;
	stx_key_free(hkid);
	c->tdr->life = LIFE_TEARDOWN;
	return RC_SUCCESS;
}
