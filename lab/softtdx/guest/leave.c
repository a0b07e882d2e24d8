// SPDX-License-Identifier: GPL-2.0-only
/*
 * What every kind of exit needs: an exit to the host, the guest's next
 * instruction, its privilege level.
 */
#include <linux/bitfield.h>

#include "guest.h"
#include "vmx.h"

/* SDM 25.4.1: access rights of SS in the guest-state area */
#define SS_DPL	GENMASK(6, 5)

/* Exit to the host: outputs that are not set by then are 0. */
enum stx_next stx_exit_to_host(struct stx_exit *x, u64 status)
{
	x->status = status;
	return STX_EXIT;
}

void stx_skip_insn(struct stx_exit *x, u32 len)
{
	u32 blocked = vmx_read(GUEST_INTERRUPTIBILITY_INFO);

	vmx_write(GUEST_RIP, vmx_read(GUEST_RIP) + len);
	vmx_write(GUEST_INTERRUPTIBILITY_INFO, blocked &
		  ~(GUEST_INTR_STATE_STI | GUEST_INTR_STATE_MOV_SS));
}

unsigned int stx_guest_cpl(void)
{
	return FIELD_GET(SS_DPL, vmx_read(GUEST_SS_AR_BYTES));
}
