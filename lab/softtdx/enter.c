// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDH.VP.ENTER.  There is no guest yet: a vCPU that is entered ends at once as
 * if it had triple-faulted, by the status that KVM turns into
 * KVM_EXIT_SHUTDOWN, and cannot be entered again.  The epoch is taken and given
 * back as around a real entry.
 */
#include <linux/array_size.h>

#include "softtdx.h"

#define EXIT_TRIPLE_FAULT	2

u64 stx_vp_enter(struct stx_call *c)
{
	static const u8 outputs[] = {
		STX_RCX, STX_RDX, STX_RBX, STX_RSI, STX_RDI, STX_R8, STX_R9,
		STX_R10, STX_R11, STX_R12, STX_R13, STX_R14, STX_R15,
	};
	struct stx_tdcs *tdcs = c->tdcs;
	unsigned int i;

	tdcs->refs[tdcs->epoch & 1]++;
	c->vp->epoch = tdcs->epoch;
	tdcs->refs[c->vp->epoch & 1]--;

	c->vp->state = VCPU_DISABLED;
	for (i = 0; i < ARRAY_SIZE(outputs); i++)
		c->out[outputs[i]] = 0;
	return RC_NON_RECOVERABLE_VCPU | EXIT_TRIPLE_FAULT;
}
