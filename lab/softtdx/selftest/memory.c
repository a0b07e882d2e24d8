// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contents of pages that a TD gets, and TDs with five levels of secure EPT.
 */
#include <linux/bits.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <asm/msr.h>
#include <asm/vmx.h>

#include "selftest.h"

#define RAW_FREE	0x80E0000000000000ULL	/* an entry of a new table */
#define RAW_MAPPED	0x80000000000000F7ULL	/* WB IPAT leaf RWX, no #VE */

static bool st_filled(const u64 *p, u64 value)
{
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / sizeof(*p); i++)
		if (p[i] != value)
			return false;
	return true;
}

static void st_fill(u64 pa, u64 value)
{
	memset64(__va(pa), value, PAGE_SIZE / sizeof(u64));
}

static u64 st_give(struct st *t, struct st_td *td, enum st_leaf_id id)
{
	u64 page = st_page(t), regs[STX_NR_REGS];

	st_fill(page, 0x5555);
	st_good(t, id, td, regs);
	regs[R8] = page;
	st_says(t, id, regs, td, S_SUCCESS);
	return page;
}

/* PAGE.ADD copies, PAGE.AUG leaves clearing to the guest, SEPT.ADD clears. */
void st_contents(struct st *t)
{
	struct st_td *td = st_build(t, TD_INIT);
	const u64 *table;
	u64 page;

	if (!td)
		return;
	t->column = "a page's contents";
	st_fill(t->source, 0xaaaa);
	page = st_give(t, td, L_MEM_PAGE_ADD);
	st_check(t, "added", st_filled(__va(page), 0xaaaa), true);
	st_check(t, "source", st_filled(__va(t->source), 0xaaaa), true);
	table = __va(td->behind[AT_TABLE1]);
	st_check(t, "entry", table[0], RAW_MAPPED | page);

	td = st_build(t, TD_INIT);
	if (!td)
		return;
	page = st_give(t, td, L_MEM_PAGE_AUG);
	st_check(t, "augmented", st_filled(__va(page), 0x5555), true);
	td = st_build(t, TD_INIT);
	if (!td)
		return;
	page = st_give(t, td, L_MEM_SEPT_ADD);
	st_check(t, "new table", st_filled(__va(page), RAW_FREE), true);
	st_check(t, "root", *(u64 *)(__va(td->tdcx[3]) + 0x800), RAW_FREE);
}

static void st_wide_gpa(struct st *t, struct st_td *td, enum st_leaf_id id,
			u64 rcx, u64 status)
{
	u64 regs[STX_NR_REGS];

	st_good(t, id, td, regs);
	regs[RCX] = rcx;
	st_says(t, id, regs, td, status);
}

/* With 52 bits of GPA, bit 51 is the shared bit and bit 47 an ordinary one. */
static void st_wide(struct st *t, struct st_td *td)
{
	const u64 bad = S_OPERAND_INVALID | RCX;
	u64 regs[STX_NR_REGS];

	t->column = "five levels";
	st_wide_gpa(t, td, L_MEM_SEPT_ADD, 5, bad);
	st_wide_gpa(t, td, L_MEM_SEPT_ADD, BIT_ULL(51) | 4, bad);
	st_wide_gpa(t, td, L_MEM_SEPT_ADD, BIT_ULL(50) | 4, S_SUCCESS);
	st_wide_gpa(t, td, L_MEM_SEPT_ADD, BIT_ULL(47) | 3,
		    S_EPT_WALK_FAILED | RCX);
	st_wide_gpa(t, td, L_MEM_SEPT_ADD, 4, S_SUCCESS);
	st_wide_gpa(t, td, L_MEM_SEPT_ADD, BIT_ULL(47) | 3, S_SUCCESS);
	st_wide_gpa(t, td, L_MEM_RANGE_BLOCK, 5, bad);
	st_good(t, L_MEM_RANGE_BLOCK, td, regs);
	regs[RCX] = 4;
	st_do(t, L_MEM_RANGE_BLOCK, regs, td,
	      (struct st_want){ .entry = E_NL_BLOCKED + 1 });
	st_wide_gpa(t, td, L_MEM_SEPT_ADD, BIT_ULL(46) | 3,
		    S_EPT_WALK_FAILED | RCX);
}

/* TDH.MNG.INIT refuses 4 levels with a width of 52, see param.c. */
void st_five_levels(struct st *t)
{
	struct st_td *td = st_build(t, TD_UNINIT);
	u64 regs[STX_NR_REGS], cap = 0;
	bool has;
	u8 *p;

	if (!td)
		return;
	rdmsrq_safe(MSR_IA32_VMX_EPT_VPID_CAP, &cap);
	has = cap & BIT_ULL(7);
	t->column = has ? "a CPU with five levels" : "a CPU with four levels";
	st_good(t, L_MNG_INIT, td, regs);
	p = st_params(t);
	p[24] = P_EPTP_5;
	p[32] = P_NO_RBP_MOD | P_GPAW52;
	if (st_says(t, L_MNG_INIT, regs, td,
		    has ? S_SUCCESS : S_OPERAND_INVALID | OP_EPTP) && has)
		st_wide(t, td);
	td->built = false;
}
