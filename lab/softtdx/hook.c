// SPDX-License-Identifier: GPL-2.0-only
/*
 * How SEAMCALL gets here.  A CPU without TDX raises #UD on it; the kernel calls
 * the die notifiers before it looks for a fixup, and this one does the leaf
 * function on the saved registers and steps over the instruction.  The kernel
 * needs no other change, and it still executes its own SEAMCALL.
 *
 * An exception has interrupts off.  It may come from any context that issues a
 * leaf: a task, an IPI, mmu_lock held, and for TDH.VP.ENTER the noinstr section
 * around VM entry, where lockdep and context tracking are already told that the
 * guest runs.  That is sound without nohz_full (RCU watches then); with it RCU
 * would not be watching in the notifier, so it warns at boot.
 */
#include <linux/context_tracking.h>
#include <linux/init.h>
#include <linux/kdebug.h>
#include <linux/notifier.h>
#include <linux/printk.h>
#include <linux/ptrace.h>
#include <linux/uaccess.h>
#include <asm/msr.h>
#include <asm/special_insns.h>
#include <asm/trapnr.h>

#include "softtdx.h"

#define SEAMCALL_LEN		4
#define MTRRCAP_SEAMRR		BIT_ULL(15)

/* Flags that SEAMCALL sets or clears like any VMX instruction. */
#define VMX_FLAGS		(X86_EFLAGS_CF | X86_EFLAGS_PF | \
				 X86_EFLAGS_AF | X86_EFLAGS_ZF | \
				 X86_EFLAGS_SF | X86_EFLAGS_OF)

static bool stx_is_seamcall(unsigned long ip)
{
	static const u8 seamcall[SEAMCALL_LEN] = { 0x66, 0x0f, 0x01, 0xcf };
	u8 insn[SEAMCALL_LEN];

	if (copy_from_kernel_nofault(insn, (void *)ip, sizeof(insn)))
		return false;
	return !memcmp(insn, seamcall, sizeof(insn));
}

static void stx_load(u64 *r, const struct pt_regs *regs)
{
	r[STX_RAX] = regs->ax;
	r[STX_RCX] = regs->cx;
	r[STX_RDX] = regs->dx;
	r[STX_RBX] = regs->bx;
	r[STX_RSI] = regs->si;
	r[STX_RDI] = regs->di;
	r[STX_R8] = regs->r8;
	r[STX_R9] = regs->r9;
	r[STX_R10] = regs->r10;
	r[STX_R11] = regs->r11;
	r[STX_R12] = regs->r12;
	r[STX_R13] = regs->r13;
	r[STX_R14] = regs->r14;
	r[STX_R15] = regs->r15;
}

static void stx_store(struct pt_regs *regs, const u64 *r)
{
	regs->ax = r[STX_RAX];
	regs->cx = r[STX_RCX];
	regs->dx = r[STX_RDX];
	regs->bx = r[STX_RBX];
	regs->si = r[STX_RSI];
	regs->di = r[STX_RDI];
	regs->r8 = r[STX_R8];
	regs->r9 = r[STX_R9];
	regs->r10 = r[STX_R10];
	regs->r11 = r[STX_R11];
	regs->r12 = r[STX_R12];
	regs->r13 = r[STX_R13];
	regs->r14 = r[STX_R14];
	regs->r15 = r[STX_R15];
}

static int stx_die(struct notifier_block *nb, unsigned long val, void *data)
{
	struct die_args *args = data;
	struct pt_regs *regs = args->regs;
	u64 r[STX_NR_REGS] = {};

	if (val != DIE_TRAP || args->trapnr != X86_TRAP_UD || user_mode(regs))
		return NOTIFY_DONE;
	if (!stx_is_seamcall(regs->ip))
		return NOTIFY_DONE;

	/* Outside VMX operation SEAMCALL is #UD with a TDX module, too. */
	if (!(native_read_cr4() & X86_CR4_VMXE))
		return NOTIFY_DONE;

	stx_load(r, regs);
	regs->flags &= ~VMX_FLAGS;
	if (stx_seamcall(r))
		stx_store(regs, r);
	else
		regs->flags |= X86_EFLAGS_CF;
	regs->ip += SEAMCALL_LEN;
	return NOTIFY_STOP;
}

static struct notifier_block stx_nb = {
	.notifier_call = stx_die,
	.priority = INT_MAX,
};

/* Before subsys_initcall, when the kernel starts to use the TDX module. */
static int __init stx_hook_init(void)
{
	u64 cap;

	if (!rdmsrq_safe(MSR_MTRRcap, &cap) && (cap & MTRRCAP_SEAMRR)) {
		pr_warn("softtdx: this machine has SEAM; the test double stays out of its way\n");
		return 0;
	}
	pr_info("softtdx: version %d: a software test double answers SEAMCALL; this is not TDX hardware and protects nothing\n",
		STX_VERSION);
	if (context_tracking_enabled())
		pr_warn("softtdx: not sound with nohz_full: RCU does not watch around TDH.VP.ENTER\n");
	stx_keys_setup();
	return register_die_notifier(&stx_nb);
}
early_initcall(stx_hook_init);
