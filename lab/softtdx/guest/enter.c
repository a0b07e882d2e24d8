// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDH.VP.ENTER: run the vCPU until an exit is for the host; and TDH.VP.FLUSH,
 * which takes it off the CPU on which it ran.
 *
 * The lock is dropped while the guest runs: other CPUs add and remove pages
 * meanwhile, as on hardware.  The TD's epoch keeps a page from being removed
 * under a running guest, also as on hardware: a vCPU runs in the epoch in which
 * it was entered, and flushes its translations when it is entered in a later
 * one.
 */
#include <linux/string.h>

#include "guest.h"
#include "misbehave.h"

#define EXIT_TRIPLE_FAULT	2

/*
 * For the self-test, which is not KVM and cannot handle the host's interrupt
 * that ends a guest's run.  Its vCPUs end as if they had triple-faulted.
 */
bool stx_no_guest;

static bool stx_vp_complete(const struct stx_tdvps *vp)
{
	unsigned int i;

	for (i = STX_TDVPS_ROOT + 1; i < STX_TDVPS_PAGES; i++)
		if (!stx_vp_page(vp, i))
			return false;
	return true;
}

/*
 * The registers that the guest named in TDG.VP.VMCALL come back, except for
 * RCX, which named them, and those that are never passed.
 */
static void stx_vmcall_return(struct stx_guest *g, const u64 *in)
{
	u64 mask = g->gpr[STX_RCX];
	unsigned int i;

	for (i = STX_RDX; i < STX_NR_REGS; i++)
		if ((mask & BIT(i)) && i != STX_RSP && i != STX_RBP)
			g->gpr[i] = in[i];
	g->vmcall = false;
}

u64 stx_vp_enter(struct stx_call *c)
{
	struct stx_exit x = {
		.c = c, .g = stx_vp_page(c->vp, STX_TDVPS_GUEST),
	};
	struct stx_tdcs *tdcs = c->tdcs;
	u64 epoch = tdcs->epoch;
	bool flush = c->vp->epoch != epoch && !stx_misbehave_no_flush(c);

	if (!stx_vp_complete(c->vp))
		return stx_overwritten("TDVPR", c->vp->pa);
	if (x.g->vmcall)
		stx_vmcall_return(x.g, c->in);
	tdcs->refs[epoch & 1]++;
	c->vp->epoch = epoch;
	if (READ_ONCE(stx_no_guest)) {
		x.status = RC_NON_RECOVERABLE_VCPU | EXIT_TRIPLE_FAULT;
	} else {
		stx_lock_drop();
		stx_guest_run(&x, flush);
		stx_lock_retake();
	}
	tdcs->refs[epoch & 1]--;

	if (x.status & RC_NON_RECOVERABLE)
		c->vp->state = VCPU_DISABLED;
	memcpy(c->out, x.out, sizeof(x.out));
	return x.status;
}

u64 stx_vp_flush(struct stx_call *c)
{
	stx_guest_flush(c->vp);
	/* With checks off: not associated, or of a TD without TDCS. */
	if (c->vp->lp != STX_NO_LP && c->tdcs)
		c->tdcs->nr_assoc--;
	c->vp->lp = STX_NO_LP;
	return RC_SUCCESS;
}
