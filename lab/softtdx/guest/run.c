// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run a TD's vCPU: load its VMCS, enter, handle the exit, until an exit is for
 * the host; then load KVM's VMCS again.
 */
#include <linux/mm.h>
#include <linux/string.h>
#include <asm/msr.h>

#include "guest.h"
#include "host.h"
#include "vmx.h"

#define VMX_REVISION		GENMASK(30, 0)

/* A new VMCS has to be cleared before it is loaded. */
static bool stx_vmcs_load(struct stx_call *c, struct stx_guest *g)
{
	void *vmcs = stx_vp_page(c->vp, STX_TDVPS_VMCS);
	u64 basic;

	if (!g->built) {
		rdmsrq(MSR_IA32_VMX_BASIC, basic);
		*(u32 *)vmcs = basic & VMX_REVISION;
		if (!vmx_clear(__pa(vmcs)))
			return false;
	}
	return vmx_load(__pa(vmcs));
}

/* VP.FLUSH, on the CPU that it ran on; the next entry is a VMLAUNCH. */
void stx_guest_flush(struct stx_tdvps *vp)
{
	struct stx_guest *g = stx_vp_page(vp, STX_TDVPS_GUEST);

	if (!g || !g->built)
		return;
	vmx_clear(vp->pages[STX_TDVPS_VMCS]);
	g->launched = false;
}

static enum stx_next stx_refused(struct stx_exit *x)
{
	pr_err_ratelimited("softtdx: VM entry refused, instruction error %llu\n",
			   vmx_read(VM_INSTRUCTION_ERROR));
	return stx_exit_to_host(x, RC_NON_RECOVERABLE_VCPU |
				EXIT_REASON_INVALID_STATE);
}

static void stx_loop(struct stx_exit *x, const struct stx_host *host,
		     bool flush)
{
	struct stx_guest *g = x->g;
	enum stx_next next;
	bool refused;

	do {
		stx_vmcs_prepare(x->c, g);
		if (stx_guest_join(x->c, g) || flush)
			vmx_flush_ept(stx_guest_eptp(x->c));
		flush = false;
		refused = stx_vmrun(g->gpr, g->launched);
		stx_host_restore(host);
		if (refused) {
			stx_refused(x);
			return;
		}
		g->launched = true;
		next = stx_exit_handle(x);
	} while (next == STX_RESUME);
}

void stx_guest_run(struct stx_exit *x, bool flush)
{
	struct stx_host host;

	stx_host_save(&host);
	if (!stx_vmcs_load(x->c, x->g)) {
		pr_err_ratelimited("softtdx: VMPTRLD of a TD's vCPU failed\n");
		stx_exit_to_host(x, RC_TD_FATAL);
		return;
	}
	if (!x->g->built) {
		stx_vmcs_build(x->c, x->g);
		stx_guest_first(x->c, x->g);
	}
	stx_host_fields(&host);
	stx_guest_in(x->c, x->g);
	stx_loop(x, &host, flush);
	stx_guest_out(x->c, x->g);
	x->g->rvi = vmx_read(GUEST_INTR_STATUS);
	if (host.vmcs != VMX_NO_VMCS)
		vmx_load(host.vmcs);
}
