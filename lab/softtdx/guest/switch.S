/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bool stx_vmrun(u64 *gpr, bool launched)
 *
 * Enter the guest of the current VMCS with the general registers in gpr, which
 * is indexed by their encoding, and leave there what it had at its exit.  RSP
 * is in the VMCS.  True if the CPU refused to enter.
 *
 * The caller switches what VMX does not (FPU, debug registers, CR2, system call
 * MSRs), and restores what a VM exit changes (GDT, IDT, TSS, LDT).
 */
#include <linux/linkage.h>
#include <asm/unwind_hints.h>

#define GPR(n)			((n) * 8)
#define RAX			0
#define RCX			1
#define RDX			2
#define RBX			3
#define RBP			5
#define RSI			6
#define RDI			7

#define VMCS_HOST_RSP		0x6c14
#define VMCS_HOST_RIP		0x6c16

.macro load_regs from:req
	movq	GPR(RCX)(\from), %rcx
	movq	GPR(RDX)(\from), %rdx
	movq	GPR(RBX)(\from), %rbx
	movq	GPR(RBP)(\from), %rbp
	movq	GPR(RSI)(\from), %rsi
	movq	GPR(RDI)(\from), %rdi
	movq	GPR(8)(\from), %r8
	movq	GPR(9)(\from), %r9
	movq	GPR(10)(\from), %r10
	movq	GPR(11)(\from), %r11
	movq	GPR(12)(\from), %r12
	movq	GPR(13)(\from), %r13
	movq	GPR(14)(\from), %r14
	movq	GPR(15)(\from), %r15
	movq	GPR(RAX)(\from), %rax
.endm

.macro store_regs to:req
	movq	%rcx, GPR(RCX)(\to)
	movq	%rdx, GPR(RDX)(\to)
	movq	%rbx, GPR(RBX)(\to)
	movq	%rbp, GPR(RBP)(\to)
	movq	%rsi, GPR(RSI)(\to)
	movq	%rdi, GPR(RDI)(\to)
	movq	%r8, GPR(8)(\to)
	movq	%r9, GPR(9)(\to)
	movq	%r10, GPR(10)(\to)
	movq	%r11, GPR(11)(\to)
	movq	%r12, GPR(12)(\to)
	movq	%r13, GPR(13)(\to)
	movq	%r14, GPR(14)(\to)
	movq	%r15, GPR(15)(\to)
.endm

	.text
SYM_FUNC_START(stx_vmrun)
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushq	%rdi

	movl	$VMCS_HOST_RSP, %eax
	vmwrite	%rsp, %rax
	leaq	.Lexit(%rip), %rdx
	movl	$VMCS_HOST_RIP, %eax
	vmwrite	%rdx, %rax

	/* The loads below leave the flags alone. */
	UNWIND_HINT_SAVE
	movq	%rdi, %rax
	testb	%sil, %sil
	load_regs %rax
	jz	.Llaunch
	vmresume
	jmp	.Lrefused
.Llaunch:
	vmlaunch
	jmp	.Lrefused

	/* The stack is as it was; all other registers are the guest's. */
.Lexit:
	UNWIND_HINT_RESTORE
	pushq	%rax
	movq	8(%rsp), %rax
	store_regs %rax
	popq	GPR(RAX)(%rax)
	xorl	%eax, %eax
	jmp	.Lout

.Lrefused:
	movl	$1, %eax
.Lout:
	popq	%rdi
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	RET
SYM_FUNC_END(stx_vmrun)
