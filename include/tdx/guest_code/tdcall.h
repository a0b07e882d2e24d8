/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TDCALL: calls of a TD to the TDX module. For guest code only.
 *
 * Each tdg_*() is one leaf of the module (TDG.*) and returns its status, 0 for
 * success; nothing asserts, so that a subtest can make calls that must be
 * refused. The low 32 bits of a status are details (operand, level);
 * tdx_status() drops them. Leaves and codes: Intel TDX module 1.5 ABI.
 */
#ifndef TDX_GUEST_CODE_TDCALL_H
#define TDX_GUEST_CODE_TDCALL_H

#include "kvm_util.h"
#include "processor.h"

#define TDG_VP_VMCALL		0
#define TDG_VP_INFO		1
#define TDG_MR_RTMR_EXTEND	2
#define TDG_VP_VEINFO_GET	3
#define TDG_MR_REPORT		4
#define TDG_MEM_PAGE_ACCEPT	6
#define TDG_VM_RD		7
#define TDG_VM_WR		8
#define TDG_SYS_RD		11

#define TDX_OPERAND_INVALID		0xc000010000000000ull
#define TDX_OPERAND_BUSY		0x8000020000000000ull
#define TDX_NO_VALID_VE_INFO		0xc000070400000000ull
#define TDX_PAGE_ALREADY_ACCEPTED	0x00000b0a00000000ull
#define TDX_PAGE_SIZE_MISMATCH		0xc0000b0b00000000ull

/* Operand ids, in the low half of TDX_OPERAND_INVALID. */
#define TDX_OPERAND_RAX		0
#define TDX_OPERAND_RCX		1
#define TDX_OPERAND_RDX		2
#define TDX_OPERAND_R8		8

/* Levels of TDG.MEM.PAGE.ACCEPT, and in the low half of its status. */
#define TDX_LEVEL_4K		0
#define TDX_LEVEL_2M		1

/* Fields of TDG.VM.RD. */
#define TDX_FIELD_CONFIG_FLAGS	0x1110000300000016ull
#define TDX_FIELD_TD_CTLS	0x1110000300000017ull

static inline u64 tdx_status(u64 status)
{
	return status & ~0xffffffffull;
}

/* Registers of TDCALL beside RAX; never RBP and RSP. */
struct tdcall_regs {
	u64 rcx, rdx, r8, r9, r10, r11, r12, r13, r14, r15, rbx, rdi, rsi;
};

/*
 * The instruction itself: @rax is leaf and version, @regs go in and come out.
 * Return RAX. Any value is allowed; nothing but @regs is changed by it.
 */
u64 tdcall(u64 rax, struct tdcall_regs *regs);

struct tdg_info {
	u32 gpaw;		/* guest physical address width: 48 or 52 */
	u64 attributes;
	u32 nr_vcpus, max_vcpus;
	u32 index;		/* this vCPU's, in the order of INIT_VCPU */
};

u64 tdg_vp_info(struct tdg_info *info);

/* Cause of a #VE: exit reason and qualification as in VMX. */
struct tdg_ve {
	u64 reason, qual, gla, gpa;
	u32 insn_len, insn_info;
};

/* NO_VALID_VE_INFO if no #VE is open; until this is called a second is #DF. */
u64 tdg_vp_veinfo_get(struct tdg_ve *ve);

/*
 * Accept the page of @level at private @gpa, which zeroes it. Status: 0;
 * PAGE_ALREADY_ACCEPTED; PAGE_SIZE_MISMATCH if the page is mapped by another
 * size. A missing page is an exit first, for the host to add it.
 */
u64 tdg_mem_page_accept(u64 gpa, unsigned int level);

#define TDREPORT_SIZE		1024	/* and its alignment */
#define TDREPORT_DATA_SIZE	64	/* and its alignment */
#define TDREPORT_TYPE_TDX	0x81	/* its first byte */
#define TDREPORT_TD_HASH	80	/* offsets in the report */
#define TDREPORT_DATA		128
#define TDREPORT_TDINFO		512	/* from here to the end; hashed at 80 */
#define TDREPORT_ATTRIBUTES	512
#define TDREPORT_XFAM		520
#define TDREPORT_MRTD		528
#define TDREPORT_MRCONFIGID	576
#define TDREPORT_MROWNER	624
#define TDREPORT_MROWNERCONFIG	672
#define TDREPORT_RTMR(i)	(720 + 48 * (i))
#define TDX_NR_RTMRS		4

/* GPAs in private memory: TDREPORT_SIZE bytes out, 64 bytes of data in. */
u64 tdg_mr_report(u64 report_gpa, u64 data_gpa);

/* RTMR[@index] = SHA-384(RTMR[@index] || 48 bytes at @gpa, 64-byte aligned). */
u64 tdg_mr_rtmr_extend(u64 gpa, unsigned int index);

u64 tdg_vm_rd(u64 field, u64 *value);
u64 tdg_vm_wr(u64 field, u64 value, u64 mask);
u64 tdg_sys_rd(u64 field, u64 *value);

#endif
