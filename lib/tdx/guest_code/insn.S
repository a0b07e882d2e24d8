/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * u64 tdcall(u64 rax, struct tdcall_regs *regs)
 *
 * TDCALL with all registers that it may use, in and out. Not RBP and RSP: KVM
 * creates its TDs so (NO_RBP_MOD).
 */
#define REGS_RCX	0
#define REGS_RDX	8
#define REGS_R8		16
#define REGS_R9		24
#define REGS_R10	32
#define REGS_R11	40
#define REGS_R12	48
#define REGS_R13	56
#define REGS_R14	64
#define REGS_R15	72
#define REGS_RBX	80
#define REGS_RDI	88
#define REGS_RSI	96

	.text
	.globl	tdcall
	.type	tdcall, @function
tdcall:
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15

	movq	%rdi, %rax
	movq	%rsi, %rbp
	movq	REGS_RCX(%rbp), %rcx
	movq	REGS_RDX(%rbp), %rdx
	movq	REGS_R8(%rbp), %r8
	movq	REGS_R9(%rbp), %r9
	movq	REGS_R10(%rbp), %r10
	movq	REGS_R11(%rbp), %r11
	movq	REGS_R12(%rbp), %r12
	movq	REGS_R13(%rbp), %r13
	movq	REGS_R14(%rbp), %r14
	movq	REGS_R15(%rbp), %r15
	movq	REGS_RBX(%rbp), %rbx
	movq	REGS_RDI(%rbp), %rdi
	movq	REGS_RSI(%rbp), %rsi

	/* tdcall, for assemblers that do not know it */
	.byte	0x66, 0x0f, 0x01, 0xcc

	movq	%rcx, REGS_RCX(%rbp)
	movq	%rdx, REGS_RDX(%rbp)
	movq	%r8, REGS_R8(%rbp)
	movq	%r9, REGS_R9(%rbp)
	movq	%r10, REGS_R10(%rbp)
	movq	%r11, REGS_R11(%rbp)
	movq	%r12, REGS_R12(%rbp)
	movq	%r13, REGS_R13(%rbp)
	movq	%r14, REGS_R14(%rbp)
	movq	%r15, REGS_R15(%rbp)
	movq	%rbx, REGS_RBX(%rbp)
	movq	%rdi, REGS_RDI(%rbp)
	movq	%rsi, REGS_RSI(%rbp)

	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	ret
	.size	tdcall, . - tdcall

	.section .note.GNU-stack, "", @progbits
