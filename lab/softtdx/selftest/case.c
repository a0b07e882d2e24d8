// SPDX-License-Identifier: GPL-2.0-only
/*
 * One case of the self-test: the operands, the call, and what it changed.  See
 * selftest.h.
 */
#include <linux/bits.h>
#include <linux/string.h>

#include "selftest.h"

/* Operands with which the leaf would do its work if the TD is one for it. */
void st_good(struct st *t, enum st_leaf_id id, const struct st_td *td,
	     u64 *regs)
{
	const struct st_leaf *l = &st_leaves[id];

	memset(regs, 0, STX_NR_REGS * sizeof(*regs));
	if (l->td)
		regs[l->td] = td->tdr;
	if (l->vp)
		regs[l->vp] = td->vp[l->good_vp].vpr;
	if (l->gpa)
		regs[l->gpa] = st_gpa(l->good_gpa);
	if (l->page && l->page != BEHIND_GPA)
		regs[l->page] = st_fresh(t);
	if (l->source)
		regs[l->source] = t->source;

	switch (id) {
	case L_SYS_INIT:
		regs[RCX] = 1;
		break;
	case L_SYS_RD:
		regs[RDX] = F_TDCS_SIZE;
		break;
	case L_MNG_CREATE:
		regs[RDX] = t->last_key - ST_NR_TDS;
		break;
	case L_MNG_INIT:
		st_params(t);
		regs[RDX] = t->params;
		break;
	case L_MNG_RD:
		regs[RDX] = F_TSC_OFFSET;
		break;
	case L_VP_INIT:
		regs[R8] = ST_NR_VPS;
		break;
	case L_VP_WR:
		regs[R8] = t->source;
		regs[R9] = ~0ULL;
		fallthrough;
	case L_VP_RD:
		regs[RDX] = F_SHARED_EPTP;
		break;
	case L_PHYMEM_PAGE_RECLAIM:
		regs[RCX] = td->tdcx[1];
		break;
	default:
		break;
	}
}

/* A status with which a leaf has done its work. */
static bool st_done(u64 status)
{
	return !status || (status >> 32) == (S_NON_RECOVERABLE_VCPU >> 32);
}

bool st_do(struct st *t, enum st_leaf_id id, u64 *regs, struct st_td *td,
	   struct st_want want)
{
	const struct st_leaf *l = &st_leaves[id];
	struct st_view before, after;
	struct st_target at;
	bool same;
	u64 got;

	t->cases++;
	st_aim(l, regs, td, &at);
	st_look(l, &at, &before);
	got = st_call_on(t, t->here, id, regs);
	st_look(l, &at, &after);
	if (st_done(want.status))
		st_effect(&before, t, l, &at, &want);

	if (got != want.status)
		st_fail(t, l->name, "status", got, want.status);
	same = got == want.status && st_compare(t, l, &after, &before);
	if (td && (!same || (st_done(got) && (!l->reads || want.assoc))))
		td->built = false;
	return same;
}
