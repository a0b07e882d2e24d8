// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state table (leaves.def) and the walk of a row: its checks, in the order
 * of the TDX module, then the leaf's function.
 */
#include <linux/bits.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "softtdx.h"

#define LEAF(leaf_nr, leaf_name, ...) \
	[leaf_nr] = { .name = leaf_name, .nr = leaf_nr, __VA_ARGS__ },
static const struct stx_leaf stx_leaves[STX_NR_LEAVES] = {
#include "leaves.def"
};
#undef LEAF

const struct stx_leaf *stx_leaf(unsigned int nr)
{
	if (nr >= STX_NR_LEAVES || !stx_leaves[nr].run)
		return NULL;
	return &stx_leaves[nr];
}

static u64 stx_check_sys(struct stx_call *c)
{
	enum stx_sys sys = stx_sys_state();
	u8 allowed = c->leaf->sys ?: BIT(SYS_READY);

	if ((allowed & BIT(sys)) || !stx_checks(c, CHECK_SYS))
		return RC_SUCCESS;
	if (sys == SYS_SHUTDOWN)
		return RC_SYS_SHUTDOWN;
	return c->leaf->sys_err ?: RC_SYS_NOT_READY;
}

/* The TD: named by its TDR, or as the owner of the TDVPR that is named. */
static u64 stx_check_td(struct stx_call *c)
{
	const struct stx_leaf *l = c->leaf;
	struct stx_pamt *entry;
	u64 pa, err;

	if (!l->td && !l->vp)
		return RC_SUCCESS;

	pa = c->in[l->td ?: l->vp];
	err = stx_page_check(c, pa, l->td ?: l->vp,
			     l->td ? CHECK_TD_ADDRESS : CHECK_VP_ADDRESS,
			     l->td ? PGT_TDR : PGT_TDVPR, &entry);
	if (err)
		return err;

	if (l->vp) {
		c->vp = stx_tdvps(pa);
		pa = stx_page_owner(entry);
	}
	c->tdr = stx_tdr(pa);
	if (!c->tdr || (l->vp && !c->vp))
		return RC_TD_FATAL;
	return RC_SUCCESS;
}

static u64 stx_check_states(struct stx_call *c)
{
	const struct stx_leaf *l = c->leaf;

	if (!c->tdr)
		return RC_SUCCESS;
	if (l->life && !(l->life & BIT(c->tdr->life)) &&
	    stx_checks(c, CHECK_LIFE))
		return l->life_err;

	if (c->tdr->nr_tdcx == STX_TDCS_PAGES) {
		c->tdcs = stx_tdcs(c->tdr);
		if (!c->tdcs && c->tdr->life != LIFE_TEARDOWN)
			return RC_TD_FATAL;
	}
	if (!l->op)
		return RC_SUCCESS;
	if (!c->tdcs)
		return stx_refuse(c, CHECK_TDCS, RC_TDCS_NOT_ALLOCATED);
	if (l->op & BIT(c->tdcs->op))
		return RC_SUCCESS;
	/* The secure EPT and the vCPUs are not set up yet. */
	if (c->tdcs->op == OP_UNINITIALIZED)
		return stx_refuse(c, CHECK_OP, RC_OP_STATE_INCORRECT);
	return stx_checks(c, CHECK_OP) ? RC_OP_STATE_INCORRECT : RC_SUCCESS;
}

static u64 stx_check_vcpu(struct stx_call *c)
{
	const struct stx_leaf *l = c->leaf;

	if (!c->vp)
		return RC_SUCCESS;
	if (l->vps && c->vp->nr_pages < STX_TDVPS_PAGES &&
	    stx_checks(c, CHECK_VPS))
		return RC_TDCX_NUM_INCORRECT;
	if (l->vcpu && !(l->vcpu & BIT(c->vp->state)) &&
	    stx_checks(c, CHECK_VCPU))
		return RC_VCPU_STATE_INCORRECT | c->vp->state;
	if (l->assoc)
		return stx_vp_associate(c);
	return RC_SUCCESS;
}

/*
 * Only if a check is off: the page has an owner, which loses it.  A control
 * page of the call's own TD cannot be taken.
 */
static u64 stx_take_away(struct stx_call *c, struct stx_pamt *entry)
{
	enum stx_page_type type = stx_page_type(entry);
	u64 owner = type == PGT_TDR ? c->page : stx_page_owner(entry);
	struct stx_tdr *tdr;

	if (c->tdr && c->tdr->pa == owner && type != PGT_REG)
		return RC_TD_FATAL;
	if (type == PGT_TDR) {
		stx_td_unlink(__va(c->page));
		return RC_SUCCESS;
	}
	tdr = stx_tdr(owner);
	if (tdr)
		tdr->children--;
	return RC_SUCCESS;
}

static u64 stx_check_pages(struct stx_call *c)
{
	const struct stx_leaf *l = c->leaf;
	struct stx_pamt *entry;
	u64 err;

	if (l->source) {
		err = stx_source_check(c, c->in[l->source], PAGE_SIZE,
				       l->source);
		if (err)
			return err;
	}
	if (!l->page)
		return RC_SUCCESS;
	c->page = c->in[l->page];
	err = stx_page_check(c, c->page, l->page, CHECK_PAGE_ADDRESS, l->in,
			     &entry);
	if (!err && stx_page_type(entry) != PGT_NDA)
		err = stx_take_away(c, entry);
	return err;
}

/* A page changed hands: record its type and owner, count it. */
static void stx_commit(struct stx_call *c)
{
	const struct stx_leaf *l = c->leaf;

	if (!l->page || l->in == l->out)
		return;
	stx_page_set(stx_pamt(c->page), l->out, c->tdr ? c->tdr->pa : 0);
	if (c->tdr)
		c->tdr->children++;
}

u64 stx_do(struct stx_call *c)
{
	const struct stx_leaf *l = c->leaf;
	u64 err;

	err = stx_check_sys(c) ?: stx_check_td(c) ?: stx_check_states(c) ?:
	      stx_check_vcpu(c);
	if (!err && l->check)
		err = l->check(c);
	if (!err && l->gpa)
		err = stx_gpa_operand(c);
	if (!err)
		err = stx_check_pages(c);
	if (!err)
		err = l->run(c);
	if (!err)
		stx_commit(c);
	return err;
}

