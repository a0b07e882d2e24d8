// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two faults at once: which one is reported (order.def).  Also each fault
 * alone.
 */
#include <linux/array_size.h>
#include <linux/mm.h>
#include <linux/sizes.h>

#include "selftest.h"

#define MAX_FAULTS	14

/* What takes the place of the good operand. */
enum st_what {
	W_END, W_OR, W_VALUE, W_TD, W_VP, W_GPA, W_OWNED, W_KEY_TAKEN,
};

struct st_fault {
	enum st_reg reg;
	enum st_what what;
	u64 arg, arg2;
	const char *name;
	u64 status;
};

#define FAULT_TD(on, r)		r, W_TD, TD_##on, 0
#define FAULT_VP(on, vp, r)	r, W_VP, VP_##vp, TD_##on
#define BIT_OF_ADDRESS		BIT_ULL(3)
#define SHARED_BIT		BIT_ULL(47)

/* F(name, status) in the table is one of these. */
#define TD_UNALIGNED_RDX	RDX, W_OR, BIT_OF_ADDRESS, 0
#define TD_OTHER_RDX		RDX, W_OWNED, 0, 0
#define TD_OTHER_RCX		RCX, W_OWNED, 0, 0
#define TD_BLOCKED_RDX		FAULT_TD(BLOCKED, RDX)
#define TD_BLOCKED_RCX		FAULT_TD(BLOCKED, RCX)
#define TD_NO_TDCS_RDX		FAULT_TD(NO_TDCS, RDX)
#define TD_NO_TDCS_RCX		FAULT_TD(NO_TDCS, RCX)
#define TD_UNINIT_RDX		FAULT_TD(UNINIT, RDX)
#define TD_UNINIT_RCX		FAULT_TD(UNINIT, RCX)
#define TD_RUNNABLE_RDX		FAULT_TD(RUNNABLE, RDX)
#define TD_RUNNABLE_RCX		FAULT_TD(RUNNABLE, RCX)
#define VP_OTHER_RDX		RDX, W_OWNED, 0, 0
#define VP_OTHER_RCX		RCX, W_OWNED, 0, 0
#define VP_BLOCKED_RDX		FAULT_VP(BLOCKED, INCOMPLETE, RDX)
#define VP_BLOCKED_RCX		FAULT_VP(BLOCKED, INCOMPLETE, RCX)
#define VP_RUNNABLE_RDX		FAULT_VP(RUNNABLE, UNINIT, RDX)
#define VP_RUNNABLE_RCX		FAULT_VP(RUNNABLE, UNINIT, RCX)
#define VP_READY_RDX		FAULT_VP(INIT, HERE, RDX)
#define VP_READY_RCX		FAULT_VP(INIT, HERE, RCX)
#define VP_COMPLETE_RDX		FAULT_VP(INIT, UNINIT, RDX)
#define VP_INCOMPLETE_RCX	FAULT_VP(INIT, INCOMPLETE, RCX)
#define VP_UNINIT_RCX		FAULT_VP(INIT, UNINIT, RCX)
#define VP_ELSEWHERE_RCX	FAULT_VP(INIT, ELSEWHERE, RCX)
#define PAGE_UNALIGNED_RCX	RCX, W_OR, BIT_OF_ADDRESS, 0
#define PAGE_UNALIGNED_R8	R8, W_OR, BIT_OF_ADDRESS, 0
#define PAGE_OWNED_RCX		RCX, W_OWNED, 0, 0
#define PAGE_OWNED_R8		R8, W_OWNED, 0, 0
#define SOURCE_RDX		RDX, W_OWNED, 0, 0
#define SOURCE_R9		R9, W_OWNED, 0, 0
#define KEYID_SHARED		RDX, W_VALUE, 1, 0
#define KEYID_TAKEN		RDX, W_KEY_TAKEN, 0, 0
#define FIELD_RDX		RDX, W_VALUE, 0x4444, 0
#define MASK_R9			R9, W_VALUE, BIT_ULL(60), 0
#define VALUE_R8		R8, W_VALUE, BIT_ULL(51), 0
#define X2APIC_BITS_R8		R8, W_VALUE, BIT_ULL(32) | VP_HERE, 0
#define X2APIC_TAKEN_R8		R8, W_VALUE, VP_HERE, 0
#define GPA_BITS		RCX, W_OR, BIT_ULL(4), 0
#define GPA_LEVEL_0		RCX, W_GPA, AT_FREE, 0
#define GPA_LEVEL_1		RCX, W_GPA, AT_FREE1, 0
#define GPA_LEVEL_2		RCX, W_GPA, AT_FREE2, 0
#define GPA_LEVEL_4		RCX, W_VALUE, 4, 0
#define GPA_UNALIGNED_1		RCX, W_VALUE, SZ_1G + SZ_4M + SZ_4K + 1, 0
#define GPA_UNALIGNED_2		RCX, W_VALUE, SZ_1G + SZ_2M + 2, 0
#define GPA_SHARED		RCX, W_VALUE, SHARED_BIT, 0
#define GPA_SHARED_1		RCX, W_VALUE, SHARED_BIT | 1, 0
#define GPA_HOLE		RCX, W_GPA, IN_HOLE1, 0
#define GPA_HOLE_1		RCX, W_GPA, IN_HOLE3, 1
#define GPA_TABLE_1		RCX, W_GPA, AT_TABLE1, 0
#define GPA_MAPPED		RCX, W_GPA, AT_MAPPED, 0
#define GPA_FREE		RCX, W_GPA, AT_FREE, 0

#define WRONG		S_PAGE_METADATA_INCORRECT
#define INVALID		S_OPERAND_INVALID
#define KEYS		S_TD_KEYS_NOT_CONFIGURED
#define TDCS		S_TDCS_NOT_ALLOCATED
#define OP		S_OP_STATE_INCORRECT
#define NUM		S_TDCX_NUM_INCORRECT
#define STATE(state)	(S_VCPU_STATE_INCORRECT | (state))
#define WALK		S_EPT_WALK_FAILED
#define ENTRY		S_EPT_ENTRY_STATE_INCORRECT

static const struct {
	enum st_leaf_id leaf;
	enum st_td_id td;
	struct st_fault fault[MAX_FAULTS + 1];
} st_orders[] = {
#define F(fault, code) { fault, #fault, code }
#define ORDER(id, on, ...) { L_##id, TD_##on, { __VA_ARGS__ } },
#include "order.def"
#undef F
#undef ORDER
};

/* False if there is no such operand here (a second CPU is missing). */
static bool st_spoil(struct st *t, const struct st_fault *f,
		     const struct st_td *td, u64 *regs)
{
	struct st_td *other = NULL;
	u64 value = f->arg;

	if (f->what == W_TD || f->what == W_VP) {
		other = st_build(t, f->what == W_TD ? f->arg : f->arg2);
		if (!other)
			return false;
	}
	switch (f->what) {
	case W_OR:
		value |= regs[f->reg];
		break;
	case W_TD:
		value = other->tdr;
		break;
	case W_VP:
		value = other->vp[f->arg].vpr;
		break;
	case W_GPA:
		value = st_gpa(f->arg) | f->arg2;
		break;
	case W_OWNED:
		value = td->tdcx[1];
		break;
	case W_KEY_TAKEN:
		value = td->hkid;
		break;
	default:
		break;
	}
	regs[f->reg] = value;
	return value || f->what != W_VP;
}

static void st_order_case(struct st *t, unsigned int row,
			  const struct st_fault *a, const struct st_fault *b)
{
	struct st_td *td = st_build(t, st_orders[row].td);
	enum st_leaf_id id = st_orders[row].leaf;
	u64 regs[STX_NR_REGS];

	if (!td)
		return;
	t->column = a->name;
	st_good(t, id, td, regs);
	if (st_spoil(t, a, td, regs) && (!b || st_spoil(t, b, td, regs)))
		st_says(t, id, regs, td, a->status);
}

void st_order(struct st *t)
{
	const struct st_fault *a, *b;
	unsigned int row;

	for (row = 0; row < ARRAY_SIZE(st_orders); row++) {
		for (a = st_orders[row].fault; a->name; a++) {
			st_order_case(t, row, a, NULL);
			for (b = a + 1; b->name; b++)
				if (b->reg != a->reg)
					st_order_case(t, row, a, b);
		}
	}
}
