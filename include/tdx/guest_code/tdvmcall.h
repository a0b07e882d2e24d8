/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TDVMCALL (TDG.VP.VMCALL): calls of a TD to its VMM, through registers that it
 * chooses to expose. For guest code only.
 *
 * Each tdvmcall_*() returns the VMM's R10, 0 for success, or the status of the
 * TDCALL if that failed. Nothing asserts. Sub-functions and codes: Intel
 * "Guest-Host-Communication Interface (GHCI) for TDX".
 */
#ifndef TDX_GUEST_CODE_TDVMCALL_H
#define TDX_GUEST_CODE_TDVMCALL_H

#include "tdcall.h"

/* R11 for R10 = 0. The first are numbers of VM exits. */
#define TDVMCALL_CPUID			10
#define TDVMCALL_HLT			12
#define TDVMCALL_IO			30
#define TDVMCALL_RDMSR			31
#define TDVMCALL_WRMSR			32
#define TDVMCALL_MMIO			48
#define TDVMCALL_GET_INFO		0x10000
#define TDVMCALL_MAP_GPA		0x10001
#define TDVMCALL_GET_QUOTE		0x10002
#define TDVMCALL_FATAL_ERROR		0x10003
#define TDVMCALL_EVENT_NOTIFY		0x10004

#define TDVMCALL_SUCCESS		0
#define TDVMCALL_RETRY			1ull
#define TDVMCALL_INVALID_OPERAND	0x8000000000000000ull
#define TDVMCALL_GPA_INUSE		0x8000000000000001ull
#define TDVMCALL_ALIGN_ERROR		0x8000000000000002ull
#define TDVMCALL_UNSUPPORTED		0x8000000000000003ull

/* Bits of the mask in RCX: registers that the VMM sees and may change. */
#define TDVMCALL_RDX		BIT(2)
#define TDVMCALL_RBX		BIT(3)
#define TDVMCALL_RSI		BIT(6)
#define TDVMCALL_RDI		BIT(7)
#define TDVMCALL_R8_R15		GENMASK(15, 8)
#define TDVMCALL_R10_R15	GENMASK(15, 10)
#define TDVMCALL_ALL		(TDVMCALL_RDX | TDVMCALL_RBX | TDVMCALL_RSI | \
				 TDVMCALL_RDI | TDVMCALL_R8_R15)

/* Raw: takes @regs as they are, rcx is the mask. Returns RAX, not R10. */
u64 tdvmcall(struct tdcall_regs *regs);

/* @size 1, 2 or 4. */
u64 tdvmcall_in(u16 port, unsigned int size, u32 *value);
u64 tdvmcall_out(u16 port, unsigned int size, u32 value);

/* @size 1, 2, 4 or 8. @gpa with the shared bit, else INVALID_OPERAND. */
u64 tdvmcall_mmio_read(u64 gpa, unsigned int size, u64 *value);
u64 tdvmcall_mmio_write(u64 gpa, unsigned int size, u64 value);

/*
 * Request that @size bytes at @gpa become shared (with the shared bit) or
 * private (without). After RETRY and errors @next, if not NULL, is the gpa to
 * go on at.
 */
u64 tdvmcall_map_gpa(u64 gpa, u64 size, u64 *next);

/* Halt until there is an event; with @irqs_off interrupts do not count. */
u64 tdvmcall_hlt(bool irqs_off);

struct tdvmcall_cpuid {
	u32 eax, ebx, ecx, edx;
};

/* Leaf and sub-leaf in eax and ecx. */
u64 tdvmcall_cpuid(struct tdvmcall_cpuid *c);

u64 tdvmcall_rdmsr(u32 msr, u64 *value);
u64 tdvmcall_wrmsr(u32 msr, u64 value);

/* What the VMM supports: R11 to R14 of the answer. */
u64 tdvmcall_get_info(u64 leaf, u64 info[4]);

/* @gpa with the shared bit. */
u64 tdvmcall_get_quote(u64 gpa, u64 size);
u64 tdvmcall_event_notify(u8 vector);

/*
 * Report to the VMM that this TD cannot go on: @code, and up to 64 characters.
 * Returns if the VMM runs the vCPU again. @gpa is that of more text in shared
 * memory, or 0.
 */
void tdvmcall_fatal(u64 code, const char *text, u64 gpa);

#endif
