/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the host fills in for a TD's first instructions, read by assembly. The
 * reset page holds struct td_boot and the code from the reset vector to 64-bit
 * mode; from there on each vCPU uses its own struct td_boot_vcpu.
 */
#ifndef TDX_GUEST_CODE_BOOT_H
#define TDX_GUEST_CODE_BOOT_H

/* The page with the reset vector, mapped at the same address. */
#define TD_RESET_GPA		0xfffff000
#define TD_RESET_VECTOR		0xff0
#define TD_BOOT_CODE		0x100

#define TD_BOOT_CR3		0
#define TD_BOOT_VCPUS		8
#define TD_BOOT_NR_VCPUS	16
#define TD_BOOT_XCR0		24

#define TD_VCPU_RSP		0
#define TD_VCPU_FN		8
#define TD_VCPU_ARGS		16
#define TD_VCPU_GDTR		64
#define TD_VCPU_IDTR		80
#define TD_VCPU_SIZE		512

/* The selectors of libkvm's guests. */
#define TD_CS			0x08
#define TD_DS			0x10
#define TD_TSS			0x18

#ifndef __ASSEMBLER__

#include "kvm_util.h"
#include "processor.h"

#define TD_NR_ARGS		6
#define TD_GDT_ENTRIES		5	/* null, code, data, TSS takes two */
#define TD_TSS_SIZE		104

struct td_boot {
	u64 cr3;
	u64 vcpus;		/* gva of struct td_boot_vcpu[nr_vcpus] */
	u64 nr_vcpus;
	u64 xcr0;
};

struct td_boot_vcpu {
	u64 rsp;
	u64 fn;
	u64 args[TD_NR_ARGS];
	struct desc_ptr gdtr __attribute__((aligned(16)));
	struct desc_ptr idtr __attribute__((aligned(16)));
	u64 gdt[TD_GDT_ENTRIES];
	u8 tss[TD_TSS_SIZE];
} __attribute__((aligned(TD_VCPU_SIZE)));

/* boot.S: one page as it has to be at TD_RESET_GPA. */
extern const u8 td_reset_page[];

#endif
#endif
