// SPDX-License-Identifier: GPL-2.0-only
/*
 * The matrices of td.def: leaf by TD, leaf by vCPU.
 */
#include <linux/array_size.h>

#include "selftest.h"

#define ok		{ .status = S_SUCCESS }
#define takes		{ .status = S_SUCCESS, .assoc = 1 }
#define none		{ .status = ST_NONE }
#define shutdown	{ .status = S_NON_RECOVERABLE_VCPU | 2 }
#define shutdown_takes	{ .status = S_NON_RECOVERABLE_VCPU | 2, .assoc = 1 }
#define KEYS		{ .status = S_TD_KEYS_NOT_CONFIGURED }
#define TDCS		{ .status = S_TDCS_NOT_ALLOCATED }
#define OP		{ .status = S_OP_STATE_INCORRECT }
#define NUM		{ .status = S_TDCX_NUM_INCORRECT }
#define LIFE		{ .status = S_LIFECYCLE_STATE_INCORRECT }
#define FLUSH		{ .status = S_FLUSHVP_NOT_DONE }
#define TRACK		{ .status = S_TLB_TRACKING_NOT_DONE | RCX }
#define STATE(state)	{ .status = S_VCPU_STATE_INCORRECT | (state) }
#define ASSOC		{ .status = S_VCPU_ASSOCIATED }
#define NOT_HERE	{ .status = S_VCPU_NOT_ASSOCIATED }

static const struct {
	enum st_leaf_id leaf;
	struct st_want want[ST_NR_TDS];
} st_td_rows[] = {
#define TD(id, ...) { L_##id, { __VA_ARGS__ } },
#define VP(...)
#include "td.def"
#undef TD
#undef VP
};

static const struct {
	enum st_td_id td;
	enum st_leaf_id leaf;
	struct st_want want[ST_NR_VPS];
} st_vp_rows[] = {
#define TD(...)
#define VP(on, id, ...) { TD_##on, L_##id, { __VA_ARGS__ } },
#include "td.def"
#undef TD
#undef VP
};

static const char * const st_td_names[ST_NR_TDS] = {
	[TD_ASSIGNED] = "HKID_ASSIGNED", [TD_NO_TDCS] = "incomplete TDCS",
	[TD_UNINIT] = "UNINITIALIZED", [TD_INIT] = "INITIALIZED",
	[TD_RUNNABLE] = "RUNNABLE", [TD_TRACKED] = "RUNNABLE, tracked",
	[TD_BLOCKED] = "BLOCKED", [TD_TEARDOWN] = "TEARDOWN",
};

static const char * const st_vp_names[ST_NR_VPS] = {
	[VP_INCOMPLETE] = "incomplete TDVPS", [VP_UNINIT] = "UNINITIALIZED",
	[VP_HERE] = "READY, here", [VP_ELSEWHERE] = "READY, elsewhere",
	[VP_NOWHERE] = "READY, not associated", [VP_OFF] = "DISABLED",
};

void st_tds(struct st *t)
{
	u64 regs[STX_NR_REGS];
	unsigned int id, i;
	struct st_td *td;

	for (id = 0; id < ST_NR_TDS; id++) {
		t->column = st_td_names[id];
		for (i = 0; i < ARRAY_SIZE(st_td_rows); i++) {
			if (st_td_rows[i].want[id].status == ST_NONE)
				continue;
			td = st_build(t, id);
			if (!td)
				break;
			st_good(t, st_td_rows[i].leaf, td, regs);
			st_do(t, st_td_rows[i].leaf, regs, td,
			      st_td_rows[i].want[id]);
		}
	}
}

void st_vps(struct st *t)
{
	u64 regs[STX_NR_REGS];
	unsigned int vp, i;
	struct st_td *td;

	for (i = 0; i < ARRAY_SIZE(st_vp_rows); i++) {
		for (vp = 0; vp < ST_NR_VPS; vp++) {
			t->column = st_vp_names[vp];
			td = st_build(t, st_vp_rows[i].td);
			if (!td)
				return;
			if (st_vp_rows[i].want[vp].status == ST_NONE ||
			    !td->vp[vp].vpr)
				continue;
			st_good(t, st_vp_rows[i].leaf, td, regs);
			regs[st_leaves[st_vp_rows[i].leaf].vp] =
				td->vp[vp].vpr;
			st_do(t, st_vp_rows[i].leaf, regs, td,
			      st_vp_rows[i].want[vp]);
		}
	}
}
