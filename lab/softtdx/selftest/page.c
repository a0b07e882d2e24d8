// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operands that are physical addresses: of a page of the wrong type (page.def),
 * and of no page at all.
 */
#include <linux/array_size.h>
#include <linux/mm.h>

#include "selftest.h"

/* Below 1 MiB, which Linux never makes TDX memory: reserved in its TDMR. */
#define LOW_MEMORY	0x1000

/* In the tables' order. */
enum { COL_NDA, COL_RSVD, COL_REG, COL_TDR, COL_TDCX, COL_TDVPR, COL_EPT,
       NR_COLS };

static const struct {
	const char *name;
	enum st_page_type type;
} st_cols[NR_COLS] = {
	{ "NDA", T_NDA }, { "RSVD", T_RSVD }, { "REG", T_REG },
	{ "TDR", T_TDR }, { "TDCX", T_TDCX }, { "TDVPR", T_TDVPR },
	{ "EPT", T_EPT },
};

/* The operand id is added where a row names its register. */
#define ok		S_SUCCESS
#define own		ST_NONE
#define none		ST_NONE
#define WRONG		S_PAGE_METADATA_INCORRECT
#define INVALID		S_OPERAND_INVALID
#define CHILDREN	S_TD_ASSOCIATED_PAGES_EXIST

static const struct {
	enum st_leaf_id leaf;
	enum st_reg reg;
	enum st_td_id td;
	u64 status[NR_COLS];
} st_page_rows[] = {
#define PAGE(id, reg, on, ...) { L_##id, reg, TD_##on, { __VA_ARGS__ } },
#include "page.def"
#undef PAGE
};

static u64 st_page_of_type(struct st *t, const struct st_td *td,
			   unsigned int col)
{
	switch (col) {
	case COL_NDA:
		return st_fresh(t);
	case COL_RSVD:
		return LOW_MEMORY;
	case COL_REG:
		return td->behind[AT_MAPPED];
	case COL_TDR:
		return td->tdr;
	case COL_TDCX:
		return td->tdcx[t->nr_tdcx - 2];
	case COL_TDVPR:
		return td->vp[VP_NOWHERE].vpr;
	default:
		return td->behind[AT_TABLE1];
	}
}

/* RCX type, RDX owner, R8 size (0: 4 KiB). */
static void st_told(struct st *t, enum st_leaf_id id, const u64 *regs,
		    const struct st_td *td, enum st_page_type type)
{
	bool owned = type > T_RSVD && type != T_TDR;
	const char *leaf = st_leaves[id].name;

	t->cases++;
	if (regs[RCX] != type)
		st_fail(t, leaf, "RCX", regs[RCX], type);
	else if (regs[RDX] != (owned ? td->tdr : 0))
		st_fail(t, leaf, "RDX", regs[RDX], owned ? td->tdr : 0);
	else if (regs[R8])
		st_fail(t, leaf, "R8", regs[R8], 0);
}

static void st_page_case(struct st *t, unsigned int row, unsigned int col)
{
	enum st_leaf_id id = st_page_rows[row].leaf;
	enum st_reg reg = st_page_rows[row].reg;
	u64 status = st_page_rows[row].status[col];
	u64 regs[STX_NR_REGS];
	struct st_td *td;

	t->column = st_cols[col].name;
	td = st_build(t, st_page_rows[row].td);
	if (!td)
		return;
	st_good(t, id, td, regs);
	regs[reg] = st_page_of_type(t, td, col);
	if (status && status != CHILDREN)
		status |= reg;
	if (st_says(t, id, regs, td, status) &&
	    (id == L_PHYMEM_PAGE_RDMD ||
	     (id == L_PHYMEM_PAGE_RECLAIM && (!status || status == CHILDREN))))
		st_told(t, id, regs, td, st_cols[col].type);
}

void st_page_types(struct st *t)
{
	unsigned int row, col;

	for (row = 0; row < ARRAY_SIZE(st_page_rows); row++)
		for (col = 0; col < NR_COLS; col++)
			if (st_page_rows[row].status[col] != ST_NONE)
				st_page_case(t, row, col);
}

static void st_address(struct st *t, unsigned int row, const char *name,
		       u64 change, u64 status)
{
	enum st_leaf_id id = st_page_rows[row].leaf;
	struct st_td *td = st_build(t, st_page_rows[row].td);
	enum st_reg reg = st_page_rows[row].reg;
	u64 regs[STX_NR_REGS];

	if (!td)
		return;
	t->column = name;
	st_good(t, id, td, regs);
	if (status == S_OPERAND_ADDR_RANGE_ERROR)
		regs[reg] = 0;
	regs[reg] |= change;
	st_says(t, id, regs, td,
	      status ? status | reg : 0);
}

/* Addresses of no page; the same for each operand, with two exceptions. */
void st_addresses(struct st *t)
{
	u64 keyid = BIT_ULL(boot_cpu_data.x86_phys_bits);
	u64 beyond = keyid >> 1;
	unsigned int row;

	for (row = 0; row < ARRAY_SIZE(st_page_rows); row++) {
		const struct st_leaf *l = &st_leaves[st_page_rows[row].leaf];
		bool wbinvd = st_page_rows[row].leaf == L_PHYMEM_PAGE_WBINVD;
		bool source = st_page_rows[row].reg == l->source;

		st_address(t, row, "bit 3 of an address", BIT_ULL(3),
			   S_OPERAND_INVALID);
		st_address(t, row, "bit 9 of an address", BIT_ULL(9),
			   S_OPERAND_INVALID);
		st_address(t, row, "keyid in an address", keyid,
			   wbinvd ? S_SUCCESS : S_OPERAND_INVALID);
		/* For softtdx it is a bit of a keyid, the module refuses it. */
		if (!wbinvd)
			st_address(t, row, "bit 63 of an address", BIT_ULL(63),
				   S_OPERAND_INVALID);
		if (!source)
			st_address(t, row, "address outside of TDMRs", beyond,
				   S_OPERAND_ADDR_RANGE_ERROR);
	}
}
