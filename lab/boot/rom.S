/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lab's boot ROM.  It sits where the BIOS looks for the video BIOS, so the
 * BIOS calls it as soon as memory, PCI, ACPI tables and the other processors
 * are set up, and before it probes any drive.  mkimage has already placed
 * kernel, initramfs, command line, boot_params and page tables in RAM: what is
 * left is to ask the BIOS for the memory map, to switch to 64-bit mode and to
 * jump to the kernel's 64-bit entry point (Documentation/arch/x86/boot.rst,
 * "64-bit boot protocol").  Reading a kernel from an emulated disk and
 * unpacking it took half of a lab run.
 *
 * The second time it runs in one emulation the guest was reset, which nothing
 * in the lab asks for: say so on the console and end the emulator.
 */
#include "layout.h"

#define E820_BUF	0x8000
#define E820_ENTRY	20
#define COM1		0x3f8
#define BOCHS_SHUTDOWN	0x8900

	.code16
	.globl	_start
_start:
	.byte	0x55, 0xaa, ROM_SIZE / 512
	cli
	cld

	/* Memory map: 20-byte entries from E820_BUF on, their end in %di. */
	xorw	%ax, %ax
	movw	%ax, %es
	movw	%ax, %ds
	movw	%ax, %ss
	movw	$0x7000, %sp
	movw	$E820_BUF, %di
	xorl	%ebx, %ebx
1:	movl	$0xe820, %eax
	movl	$0x534d4150, %edx
	movl	$E820_ENTRY, %ecx
	pushw	%di
	int	$0x15
	popw	%di
	jc	2f
	cmpl	$0x534d4150, %eax
	jne	2f
	addw	$E820_ENTRY, %di
	testl	%ebx, %ebx
	jnz	1b
2:	cli
	movzwl	%di, %edi
	inb	$0x92, %al
	orb	$2, %al
	outb	%al, $0x92
	lgdtl	%cs:(gdt_ptr - _start)
	movl	%cr0, %eax
	orl	$1, %eax
	movl	%eax, %cr0
	ljmpl	$0x10, $(ROM_BASE + protected - _start)

	.code32
protected:
	movw	$0x18, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	cmpl	$0, INFO_BASE + INFO_STARTED
	jne	reset
	movl	$1, INFO_BASE + INFO_STARTED

	/* The map into boot_params, its length in entries beside it. */
	leal	-E820_BUF(%edi), %ecx
	movl	%ecx, %eax
	movl	$E820_BUF, %esi
	movl	$(PARAMS_BASE + PARAMS_E820_TABLE), %edi
	rep movsb
	xorl	%edx, %edx
	movl	$E820_ENTRY, %ecx
	divl	%ecx
	movb	%al, PARAMS_BASE + PARAMS_E820_ENTRIES

	movl	%cr4, %eax
	orl	$0x20, %eax
	movl	%eax, %cr4
	movl	$PML4_BASE, %eax
	movl	%eax, %cr3
	movl	$0xc0000080, %ecx
	rdmsr
	orl	$0x100, %eax
	wrmsr
	movl	%cr0, %eax
	orl	$0x80000000, %eax
	movl	%eax, %cr0
	ljmpl	$0x20, $(ROM_BASE + long_mode - _start)

reset:
	movl	$(ROM_BASE + reset_text - _start), %esi
	movw	$COM1, %dx
	call	puts
	movl	$(ROM_BASE + shutdown_text - _start), %esi
	movw	$BOCHS_SHUTDOWN, %dx
	call	puts
3:	hlt
	jmp	3b

	/* Write the string at %esi to port %dx, giving a UART time to drain. */
puts:	lodsb
	testb	%al, %al
	jz	5f
	outb	%al, %dx
	movl	$2000, %ecx
4:	pause
	loop	4b
	jmp	puts
5:	ret

	.code64
long_mode:
	movl	$PARAMS_BASE, %esi
	movl	INFO_BASE + INFO_ENTRY, %eax
	jmp	*%rax

	.balign	8
gdt:	.quad	0
	.quad	0
	.quad	0x00cf9b000000ffff	/* 0x10: 32-bit code */
	.quad	0x00cf93000000ffff	/* 0x18: data */
	.quad	0x00af9b000000ffff	/* 0x20: 64-bit code */
gdt_ptr:
	.word	. - gdt - 1
	.long	ROM_BASE + gdt - _start

reset_text:
	.asciz	"\r\nlab: the guest was reset\r\n"
shutdown_text:
	.asciz	"Shutdown"

	.org	ROM_SIZE
