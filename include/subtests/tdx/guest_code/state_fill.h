/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Register state of a CPU as patterns: what XSAVE covers, and registers and
 * MSRs of the TD's own. Loaded before an event, read after it and compared, in
 * the guest and on the host.
 */
#ifndef SUBTESTS_TDX_GUEST_CODE_STATE_FILL_H
#define SUBTESTS_TDX_GUEST_CODE_STATE_FILL_H

#include "kvm_util.h"
#include "processor.h"

/* ---- what XSAVE covers --------------------------------------------------- */

#define XSTATE_SIZE	4096
#define XSTATE_COMPS	8

/* Parts of an XSAVE area after the legacy part, in the standard format. */
struct xstate_layout {
	u64 mask;		/* of XSAVE and XRSTOR */
	struct { u32 offset, size; } comp[XSTATE_COMPS];
};

struct xarea {
	u8 bytes[XSTATE_SIZE];
} __attribute__((aligned(64)));

/* By CPUID of the host, of the components in @mask. */
void xstate_layout(struct xstate_layout *l, u64 mask);

/* A different value for each register and each @seed. */
void xstate_fill(struct xarea *x, const struct xstate_layout *l, u64 seed);

/* Offset of the first byte that differs, or -1. */
int xstate_differs(const struct xarea *a, const struct xarea *b,
		   const struct xstate_layout *l);

static inline void xstate_load(const struct xarea *x, u64 mask)
{
	asm volatile("xrstor64 %0" : : "m" (*x), "a" ((u32)mask),
		     "d" ((u32)(mask >> 32)));
}

static inline void xstate_store(struct xarea *x, u64 mask)
{
	asm volatile("xsave64 %0" : "+m" (*x) : "a" ((u32)mask),
		     "d" ((u32)(mask >> 32)));
}

/* ---- registers of a guest ------------------------------------------------ */

enum {
	R_STAR, R_LSTAR, R_FMASK, R_KERNEL_GS_BASE, R_FS_BASE, R_GS_BASE,
	R_TSC_AUX, R_SYSENTER_CS, R_SYSENTER_ESP, R_SYSENTER_EIP, R_PAT,
	R_CR2, R_DR0, R_DR1, R_DR2, R_DR3, R_DR6, R_CR8, R_XCR0, NR_STATE_REGS,
};

struct state_regs {
	u64 r[NR_STATE_REGS];
};

/* Values that the registers take; XCR0 is @xcr0. */
void state_regs_fill(struct state_regs *s, u64 seed, u64 xcr0);
const char *state_reg_name(unsigned int i);

/*
 * ---- a guest's round, without SSE: state.c --------------------------------
 */

#define STATE_PORT	0x4e8
#define STATE_VECTOR	0x41

struct state_exits {
	u64 fresh;		/* GPA of an untouched private page */
	u64 shared;		/* GPA of an untouched shared page */
	u64 mmio;		/* GPA without memory */
	u64 spins;
};

/*
 * Load both kinds of state, cause an exit of each kind, read both again. Needs
 * the APIC, and interrupts off. Returns 0 or a status that failed.
 */
struct state_round {
	struct xarea want, got;
	struct state_regs regs_want, regs_got;
	u64 mask;
	struct state_exits exits;
};

u64 state_round(struct state_round *r);

/* For STATE_VECTOR. */
void state_irq(struct ex_regs *regs);

#endif
