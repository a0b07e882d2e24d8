/* SPDX-License-Identifier: GPL-2.0-only */
/* #VE in guest code: how a TD does by TDVMCALLs what it may not do itself. */
#ifndef TDX_GUEST_CODE_VE_H
#define TDX_GUEST_CODE_VE_H

#include "tdx/guest_code/tdcall.h"

/*
 * Call @fn for each #VE before it is emulated; it returns true if it has
 * handled it, and may change @regs, rip too. NULL: none. One for the TD, not
 * for a vCPU. It runs with interrupts off and must not touch SSE, where the
 * interrupted code keeps its values.
 */
typedef bool (*td_ve_fn)(const struct tdg_ve *ve, struct ex_regs *regs);
void td_on_ve(td_ve_fn fn);

/* #VE handled since the TD started, all vCPUs together. */
u64 td_ve_count(void);

/* The handler itself: of vector VE_VECTOR, installed by td_new(). */
void td_handle_ve(struct ex_regs *regs);

#endif
