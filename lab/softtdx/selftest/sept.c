// SPDX-License-Identifier: GPL-2.0-only
/*
 * The matrix of sept.def, leaf by state of a secure-EPT entry, and tracking:
 * which vCPUs may still have a translation when a page is removed.
 */
#include <linux/array_size.h>
#include <linux/mm.h>

#include "selftest.h"

#define to(state)	{ .status = S_SUCCESS, .entry = E_##state + 1 }
#define none		{ .status = ST_NONE }
#define bad		{ .status = S_OPERAND_INVALID | RCX }
#define STATE		{ .status = S_EPT_ENTRY_STATE_INCORRECT | RCX }
#define WALK		{ .status = S_EPT_WALK_FAILED | RCX }
#define ABSENT		{ .status = S_EPT_ENTRY_NOT_PRESENT | RCX }
#define AGAIN		{ .status = S_GPA_RANGE_ALREADY_BLOCKED | RCX }
#define FIRST		{ .status = S_GPA_RANGE_NOT_BLOCKED | RCX }
#define TRACK		{ .status = S_TLB_TRACKING_NOT_DONE | RCX }

static const struct {
	enum st_td_id td;
	enum st_leaf_id leaf;
	struct st_want want[ST_NR_PLACES];
} st_sept_rows[] = {
#define SEPT(on, id, ...) { TD_##on, L_##id, { __VA_ARGS__ } },
#define AT(...)
#include "sept.def"
#undef SEPT
#undef AT
};

static const struct {
	const char *name;
	u8 level;
	enum st_entry entry;
} st_ends[ST_NR_PLACES] = {
#define SEPT(...)
#define AT(place, level, state) [place] = { #place, level, E_##state },
#include "sept.def"
#undef SEPT
#undef AT
};

/* What a refusal shows of the entry: address and permissions. */
static u64 st_shown(const struct st_td *td, enum st_place at)
{
	switch (st_ends[at].entry) {
	case E_FREE:
		return BIT_ULL(63);
	case E_MAPPED:
		return td->behind[at] | 7;
	case E_NL_MAPPED:
		return 7;
	case E_NL_BLOCKED:
		return 0;
	default:
		return td->behind[at];
	}
}

static bool st_shows(u64 status)
{
	return status && status != (S_OPERAND_INVALID | RCX) &&
	       status != (S_TLB_TRACKING_NOT_DONE | RCX);
}

static void st_outputs(struct st *t, enum st_leaf_id id, const u64 *regs,
		       const struct st_td *td, enum st_place at, u64 status)
{
	u64 rcx = 0, rdx = 0, mask = ~0ULL;

	if (st_shows(status)) {
		rcx = st_shown(td, at);
		rdx = LEVEL_STATE(st_ends[at].level, st_ends[at].entry);
		if (rcx != BIT_ULL(63))
			mask = GENMASK_ULL(51, 12) | 7;
	} else if (!status && id == L_MEM_PAGE_REMOVE) {
		rcx = td->behind[at];
	}
	t->cases++;
	if ((regs[RCX] & mask) != rcx)
		st_fail(t, st_leaves[id].name, "RCX", regs[RCX], rcx);
	else if (regs[RDX] != rdx)
		st_fail(t, st_leaves[id].name, "RDX", regs[RDX], rdx);
}

static void st_sept_case(struct st *t, unsigned int row, enum st_place at)
{
	enum st_leaf_id id = st_sept_rows[row].leaf;
	struct st_want want = st_sept_rows[row].want[at];
	u64 regs[STX_NR_REGS];
	struct st_td *td;

	t->column = st_ends[at].name;
	td = st_build(t, st_sept_rows[row].td);
	if (!td)
		return;
	st_good(t, id, td, regs);
	regs[RCX] = st_gpa(at);
	if (id == L_MEM_SEPT_ADD && at >= IN_HOLE3)
		regs[RCX] |= 1;
	if (st_do(t, id, regs, td, want))
		st_outputs(t, id, regs, td, at, want.status);
}

void st_sept(struct st *t)
{
	unsigned int row, at;

	for (row = 0; row < ARRAY_SIZE(st_sept_rows); row++)
		for (at = 0; at < ST_NR_PLACES; at++)
			if (st_sept_rows[row].want[at].status != ST_NONE)
				st_sept_case(t, row, at);
}

/* As if a vCPU had entered the TD in this epoch (+1), or left it (-1). */
static void st_inside(struct st_td *td, u64 epoch, int change)
{
	struct stx_tdcs *tdcs = __va(td->tdcx[0]);
	unsigned long flags;

	stx_lock(&flags);
	tdcs->refs[epoch & 1] += change;
	stx_unlock(flags);
}

static bool st_step(struct st *t, enum st_leaf_id id, struct st_td *td,
		    u64 status)
{
	u64 regs[STX_NR_REGS];

	st_good(t, id, td, regs);
	return st_says(t, id, regs, td, status);
}

/*
 * No guest runs here, so no vCPU stays inside the TD: the count of those inside
 * is set by hand.  The TD's blocked pages were blocked in epoch 1.
 */
static void st_vcpu_inside(struct st *t, struct st_td *td)
{
	const u64 busy = S_PREVIOUS_TLB_EPOCH_BUSY;
	const u64 not_yet = S_TLB_TRACKING_NOT_DONE | RCX;

	t->column = "a vCPU inside";
	st_inside(td, 1, 1);
	if (!st_step(t, L_MEM_PAGE_REMOVE, td, not_yet) ||
	    !st_step(t, L_MEM_TRACK, td, S_SUCCESS) ||
	    !st_step(t, L_MEM_PAGE_REMOVE, td, not_yet) ||
	    !st_step(t, L_MEM_TRACK, td, busy))
		return;
	st_inside(td, 1, -1);

	t->column = "a vCPU inside since the tracking";
	st_inside(td, 2, 1);
	if (!st_step(t, L_MEM_PAGE_REMOVE, td, S_SUCCESS) ||
	    !st_step(t, L_MEM_TRACK, td, S_SUCCESS) ||
	    !st_step(t, L_MEM_TRACK, td, busy))
		return;
	st_inside(td, 2, -1);
	st_step(t, L_MEM_TRACK, td, S_SUCCESS);
}

/* A vCPU that left gave its epoch back: what was blocked before is tracked. */
static void st_left(struct st *t, struct st_td *td)
{
	u64 regs[STX_NR_REGS];

	t->column = "a vCPU left";
	if (!st_step(t, L_VP_ENTER, td, S_NON_RECOVERABLE_VCPU | 2) ||
	    !st_step(t, L_MEM_TRACK, td, S_SUCCESS) ||
	    !st_step(t, L_MEM_PAGE_REMOVE, td, S_SUCCESS) ||
	    !st_step(t, L_MEM_RANGE_BLOCK, td, S_SUCCESS))
		return;

	/* What was blocked last waits for the next epoch. */
	st_good(t, L_MEM_PAGE_REMOVE, td, regs);
	regs[RCX] = st_gpa(AT_MAPPED);
	st_says(t, L_MEM_PAGE_REMOVE, regs, td,
	      S_TLB_TRACKING_NOT_DONE | RCX);
}

void st_epochs(struct st *t)
{
	struct st_td *td = st_build(t, TD_RUNNABLE);

	if (!td)
		return;
	st_vcpu_inside(t, td);
	td->built = false;
	td = st_build(t, TD_RUNNABLE);
	if (!td)
		return;
	st_left(t, td);
	td->built = false;
}
