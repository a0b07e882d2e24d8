/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Call softtdx as the kernel does, by the registers of a SEAMCALL, and expect
 * the exact status. Leaf numbers are those of the TDX module's ABI.
 */
#ifndef SOFTTDX_CALL_H
#define SOFTTDX_CALL_H

#include "lab/softtdx/include/softtdx.h"
#include "unit.h"

enum {
	VP_ENTER = 0, MNG_ADDCX = 1, PAGE_ADD = 2, SEPT_ADD = 3, VP_ADDCX = 4,
	PAGE_AUG = 6, RANGE_BLOCK = 7, KEY_CONFIG = 8, MNG_CREATE = 9,
	VP_CREATE = 10, MNG_RD = 11, MR_EXTEND = 16, MR_FINALIZE = 17,
	VP_FLUSH = 18, VPFLUSHDONE = 19, KEY_FREEID = 20, MNG_INIT = 21,
	VP_INIT = 22 | 1 << 16, PAGE_RDMD = 24, VP_RD = 26, PAGE_RECLAIM = 28,
	PAGE_REMOVE = 29, SYS_KEY_CONFIG = 31, SYS_INIT = 33, SYS_RD = 34,
	LP_INIT = 35, TDMR_INIT = 36, MEM_TRACK = 38, CACHE_WB = 40,
	PAGE_WBINVD = 41, VP_WR = 43, SYS_CONFIG = 45, SYS_DISABLE = 69,
};

#define INVALID(operand)	(RC_OPERAND_INVALID | (operand))
#define WRONG_PAGE(operand)	(RC_PAGE_METADATA_INCORRECT | (operand))

/* The registers after the last call. */
static u64 r[STX_NR_REGS];

static void expect(int line, u64 want, const u64 *in)
{
	static const u8 reg[] = { STX_RAX, STX_RCX, STX_RDX, STX_R8, STX_R9 };
	unsigned int i;
	u64 got;

	memset(r, 0xee, sizeof(r));
	for (i = 0; i < ARRAY_SIZE(reg); i++)
		r[reg[i]] = in[i];
	got = stx_seamcall(r) ? r[STX_RAX] : ~0ULL;
	if (got == want)
		return;
	printf("# line %d: leaf %llu: %#llx, not %#llx\n", line, in[0] & 0xffff,
	       got, want);
	unit_failures++;
}

/* EXPECT(status, leaf, RCX, RDX, R8, R9), registers not given are 0. */
#define EXPECT(want, ...) \
	expect(__LINE__, want, (const u64[5]){ __VA_ARGS__ })
#define OK(...)	EXPECT(0, __VA_ARGS__)

#endif
