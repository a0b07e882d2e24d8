// SPDX-License-Identifier: GPL-2.0-only
/*
 * How an exit is handled, by its reason, as data: an exception in the guest
 * (#VE, #GP, #UD), an emulation after which the guest goes on, or an exit to
 * the host.
 */
#include <linux/array_size.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <asm/trapnr.h>

#include "guest.h"
#include "vmx.h"

#define ENTRY_FAILED		BIT(31)

static enum stx_next stx_exit_ve(struct stx_exit *x)
{
	return stx_inject_ve(x, 0);
}

static enum stx_next stx_exit_ud(struct stx_exit *x)
{
	return stx_inject(x, X86_TRAP_UD);
}

static enum stx_next stx_exit_gp(struct stx_exit *x)
{
	return stx_inject_error(x, X86_TRAP_GP, 0);
}

static enum stx_next stx_exit_nothing(struct stx_exit *x)
{
	return STX_RESUME;
}

/* For the host as it is: an interrupt that is acknowledged, an SMI. */
static enum stx_next stx_exit_host(struct stx_exit *x)
{
	x->out[STX_RCX] = x->qual;
	x->out[STX_R9] = vmx_read(VM_EXIT_INTR_INFO);
	return stx_exit_to_host(x, x->reason);
}

static enum stx_next stx_exit_triple_fault(struct stx_exit *x)
{
	return stx_exit_to_host(x, RC_NON_RECOVERABLE_VCPU | x->reason);
}

/* TDCALL is not an instruction here: it comes as #UD.  NMIs are the host's. */
static enum stx_next stx_exit_exception(struct stx_exit *x)
{
	u32 info = vmx_read(VM_EXIT_INTR_INFO);

	if ((info & INTR_INFO_INTR_TYPE_MASK) == INTR_TYPE_NMI_INTR)
		return stx_exit_host(x);
	if ((info & INTR_INFO_VECTOR_MASK) == X86_TRAP_MC) {
		stx_exit_host(x);
		return stx_exit_to_host(x, RC_TD_NON_ACCESSIBLE | x->reason);
	}
	if (stx_is_tdcall(x))
		return stx_tdcall(x);
	return stx_inject(x, X86_TRAP_UD);
}

/* A wrong table: only softtdx and KVM write them. */
static enum stx_next stx_exit_misconfig(struct stx_exit *x)
{
	pr_err_ratelimited("softtdx: EPT misconfiguration at GPA %#llx\n",
			   vmx_read(GUEST_PHYSICAL_ADDRESS));
	return stx_exit_to_host(x, RC_NON_RECOVERABLE_TD | x->reason);
}

static enum stx_next (* const stx_exits[])(struct stx_exit *x) = {
	[EXIT_REASON_EXCEPTION_NMI] = stx_exit_exception,
	[EXIT_REASON_EXTERNAL_INTERRUPT] = stx_exit_host,
	[EXIT_REASON_OTHER_SMI] = stx_exit_host,
	[EXIT_REASON_TRIPLE_FAULT] = stx_exit_triple_fault,
	[EXIT_REASON_NMI_WINDOW] = stx_exit_nothing,
	[EXIT_REASON_EPT_VIOLATION] = stx_exit_ept,
	[EXIT_REASON_EPT_MISCONFIG] = stx_exit_misconfig,

	/* Emulated here. */
	[EXIT_REASON_CPUID] = stx_exit_cpuid,
	[EXIT_REASON_MSR_READ] = stx_exit_rdmsr,
	[EXIT_REASON_MSR_WRITE] = stx_exit_wrmsr,
	[EXIT_REASON_CR_ACCESS] = stx_exit_gp,
	[EXIT_REASON_XSETBV] = stx_exit_xsetbv,

	/* The guest may turn these into a TDCALL. */
	[EXIT_REASON_HLT] = stx_exit_ve,
	[EXIT_REASON_IO_INSTRUCTION] = stx_exit_ve,
	[EXIT_REASON_INVD] = stx_exit_ve,
	[EXIT_REASON_WBINVD] = stx_exit_ve,
	[EXIT_REASON_VMCALL] = stx_exit_ve,

	/* A TD does not have these. */
	[EXIT_REASON_RDPMC] = stx_exit_gp,
	[EXIT_REASON_MWAIT_INSTRUCTION] = stx_exit_ud,
	[EXIT_REASON_MONITOR_INSTRUCTION] = stx_exit_ud,
	[EXIT_REASON_VMCLEAR] = stx_exit_ud,
	[EXIT_REASON_VMLAUNCH] = stx_exit_ud,
	[EXIT_REASON_VMPTRLD] = stx_exit_ud,
	[EXIT_REASON_VMPTRST] = stx_exit_ud,
	[EXIT_REASON_VMREAD] = stx_exit_ud,
	[EXIT_REASON_VMRESUME] = stx_exit_ud,
	[EXIT_REASON_VMWRITE] = stx_exit_ud,
	[EXIT_REASON_VMOFF] = stx_exit_ud,
	[EXIT_REASON_VMON] = stx_exit_ud,
	[EXIT_REASON_INVEPT] = stx_exit_ud,
	[EXIT_REASON_INVVPID] = stx_exit_ud,
};

static enum stx_next stx_exit_unknown(struct stx_exit *x)
{
	pr_err_ratelimited("softtdx: exit reason %#x is not handled, qualification %#llx, RIP %#llx\n",
			   x->reason, x->qual, vmx_read(GUEST_RIP));
	x->out[STX_RCX] = x->qual;
	return stx_exit_to_host(x, RC_NON_RECOVERABLE_VCPU | x->reason);
}

enum stx_next stx_exit_handle(struct stx_exit *x)
{
	x->reason = vmx_read(VM_EXIT_REASON);
	x->qual = vmx_read(EXIT_QUALIFICATION);
	if (x->reason & ENTRY_FAILED)
		return stx_exit_unknown(x);
	x->reason &= 0xffff;
	stx_event_interrupted(x->g);
	if (x->reason >= ARRAY_SIZE(stx_exits) || !stx_exits[x->reason])
		return stx_exit_unknown(x);
	return stx_exits[x->reason](x);
}
