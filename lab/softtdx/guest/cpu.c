// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUID, MSRs and XSETBV of a guest: what the module answers itself, what it
 * lets through to the CPU, and what it leaves to the guest as #VE.
 */
#include <linux/array_size.h>
#include <linux/string.h>
#include <asm/apicdef.h>
#include <asm/fpu/xcr.h>
#include <asm/msr.h>
#include <asm/trapnr.h>

#include "guest.h"
#include "vmx.h"

/* The bitmap: reads of low MSRs, of high ones, then writes of both. */
#define BITMAP_READ_LOW		0
#define BITMAP_READ_HIGH	1024
#define BITMAP_WRITE_LOW	2048
#define BITMAP_WRITE_HIGH	3072
#define MSR_HIGH		0xc0000000u

#define MSR_X2APIC_ID		0x802

#define R			1
#define W			2

/* MSRs that the guest reads or writes as they are. */
static const struct { u32 first, last; u8 rw; } stx_native[] = {
	{ MSR_IA32_TSC, MSR_IA32_TSC, R },
	{ MSR_IA32_SYSENTER_CS, MSR_IA32_SYSENTER_EIP, R | W },
	{ MSR_IA32_CR_PAT, MSR_IA32_CR_PAT, R | W },
	{ 0x808, 0x808, R | W },	/* TPR */
	{ 0x80a, 0x80a, R },		/* PPR */
	{ 0x80b, 0x80b, W },		/* EOI */
	{ 0x810, 0x827, R },		/* ISR, TMR, IRR */
	{ 0x83f, 0x83f, W },		/* self IPI */
	{ MSR_STAR, MSR_LSTAR, R | W },
	{ MSR_SYSCALL_MASK, MSR_SYSCALL_MASK, R | W },
	{ MSR_FS_BASE, MSR_TSC_AUX, R | W },
};

/* MSRs that a TD does not have. */
static const struct { u32 first, last; } stx_absent[] = {
	{ 0x8c, 0x8f }, { 0x98, 0x9e },				/* SGX */
	{ 0x800, 0x801 }, { 0x804, 0x807 }, { 0x80e, 0x80e },
	{ 0x829, 0x82e }, { 0x831, 0x831 }, { 0x840, 0x8ff },
	{ MSR_IA32_BNDCFGS, MSR_IA32_BNDCFGS },
};

static void stx_let_through(u8 *bitmap, u32 msr, u8 rw)
{
	unsigned int low = msr < MSR_HIGH, bit = msr & 0x1fff;

	if (rw & R)
		bitmap[(low ? BITMAP_READ_LOW : BITMAP_READ_HIGH) + bit / 8] &=
			~BIT(bit % 8);
	if (rw & W)
		bitmap[(low ? BITMAP_WRITE_LOW : BITMAP_WRITE_HIGH) +
		       bit / 8] &= ~BIT(bit % 8);
}

void stx_gmsr_bitmap(u8 *bitmap)
{
	unsigned int i;
	u32 msr;

	memset(bitmap, 0xff, PAGE_SIZE);
	for (i = 0; i < ARRAY_SIZE(stx_native); i++)
		for (msr = stx_native[i].first; msr <= stx_native[i].last;
		     msr++)
			stx_let_through(bitmap, msr, stx_native[i].rw);
}

static bool stx_msr_absent(u32 msr)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(stx_absent); i++)
		if (msr >= stx_absent[i].first && msr <= stx_absent[i].last)
			return true;
	return false;
}

static enum stx_next stx_msr_unknown(struct stx_exit *x, u32 msr)
{
	if (stx_msr_absent(msr))
		return stx_inject_error(x, X86_TRAP_GP, 0);
	return stx_inject_ve(x, 0);
}

static void stx_set32(u64 *gpr, u64 value)
{
	gpr[STX_RAX] = (u32)value;
	gpr[STX_RDX] = value >> 32;
}

enum stx_next stx_exit_rdmsr(struct stx_exit *x)
{
	u32 msr = x->g->gpr[STX_RCX];

	switch (msr) {
	case MSR_EFER:
		stx_set32(x->g->gpr, vmx_read(GUEST_IA32_EFER));
		break;
	case MSR_IA32_XSS:
		stx_set32(x->g->gpr, 0);
		break;
	case MSR_X2APIC_ID:
		stx_set32(x->g->gpr, x->c->vp->x2apic_id);
		break;
	case MSR_IA32_APICBASE:
		stx_set32(x->g->gpr, APIC_DEFAULT_PHYS_BASE |
			  MSR_IA32_APICBASE_ENABLE | X2APIC_ENABLE);
		break;
	default:
		return stx_msr_unknown(x, msr);
	}
	stx_skip_insn(x, vmx_read(VM_EXIT_INSTRUCTION_LEN));
	return STX_RESUME;
}

/* A guest can change only SCE in EFER. */
enum stx_next stx_exit_wrmsr(struct stx_exit *x)
{
	u64 value = (u32)x->g->gpr[STX_RAX] | x->g->gpr[STX_RDX] << 32;
	u32 msr = x->g->gpr[STX_RCX];
	u64 efer;

	if (msr == MSR_IA32_XSS && value)
		return stx_inject_error(x, X86_TRAP_GP, 0);
	if (msr == MSR_EFER) {
		efer = vmx_read(GUEST_IA32_EFER);
		if ((value ^ efer) & ~(u64)EFER_SCE)
			return stx_inject_ve(x, 0);
		vmx_write(GUEST_IA32_EFER, value);
	} else if (msr != MSR_IA32_XSS) {
		return stx_msr_unknown(x, msr);
	}
	stx_skip_insn(x, vmx_read(VM_EXIT_INSTRUCTION_LEN));
	return STX_RESUME;
}

/*
 * The host can read these of the TD, but to the guest they are #VE: cache
 * descriptors, and topology as long as none is configured (which here it never
 * is, see TOPOLOGY_ENUM_CONFIGURED).
 */
static bool stx_cpuid_left(u32 leaf)
{
	return leaf == 2 || leaf == 0xb || leaf == 0x1f;
}

/* A leaf of the TD's table, with its sub-leaf or without; else #VE. */
enum stx_next stx_exit_cpuid(struct stx_exit *x)
{
	const u32 *table = stx_tdcs_page(x->c->tdr, STX_TDCS_CPUID);
	u64 *gpr = x->g->gpr;
	u32 v[4];

	if ((x->g->cpuid_ve & BIT(stx_guest_cpl() > 0)) || !table ||
	    stx_cpuid_left(gpr[STX_RAX]) ||
	    !stx_cpuid_lookup(table, gpr[STX_RAX], gpr[STX_RCX], v))
		return stx_inject_ve(x, 0);
	/* What follows the guest's own state. */
	if ((u32)gpr[STX_RAX] == 1) {
		v[1] = (v[1] & 0xffffff) | x->c->vp->x2apic_id << 24;
		v[2] &= ~BIT(27);
		if (vmx_read(GUEST_CR4) & X86_CR4_OSXSAVE)
			v[2] |= BIT(27);
	}
	gpr[STX_RAX] = v[0];
	gpr[STX_RBX] = v[1];
	gpr[STX_RCX] = v[2];
	gpr[STX_RDX] = v[3];
	stx_skip_insn(x, vmx_read(VM_EXIT_INSTRUCTION_LEN));
	return STX_RESUME;
}

/* The FPU is the guest's while its exits are handled, XCR0 with it. */
enum stx_next stx_exit_xsetbv(struct stx_exit *x)
{
	u64 value = (u32)x->g->gpr[STX_RAX] | x->g->gpr[STX_RDX] << 32;
	u64 avx512 = XFEATURE_MASK_AVX512;

	if (x->g->gpr[STX_RCX] || (value & ~x->c->tdcs->xfam) ||
	    !(value & XFEATURE_MASK_FP) ||
	    ((value & XFEATURE_MASK_YMM) && !(value & XFEATURE_MASK_SSE)) ||
	    ((value & avx512) && ((value & avx512) != avx512 ||
				  !(value & XFEATURE_MASK_YMM))))
		return stx_inject_error(x, X86_TRAP_GP, 0);
	x->g->xcr0 = value;
	xsetbv(XCR_XFEATURE_ENABLED_MASK, value);
	stx_skip_insn(x, vmx_read(VM_EXIT_INSTRUCTION_LEN));
	return STX_RESUME;
}
