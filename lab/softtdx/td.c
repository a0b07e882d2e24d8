// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TD's life cycle, TDH.MNG.*: a key is assigned (CREATE), configured on every
 * package (KEY.CONFIG), the TDCS is given page by page (ADDCX) and described
 * (INIT); at the end no vCPU may be loaded anywhere (VPFLUSHDONE), the caches
 * are written back, the key is free (KEY.FREEID), and only then can pages be
 * reclaimed.
 *
 * The pages of a TD are the host's to lose: each control structure starts with
 * a mark, and one that lost it makes every leaf on that TD fail as fatal.
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

/* TDs that exist, the newest first, linked through their TDRs. */
static u64 stx_tds;

u64 stx_overwritten(const char *what, u64 pa)
{
	pr_err_once("softtdx: %s at %#llx was overwritten by the host\n", what,
		    pa);
	return RC_TD_FATAL;
}

struct stx_tdr *stx_tdr(u64 pa)
{
	struct stx_pamt *entry = stx_pamt(pa);
	struct stx_tdr *tdr = __va(pa);

	if (entry && stx_page_type(entry) == PGT_TDR &&
	    tdr->magic == STX_TDR_MAGIC && tdr->pa == pa &&
	    tdr->nr_tdcx <= STX_TDCS_PAGES)
		return tdr;
	stx_overwritten("TDR", pa);
	return NULL;
}

/* NULL also after the TDCS was reclaimed; says so only if it was not. */
struct stx_tdcs *stx_tdcs(struct stx_tdr *tdr)
{
	struct stx_tdcs *tdcs = __va(tdr->tdcx[STX_TDCS_MAIN]);
	struct stx_pamt *entry = stx_pamt(tdr->tdcx[STX_TDCS_MAIN]);

	if (!entry || stx_page_type(entry) != PGT_TDCX ||
	    stx_page_owner(entry) != tdr->pa)
		return NULL;
	if (tdcs->magic == STX_TDCS_MAGIC)
		return tdcs;
	stx_overwritten("TDCS", tdr->tdcx[STX_TDCS_MAIN]);
	return NULL;
}

void *stx_tdcs_page(struct stx_tdr *tdr, unsigned int i)
{
	return __va(tdr->tdcx[i]);
}

/* The n-th TD there is, NULL after the last. */
struct stx_tdr *stx_td_nth(unsigned int n)
{
	struct stx_tdr *tdr;
	u64 pa;

	for (pa = stx_tds; pa; pa = tdr->next) {
		tdr = stx_tdr(pa);
		if (!tdr || !n--)
			return tdr;
	}
	return NULL;
}

void stx_td_unlink(struct stx_tdr *tdr)
{
	struct stx_tdr *prev;
	u64 pa;

	if (stx_tds == tdr->pa) {
		stx_tds = tdr->next;
		return;
	}
	for (pa = stx_tds; pa; pa = prev->next) {
		prev = stx_tdr(pa);
		if (!prev)
			return;
		if (prev->next == tdr->pa) {
			prev->next = tdr->next;
			return;
		}
	}
}

u64 stx_mng_create_check(struct stx_call *c)
{
	u64 hkid = c->in[STX_RDX];

	if ((hkid & HKID_RESERVED) || !stx_key_private(hkid))
		return stx_err(RC_OPERAND_INVALID, STX_RDX);
	return RC_SUCCESS;
}

u64 stx_mng_create(struct stx_call *c)
{
	struct stx_tdr *tdr = __va(c->page);

	if (!stx_key_take(c->in[STX_RDX], c->page))
		return RC_HKID_NOT_FREE;

	memset(tdr, 0, PAGE_SIZE);
	tdr->magic = STX_TDR_MAGIC;
	tdr->pa = c->page;
	tdr->life = LIFE_HKID_ASSIGNED;
	tdr->hkid = c->in[STX_RDX];
	tdr->next = stx_tds;
	stx_tds = c->page;
	return RC_SUCCESS;
}

u64 stx_mng_key_config(struct stx_call *c)
{
	u64 pkg = BIT_ULL(stx_package());

	if (c->tdr->pkgs & pkg)
		return RC_KEY_CONFIGURED;
	c->tdr->pkgs |= pkg;
	if (c->tdr->pkgs == stx_packages())
		c->tdr->life = LIFE_KEYS_CONFIGURED;
	return RC_SUCCESS;
}

u64 stx_mng_addcx_check(struct stx_call *c)
{
	if (c->tdr->nr_tdcx == STX_TDCS_PAGES)
		return RC_TDCX_NUM_INCORRECT;
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

static struct stx_td_limits stx_limits(void)
{
	u64 ept = 0;

	rdmsrq_safe(MSR_IA32_VMX_EPT_VPID_CAP, &ept);
	return (struct stx_td_limits) {
		.attributes = STX_ATTRIBUTES,
		.xfam = STX_XFAM_FIXED0 & stx_xfam_native(),
		.xfam_fixed1 = STX_XFAM_FIXED1,
		.max_vcpus = STX_MAX_VCPUS,
		.ept5 = ept & VMX_EPT_PAGE_WALK_5_BIT,
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
	const struct stx_td_limits lim = stx_limits();
	struct stx_td_config cfg;
	const u8 *params;
	u64 err;

	err = stx_source_check(c->in[STX_RDX], TD_PARAMS_SIZE, STX_RDX);
	if (err)
		return err;
	params = __va(c->in[STX_RDX]);
	err = stx_td_params(params, &lim, &cfg) ?:
	      stx_cpuid_check(params, &c->out[STX_RCX]);
	if (err)
		return err;
	if (memchr_inv(params + TD_PARAMS_CPUID_END(STX_NR_CPUID_CONFIGS), 0,
		       TD_PARAMS_SIZE -
		       TD_PARAMS_CPUID_END(STX_NR_CPUID_CONFIGS)))
		return stx_err(RC_OPERAND_INVALID, STX_RDX);

	stx_cpuid_build(stx_tdcs_page(c->tdr, STX_TDCS_CPUID), params,
			cfg.tsc_frequency);
	stx_td_set(c->tdcs, &cfg, params);
	c->tdcs->op = OP_INITIALIZED;
	return RC_SUCCESS;
}

u64 stx_mng_rd(struct stx_call *c)
{
	u64 key = FIELD_KEY(c->in[STX_RDX]);

	if (key == ID_TSC_OFFSET)
		return RC_SUCCESS;
	if (key == ID_TSC_MULTIPLIER) {
		c->out[STX_R8] = TSC_RATIO_ONE;
		return RC_SUCCESS;
	}
	if ((key & FIELD_CLASS_MASK) != ID_CPUID)
		return RC_METADATA_FIELD_ID_INCORRECT;
	if (!stx_cpuid_read(stx_tdcs_page(c->tdr, STX_TDCS_CPUID),
			    FIELD_CODE(key), &c->out[STX_R8]))
		return RC_METADATA_FIELD_NOT_READABLE;
	return RC_SUCCESS;
}

/* From here on no vCPU can be associated, and the key waits for the caches. */
u64 stx_mng_vpflushdone(struct stx_call *c)
{
	if (c->tdcs && c->tdcs->op != OP_UNINITIALIZED && c->tdcs->nr_assoc)
		return RC_FLUSHVP_NOT_DONE;
	stx_key_flushed(c->tdr->hkid, stx_packages());
	c->tdr->life = LIFE_BLOCKED;
	return RC_SUCCESS;
}

u64 stx_mng_key_freeid(struct stx_call *c)
{
	u64 err;

	err = stx_key_free(c->tdr->hkid);
	if (!err)
		c->tdr->life = LIFE_TEARDOWN;
	return err;
}
