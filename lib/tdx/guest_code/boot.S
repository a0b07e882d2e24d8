/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page with the reset vector of a TD. Every vCPU starts there, in 32-bit
 * protected mode without paging, its number in ESI and long mode already
 * enabled in EFER, and goes on in the 64-bit state that libkvm's guests have:
 * with the page tables, descriptor tables and stack that the host prepared.
 *
 * It is copied to TD_RESET_GPA and runs there, so it refers to nothing outside.
 */
#include "tdx/guest_code/boot.h"

#define CR0_PG		(1 << 31)
#define CR4_PAE		(1 << 5)
#define CR4_OSFXSR	(1 << 9)
#define CR4_OSXMMEXCPT	(1 << 10)
#define CR4_OSXSAVE	(1 << 18)

#define AT(label)	(TD_RESET_GPA + label - td_reset_page)

	.section .rodata.td_reset_page, "a"
	.balign	4096
	.globl	td_reset_page
	.type	td_reset_page, @object
td_reset_page:
boot_cr3:	.quad	0
boot_vcpus:	.quad	0
boot_nr_vcpus:	.quad	0
boot_xcr0:	.quad	0

boot_gdt:
	.quad	0
	.quad	0x00af9b000000ffff	/* TD_CS: 64-bit code */
	.quad	0x00cf93000000ffff	/* TD_DS */
boot_gdtr:
	.word	. - boot_gdt - 1
	.long	AT(boot_gdt)

	.org	td_reset_page + TD_BOOT_CODE
	.code32
boot32:
	movl	AT(boot_cr3), %eax
	movl	%eax, %cr3
	movl	%cr4, %eax
	orl	$CR4_PAE, %eax
	movl	%eax, %cr4
	lgdt	AT(boot_gdtr)
	movl	%cr0, %eax
	orl	$CR0_PG, %eax
	movl	%eax, %cr0
	ljmp	$TD_CS, $AT(boot64)

	.code64
boot64:
	movl	%esi, %esi
	cmpq	boot_nr_vcpus(%rip), %rsi
	jae	1f
	imulq	$TD_VCPU_SIZE, %rsi, %rbp
	addq	boot_vcpus(%rip), %rbp

	lgdt	TD_VCPU_GDTR(%rbp)
	lidt	TD_VCPU_IDTR(%rbp)
	movl	$TD_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	movl	%eax, %fs
	movl	%eax, %gs
	movl	$TD_TSS, %eax
	ltr	%ax

	movq	%cr4, %rax
	orq	$(CR4_OSFXSR | CR4_OSXMMEXCPT | CR4_OSXSAVE), %rax
	movq	%rax, %cr4
	xorl	%ecx, %ecx
	movl	boot_xcr0(%rip), %eax
	movl	boot_xcr0 + 4(%rip), %edx
	xsetbv

	movq	TD_VCPU_RSP(%rbp), %rsp
	movq	TD_VCPU_FN(%rbp), %rax
	movq	TD_VCPU_ARGS(%rbp), %rdi
	movq	TD_VCPU_ARGS + 8(%rbp), %rsi
	movq	TD_VCPU_ARGS + 16(%rbp), %rdx
	movq	TD_VCPU_ARGS + 24(%rbp), %rcx
	movq	TD_VCPU_ARGS + 32(%rbp), %r8
	movq	TD_VCPU_ARGS + 40(%rbp), %r9
	xorl	%ebp, %ebp
	call	*%rax

	/* The guest function has returned: #UD, which is reported. */
	ud2
	/* A vCPU that was not prepared: #UD without an IDT ends it. */
1:	ud2

	.org	td_reset_page + TD_RESET_VECTOR
	.code32
	jmp	boot32
	.org	td_reset_page + 4096
	.size	td_reset_page, . - td_reset_page

	.section .note.GNU-stack, "", @progbits
