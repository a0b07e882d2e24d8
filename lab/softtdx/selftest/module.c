// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is checked before any operand: RAX, and the state of the module
 * (module.def).
 */
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/string.h>

#include "selftest.h"

#define bad		S_OPERAND_INVALID | RCX
#define bad_rdx		S_OPERAND_INVALID | RDX
#define bad_key		S_OPERAND_INVALID | RDX
#define skip		ST_NONE
#define EARLY		S_SYS_NOT_READY
#define DOWN		S_SYS_SHUTDOWN
#define ONCE		S_SYS_INIT_NOT_PENDING
#define NO_LP		S_SYS_LP_INIT_NOT_PENDING
#define LP_ONCE		S_SYS_LP_INIT_DONE
#define LP		S_SYS_LP_INIT_NOT_DONE
#define NO_FIELD	S_METADATA_FIELD_ID_INCORRECT
#define NO_CONFIG	S_SYS_CONFIG_NOT_PENDING
#define NO_KEY		S_SYS_KEY_CONFIG_NOT_PENDING

static const u64 st_module_rows[ST_NR_LEAVES][ST_NR_STAGES] = {
#define MODULE(id, ...) [L_##id] = { __VA_ARGS__ },
#include "module.def"
#undef MODULE
};

static const char * const st_stage_names[ST_NR_STAGES] = {
	[ST_BEFORE_INIT] = "a module before SYS.INIT",
	[ST_BEFORE_LP] = "a module before LP.INIT here",
	[ST_BEFORE_CONFIG] = "a module before the last LP.INIT",
	[ST_BEFORE_KEY] = "a module before SYS.KEY.CONFIG",
	[ST_READY] = "a module that is ready",
	[ST_DOWN] = "a module after SYS.DISABLE",
};

/* No address, no field, no command, no keyid. */
static void st_bad(enum st_leaf_id id, u64 *regs)
{
	memset(regs, 0, STX_NR_REGS * sizeof(*regs));
	regs[RCX] = id == L_PHYMEM_CACHE_WB ? 2 : 8;
	regs[RDX] = 8;
	regs[R8] = 8;
	regs[R9] = 8;
}

void st_module_at(struct st *t, enum st_stage stage)
{
	u64 regs[STX_NR_REGS], want;
	unsigned int id;

	t->part = "module";
	t->column = st_stage_names[stage];
	for (id = 0; id < ST_NR_LEAVES; id++) {
		want = st_module_rows[id][stage];
		if (want == ST_NONE)
			continue;
		st_bad(id, regs);
		st_says(t, id, regs, NULL, want);
	}
}

/* Fields that Linux reads, with the bits that must be 1 or 0. */
static const struct {
	const char *name;
	u64 field, mask, value;
} st_globals[] = {
	{ "minor version", 0x0800000100000003, ~0ULL, 5 },
	{ "major version", 0x0800000100000004, ~0ULL, 1 },
	{ "NO_RBP_MOD, TOPOLOGY_ENUM", 0x0A00000300000008,
	  BIT_ULL(18) | BIT_ULL(20), BIT_ULL(18) | BIT_ULL(20) },
	{ "no TD_PRESERVING", 0x0A00000300000008, BIT_ULL(1), 0 },
	{ "TDMRs", 0x9100000100000008, ~0ULL, 64 },
	{ "reserved areas", 0x9100000100000009, ~0ULL, 16 },
	{ "PAMT entry of 4K", 0x9100000100000010, ~0ULL, 16 },
	{ "PAMT entry of 2M", 0x9100000100000011, ~0ULL, 16 },
	{ "PAMT entry of 1G", 0x9100000100000012, ~0ULL, 16 },
	{ "TDR size", 0x9800000100000000, ~0ULL, 4096 },
	{ "SEPT_VE_DISABLE", 0x1900000300000000, BIT_ULL(28), BIT_ULL(28) },
	{ "ATTRIBUTES that must be", 0x1900000300000001, ~0ULL, 0 },
	{ "x87 and SSE", 0x1900000300000002, 3, 3 },
	{ "XFAM beyond the module's", 0x1900000300000002, ~0x6DBE7ULL, 0 },
	{ "XFAM that must be", 0x1900000300000003, ~0ULL, 3 },
	{ "vCPUs of a TD", 0x9900000100000008, ~0ULL, 576 },
};

static void st_global_fields(struct st *t)
{
	u64 regs[STX_NR_REGS] = {};
	unsigned int i;

	t->column = "global metadata";
	for (i = 0; i < ARRAY_SIZE(st_globals); i++) {
		regs[RDX] = st_globals[i].field;
		if (st_says(t, L_SYS_RD, regs, NULL, S_SUCCESS))
			st_check(t, st_globals[i].name,
				 regs[R8] & st_globals[i].mask,
				 st_globals[i].value);
	}
}

void st_module(struct st *t)
{
	u64 regs[STX_NR_REGS] = {};

	st_module_at(t, ST_READY);
	st_global_fields(t);
	/* The first TDMR of Linux starts at 0, wherever memory starts. */
	t->column = "a TDMR that is complete";
	st_says(t, L_SYS_TDMR_INIT, regs, NULL,
	      S_TDMR_ALREADY_INITIALIZED);
}

/* A call with this RAX must return that RAX is wrong. */
static void st_bad_rax(struct st *t, enum st_leaf_id id, const char *name,
		       u64 rax)
{
	u64 regs[STX_NR_REGS];
	bool done;

	t->column = name;
	t->cases++;
	st_bad(id, regs);
	regs[RAX] = rax;
	done = stx_seamcall(regs);
	if (!done || regs[RAX] != (S_OPERAND_INVALID | RAX))
		st_fail(t, st_leaves[id].name, "status", regs[RAX],
			S_OPERAND_INVALID | RAX);
}

static bool st_known(u64 leaf)
{
	unsigned int id;

	for (id = 0; id < ST_NR_LEAVES; id++)
		if ((st_leaves[id].rax & 0xffff) == leaf)
			return true;
	return false;
}

void st_rax_of(struct st *t, enum st_leaf_id id)
{
	u64 rax = st_leaves[id].rax;

	st_bad_rax(t, id, "the next version", rax + (1 << 16));
	st_bad_rax(t, id, "version 255", rax | 255 << 16);
	st_bad_rax(t, id, "bit 24 of RAX", rax | BIT_ULL(24));
	st_bad_rax(t, id, "bit 62 of RAX", rax | BIT_ULL(62));
}

void st_rax(struct st *t)
{
	u64 regs[STX_NR_REGS] = { [RAX] = BIT_ULL(63) };
	unsigned int id, nr;

	for (id = 0; id < ST_NR_LEAVES; id++)
		if (!st_leaves[id].ends_module)
			st_rax_of(t, id);
	for (nr = 0; nr < 256; nr++)
		if (!st_known(nr))
			st_bad_rax(t, 0, "an unknown leaf", nr);
	st_bad_rax(t, 0, "an unknown leaf", 0xffff);

	t->column = "P-SEAMLDR";
	st_check(t, "taken", stx_seamcall(regs), false);
}
