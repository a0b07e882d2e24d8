/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * EPT violations that reach the guest as #VE: handlers for td_on_ve(). Compiled
 * without SSE, as all exception handlers.
 */
#ifndef SUBTESTS_TDX_GUEST_CODE_VE_H
#define SUBTESTS_TDX_GUEST_CODE_VE_H

#include "tdx/guest.h"

#define EXIT_EPT_VIOLATION	48
#define EPT_QUAL_READ		BIT(0)
#define EPT_QUAL_WRITE		BIT(1)

/*
 * Accept the private page that was touched before it was accepted, and go on.
 * Another vCPU may accept it first. Shared GPAs without memory: only ve_peek()
 * may touch them.
 */
bool ve_accept(const struct tdg_ve *ve, struct ex_regs *regs);

/* Pages that ve_accept() has accepted, by all vCPUs; the last #VE it saw. */
u64 ve_accepted(void);
u64 ve_seen(void);
const struct tdg_ve *ve_last(void);

/* Read a quadword; false if that was #VE in shared memory. */
bool ve_peek(const void *p, u64 *value);

#endif
