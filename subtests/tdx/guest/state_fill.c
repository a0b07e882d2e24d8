// SPDX-License-Identifier: GPL-2.0-only
/* Patterns of register state, and where two of them differ. */
#include <string.h>

#include "subtests/tdx/guest_code/state_fill.h"

/* The legacy part of an XSAVE area, and its header. */
#define X_FCW		0
#define X_FTW		4
#define X_MXCSR		24
#define X_ST(i)		(32 + 16 * (i))
#define X_ST_SIZE	10
#define X_XMM(i)	(160 + 16 * (i))
#define X_XSTATE_BV	512

#define FCW		0x027f	/* all masked, double precision */
#define MXCSR		0x9fbf	/* all masked, all flags set, flush to zero */

static u64 mix(u64 seed, u64 n)
{
	u64 x = (seed << 32) ^ (n + 1) * 0x9e3779b97f4a7c15ull;

	x = (x ^ x >> 29) * 0xbf58476d1ce4e5b9ull;
	return x ^ x >> 32;
}

void xstate_layout(struct xstate_layout *l, u64 mask)
{
	u32 a, b, c, d;
	unsigned int i;

	*l = (struct xstate_layout) { .mask = mask & (BIT(XSTATE_COMPS) - 1) };
	for (i = 2; i < XSTATE_COMPS; i++) {
		if (!(l->mask & BIT(i)))
			continue;
		__cpuid(0xd, i, &a, &b, &c, &d);
		TEST_ASSERT(b + a <= XSTATE_SIZE,
			    "state component %u ends at %u", i, b + a);
		l->comp[i].offset = b;
		l->comp[i].size = a;
	}
}

static void fill(struct xarea *x, u32 offset, u32 size, u64 seed)
{
	u32 i;

	for (i = 0; i < size; i++)
		x->bytes[offset + i] = mix(seed, offset + i);
}

void xstate_fill(struct xarea *x, const struct xstate_layout *l, u64 seed)
{
	u16 fcw = FCW;
	u32 mxcsr = MXCSR;
	unsigned int i;

	memset(x, 0, sizeof(*x));
	memcpy(x->bytes + X_FCW, &fcw, sizeof(fcw));
	x->bytes[X_FTW] = 0xff;
	memcpy(x->bytes + X_MXCSR, &mxcsr, sizeof(mxcsr));
	memcpy(x->bytes + X_XSTATE_BV, &l->mask, sizeof(l->mask));
	for (i = 0; i < 8; i++)
		fill(x, X_ST(i), X_ST_SIZE, seed);
	for (i = 0; i < 16; i++)
		fill(x, X_XMM(i), 16, seed);
	for (i = 2; i < XSTATE_COMPS; i++)
		fill(x, l->comp[i].offset, l->comp[i].size, seed);
}

static int differs(const struct xarea *a, const struct xarea *b, u32 offset,
		   u32 size)
{
	u32 i;

	for (i = offset; i < offset + size; i++)
		if (a->bytes[i] != b->bytes[i])
			return i;
	return -1;
}

int xstate_differs(const struct xarea *a, const struct xarea *b,
		   const struct xstate_layout *l)
{
	unsigned int i;
	int at;

	at = differs(a, b, X_FCW, 6);
	if (at < 0)
		at = differs(a, b, X_MXCSR, 4);
	for (i = 0; i < 8 && at < 0; i++)
		at = differs(a, b, X_ST(i), X_ST_SIZE);
	for (i = 0; i < 16 && at < 0; i++)
		at = differs(a, b, X_XMM(i), 16);
	for (i = 2; i < XSTATE_COMPS && at < 0; i++)
		at = differs(a, b, l->comp[i].offset, l->comp[i].size);
	return at;
}

/* ---- registers of a guest ------------------------------------------------ */

static const char * const reg_names[NR_STATE_REGS] = {
	[R_STAR] = "STAR", [R_LSTAR] = "LSTAR", [R_FMASK] = "FMASK",
	[R_KERNEL_GS_BASE] = "KERNEL_GS_BASE", [R_FS_BASE] = "FS_BASE",
	[R_GS_BASE] = "GS_BASE", [R_TSC_AUX] = "TSC_AUX",
	[R_SYSENTER_CS] = "SYSENTER_CS", [R_SYSENTER_ESP] = "SYSENTER_ESP",
	[R_SYSENTER_EIP] = "SYSENTER_EIP", [R_PAT] = "PAT", [R_CR2] = "CR2",
	[R_DR0] = "DR0", [R_DR1] = "DR1", [R_DR2] = "DR2", [R_DR3] = "DR3",
	[R_DR6] = "DR6", [R_CR8] = "CR8", [R_XCR0] = "XCR0",
};

const char *state_reg_name(unsigned int i)
{
	return reg_names[i];
}

/* Addresses of the lower half: canonical with any paging. */
#define ADDRESS		0x00007fffffffffffull

/* Four valid memory types each. */
static const u32 pats[] = { 0x00070406, 0x06040100, 0x05050606, 0x01000704 };

static u64 reg_value(unsigned int i, u64 any, u64 xcr0)
{
	switch (i) {
	case R_FMASK:
	case R_TSC_AUX:
		return (u32)any;
	case R_SYSENTER_CS:
		return (u16)any;
	case R_PAT:
		/* The entries in use do not change. */
		return 0x00070406 | (u64)pats[any % ARRAY_SIZE(pats)] << 32;
	case R_DR6:
		return 0xffff0ff0 | (any & 0xf);
	case R_CR8:
		return any & 3;
	case R_XCR0:
		return xcr0;
	case R_STAR:
		return any;
	default:
		return any & ADDRESS;
	}
}

void state_regs_fill(struct state_regs *s, u64 seed, u64 xcr0)
{
	unsigned int i;

	for (i = 0; i < NR_STATE_REGS; i++)
		s->r[i] = reg_value(i, mix(seed, 0x1000 + i), xcr0);
}
