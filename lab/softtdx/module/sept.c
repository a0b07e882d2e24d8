// SPDX-License-Identifier: GPL-2.0-only
/*
 * Secure EPT, TDH.MEM.*: tables in the pages that the host donates, in real EPT
 * format (septe.h), so that a CPU could walk them.  The host builds it top down
 * (SEPT.ADD), fills it (PAGE.ADD before the TD is final, PAGE.AUG after), and
 * takes a page back in three steps: BLOCK, TRACK so that no vCPU can still have
 * a translation, REMOVE.
 */
#include <linux/mm.h>
#include <linux/string.h>

#include "misbehave.h"
#include "softtdx.h"

#define CHUNK_MASK		0xffULL

/* A failure at an entry shows the entry. */
static u64 stx_sept_err(struct stx_call *c, u64 status)
{
	c->out[STX_RCX] = septe_arch(*c->septe);
	c->out[STX_RDX] = septe_level_state(*c->septe, c->level);
	return status;
}

static u64 stx_gpa_private(struct stx_call *c)
{
	if (!sept_gpa_private(c->gpa, c->tdcs->gpaw) &&
	    stx_checks(c, CHECK_GPA_PRIVATE))
		return stx_err(RC_OPERAND_INVALID, c->leaf->gpa);
	return RC_SUCCESS;
}

static u64 stx_gpa_to_leaf(struct stx_call *c)
{
	u64 err;

	c->gpa = c->in[c->leaf->gpa];
	if ((c->gpa & CHUNK_MASK) && stx_checks(c, CHECK_GPA_ALIGN))
		return stx_err(RC_OPERAND_INVALID, c->leaf->gpa);
	c->gpa &= ~CHUNK_MASK;
	err = stx_gpa_private(c);
	if (err)
		return err;
	return stx_sept_walk(c, 0);
}

static u64 stx_check_level(struct stx_call *c, int level)
{
	const struct stx_leaf *l = c->leaf;
	u64 wrong = stx_err(RC_OPERAND_INVALID, l->gpa);
	u64 op = c->in[l->gpa];

	if (sept_operand_reserved(op) && stx_checks(c, CHECK_GPA_BITS))
		return wrong;
	if (level < l->min || level > c->tdcs->root_level ||
	    (l->max != STX_ROOT && level > l->max))
		return stx_refuse(c, CHECK_GPA_LEVEL, wrong);
	if (!sept_operand_aligned(op) && stx_checks(c, CHECK_GPA_ALIGN))
		return wrong;
	return RC_SUCCESS;
}

/* The operand with GPA and level, and the entry that it names. */
static u64 stx_gpa_to_level(struct stx_call *c)
{
	unsigned int gpa = c->leaf->gpa;
	int level = sept_operand_level(c->in[gpa]);
	u64 err;

	c->gpa = c->in[gpa] & SEPTE_HPA;
	err = stx_check_level(c, level) ?: stx_gpa_private(c) ?:
	      stx_sept_walk(c, level);
	if (err)
		return err;
	if (c->level != level)
		return stx_sept_err(c, stx_refuse(c, CHECK_WALK,
						  stx_err(RC_EPT_WALK_FAILED,
							  gpa)));
	return RC_SUCCESS;
}

/* The PAMT must agree with the entry about the page or table that it maps. */
static u64 stx_check_mapped(struct stx_call *c)
{
	enum stx_page_type want = septe_is_leaf(*c->septe) ? PGT_REG : PGT_EPT;

	if (septe_state(*c->septe) == SEPT_FREE)
		return RC_SUCCESS;
	c->mapped = stx_pamt(*c->septe & SEPTE_HPA);
	if (c->mapped && stx_page_type(c->mapped) == want &&
	    stx_page_owner(c->mapped) == c->tdr->pa)
		return RC_SUCCESS;
	return stx_overwritten("secure EPT of TDR", c->tdr->pa);
}

/* A leaf that works on an entry's page cannot go on without one. */
static u64 stx_check_entry(struct stx_call *c)
{
	unsigned int bit = septe_state_bit(septe_state(*c->septe));
	const struct stx_leaf *l = c->leaf;
	u64 wrong = l->to_leaf ? RC_EPT_ENTRY_NOT_PRESENT :
				 RC_EPT_ENTRY_STATE_INCORRECT;

	if (l->blocked && (bit & SEPTB_ANY_BLOCKED))
		return stx_checks(c, CHECK_BLOCKED) ?
		       stx_err(l->blocked, l->gpa) : RC_SUCCESS;
	if (bit & l->sept)
		return RC_SUCCESS;
	wrong = stx_err(wrong, l->gpa);
	if (bit == SEPTB_FREE)
		return stx_refuse(c, CHECK_SEPT, wrong);
	return stx_checks(c, CHECK_SEPT) ? wrong : RC_SUCCESS;
}

u64 stx_gpa_operand(struct stx_call *c)
{
	u64 err;

	err = c->leaf->to_leaf ? stx_gpa_to_leaf(c) : stx_gpa_to_level(c);
	if (err)
		return err;
	err = stx_check_entry(c);
	return err ? stx_sept_err(c, err) : stx_check_mapped(c);
}

u64 stx_mem_sept_add(struct stx_call *c)
{
	memset64(__va(c->page), SEPTE_FREE, PAGE_SIZE / sizeof(u64));
	WRITE_ONCE(*c->septe, septe_nonleaf(c->page));
	return RC_SUCCESS;
}

u64 stx_mem_page_add(struct stx_call *c)
{
	memmove(__va(c->page), __va(c->in[STX_R9]), PAGE_SIZE);
	stx_misbehave_corrupt(c, MISBEHAVE_ADD_CORRUPT, __va(c->page));
	WRITE_ONCE(*c->septe, septe_mapped(c->page));
	stx_mr_page_added(c->tdcs, c->gpa);
	return RC_SUCCESS;
}

/* The guest's ACCEPT clears the page. */
u64 stx_mem_page_aug(struct stx_call *c)
{
	bool suppress_ve = c->tdcs->attributes & ATTR_SEPT_VE_DISABLE;

	WRITE_ONCE(*c->septe, septe_pending(stx_misbehave_aug(c), suppress_ve));
	return RC_SUCCESS;
}

/* For the guest; c->septe is PENDING. */
void stx_sept_accept(struct stx_call *c)
{
	void *page = __va(*c->septe & SEPTE_HPA);

	if (stx_misbehaves(c, MISBEHAVE_ACCEPT_DROP))
		return;
	memset(page, stx_misbehaves(c, MISBEHAVE_ACCEPT_KEEP) ?
		     STX_MISBEHAVE_NOISE : 0, PAGE_SIZE);
	stx_misbehave_corrupt(c, MISBEHAVE_ACCEPT_CORRUPT, page);
	WRITE_ONCE(*c->septe, septe_mapped(*c->septe));
}

u64 stx_mem_range_block(struct stx_call *c)
{
	stx_misbehave_block(c);
	WRITE_ONCE(*c->septe, septe_block(*c->septe));
	c->mapped->bepoch = c->tdcs->epoch;
	return RC_SUCCESS;
}

/* A vCPU that still runs in the epoch before would be left untracked. */
u64 stx_mem_track(struct stx_call *c)
{
	struct stx_tdcs *tdcs = c->tdcs;

	if (tdcs->refs[1 - (tdcs->epoch & 1)] && stx_checks(c, CHECK_EPOCH))
		return RC_PREVIOUS_TLB_EPOCH_BUSY;
	if (!stx_misbehave_track(c))
		tdcs->epoch++;
	return RC_SUCCESS;
}

/* Blocked before this epoch, and nobody runs in the epoch of the block. */
static bool stx_tracked(const struct stx_tdcs *tdcs, u64 bepoch)
{
	if (bepoch + 1 == tdcs->epoch)
		return !tdcs->refs[bepoch & 1];
	return bepoch + 1 < tdcs->epoch;
}

/* No vCPU ran before the TD is final: neither block nor tracking needed. */
static u64 stx_check_tracked(struct stx_call *c)
{
	if (c->tdcs->op != OP_RUNNABLE)
		return RC_SUCCESS;
	if (!(septe_state_bit(septe_state(*c->septe)) & SEPTB_ANY_BLOCKED) &&
	    stx_checks(c, CHECK_BLOCK_FIRST))
		return stx_sept_err(c, stx_err(RC_GPA_RANGE_NOT_BLOCKED,
					       STX_RCX));
	if (!stx_tracked(c->tdcs, c->mapped->bepoch) &&
	    !stx_misbehave_untracked(c) && stx_checks(c, CHECK_TRACKED))
		return stx_err(RC_TLB_TRACKING_NOT_DONE, STX_RCX);
	return RC_SUCCESS;
}

u64 stx_mem_page_remove(struct stx_call *c)
{
	u64 hpa = *c->septe & SEPTE_HPA, err;

	err = stx_check_tracked(c);
	if (err)
		return err;
	WRITE_ONCE(*c->septe, SEPTE_FREE);
	stx_page_set(c->mapped, PGT_NDA, 0);
	c->tdr->children--;
	c->out[STX_RCX] = hpa;
	return RC_SUCCESS;
}
