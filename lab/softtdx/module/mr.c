// SPDX-License-Identifier: GPL-2.0-only
/*
 * Measurement: one running SHA-384 over what was added and extended, finished
 * into MRTD by TDH.MR.FINALIZE.  The kernel's own library does the hashing; it
 * falls back to plain C where the FPU cannot be used.
 */
#include <linux/mm.h>

#include "mrblock.h"
#include "softtdx.h"

#if !IS_ENABLED(CONFIG_CRYPTO_SHA512)
#error "CONFIG_CRYPTO_SHA512 is needed, or SHA-384 is not in the kernel"
#endif

static void stx_mr_event(struct stx_tdcs *tdcs, const char *name, u64 gpa)
{
	u8 block[MR_BLOCK_SIZE];

	mr_block(block, name, gpa);
	sha384_update(&tdcs->mr, block, sizeof(block));
}

void stx_mr_init(struct stx_tdcs *tdcs)
{
	sha384_init(&tdcs->mr);
}

void stx_mr_page_added(struct stx_tdcs *tdcs, u64 gpa)
{
	stx_mr_event(tdcs, "MEM.PAGE.ADD", gpa);
	tdcs->nr_added++;
}

/* MRTD, or what it would be if the TD were final now. */
void stx_mr_now(const struct stx_tdcs *tdcs, u8 *mrtd)
{
	struct sha384_ctx ctx = tdcs->mr;

	if (tdcs->op == OP_RUNNABLE)
		memcpy(mrtd, tdcs->mrtd, sizeof(tdcs->mrtd));
	else
		sha384_final(&ctx, mrtd);
}

u64 stx_mr_extend(struct stx_call *c)
{
	const u8 *page = __va(*c->septe & SEPTE_HPA);

	stx_mr_event(c->tdcs, "MR.EXTEND", c->gpa);
	sha384_update(&c->tdcs->mr, page + offset_in_page(c->gpa),
		      MR_CHUNK_SIZE);
	c->tdcs->nr_extended++;
	return RC_SUCCESS;
}

u64 stx_mr_finalize(struct stx_call *c)
{
	if (!c->tdcs->nr_vcpus && stx_checks(c, CHECK_SOME_VCPU))
		return RC_NO_VCPUS;
	sha384_final(&c->tdcs->mr, c->tdcs->mrtd);
	c->tdcs->op = OP_RUNNABLE;
	return RC_SUCCESS;
}
