// SPDX-License-Identifier: GPL-2.0-only
/*
 * State around a guest's run that VMX does not switch, and host state that a VM
 * exit changes.
 *
 * After TDH.VP.ENTER, KVM restores XCR0, PKRU, the system call MSRs,
 * MSR_KERNEL_GS_BASE and the debug registers itself, and assumes that the FPU's
 * state is lost.  So leave those scrubbed, as the TDX module does, not as they
 * were: then it shows if KVM does not restore one of them.
 */
#include <linux/array_size.h>
#include <linux/mm.h>
#include <linux/smp.h>
#include <asm/cpu_entry_area.h>
#include <asm/debugreg.h>
#include <asm/desc.h>
#include <asm/fpu/xcr.h>
#include <asm/gsseg.h>
#include <asm/msr.h>
#include <asm/segment.h>
#include <asm/special_insns.h>

#include "host.h"
#include "vmx.h"

/* x87 SSE AVX AVX512 PKRU AMX */
#define XFAM_XCR0		0x602e7ULL
#define DR6_FIRST		0xffff0ff0UL
#define XSAVE_HEADER		512
#define XCOMP_COMPACTED		BIT_ULL(63)

static const struct stx_gmsr stx_gmsrs[] = {
	{ MSR_STAR, 0, 0 },
	{ MSR_LSTAR, 0, 0 },
	{ MSR_SYSCALL_MASK, 0x20200, 0x20200 },
	{ MSR_TSC_AUX, 0, 0 },
	{ MSR_KERNEL_GS_BASE, 0, 0 },
};
static_assert(ARRAY_SIZE(stx_gmsrs) <= STX_MAX_GMSRS);

void stx_host_save(struct stx_host *h)
{
	native_store_gdt(&h->gdt);
	store_idt(&h->idt);
	store_ldt(h->ldt);
	savesegment(ds, h->ds);
	savesegment(es, h->es);
	savesegment(fs, h->fs);
	savesegment(gs, h->gs);
	rdmsrq(MSR_FS_BASE, h->fs_base);
	rdmsrq(MSR_GS_BASE, h->gs_base);
	h->vmcs = vmx_current();
}

void stx_host_restore(const struct stx_host *h)
{
	native_load_gdt(&h->gdt);
	native_load_idt(&h->idt);
	invalidate_tss_limit();
	if (h->ldt)
		asm volatile("lldt %w0" : : "q" (h->ldt));
	if (h->ds)
		loadsegment(ds, h->ds);
	if (h->es)
		loadsegment(es, h->es);
	if (h->fs) {
		loadsegment(fs, h->fs);
		wrmsrq(MSR_FS_BASE, h->fs_base);
	}
	if (h->gs)
		load_gs_index(h->gs);
}

/* The VMCS's host fields: they depend on this CPU and task, so every time. */
void stx_host_fields(const struct stx_host *h)
{
	u64 value;

	vmx_write(HOST_CR0, read_cr0());
	vmx_write(HOST_CR3, __read_cr3());
	vmx_write(HOST_CR4, native_read_cr4());
	vmx_write(HOST_CS_SELECTOR, __KERNEL_CS);
	vmx_write(HOST_SS_SELECTOR, __KERNEL_DS);
	vmx_write(HOST_DS_SELECTOR, 0);
	vmx_write(HOST_ES_SELECTOR, 0);
	vmx_write(HOST_FS_SELECTOR, 0);
	vmx_write(HOST_GS_SELECTOR, 0);
	vmx_write(HOST_TR_SELECTOR, GDT_ENTRY_TSS * 8);
	vmx_write(HOST_TR_BASE, (unsigned long)
		  &get_cpu_entry_area(smp_processor_id())->tss.x86_tss);
	vmx_write(HOST_FS_BASE, h->fs_base);
	vmx_write(HOST_GS_BASE, h->gs_base);
	vmx_write(HOST_GDTR_BASE, h->gdt.address);
	vmx_write(HOST_IDTR_BASE, h->idt.address);
	rdmsrq(MSR_IA32_SYSENTER_CS, value);
	vmx_write(HOST_IA32_SYSENTER_CS, value);
	rdmsrq(MSR_IA32_SYSENTER_ESP, value);
	vmx_write(HOST_IA32_SYSENTER_ESP, value);
	rdmsrq(MSR_IA32_SYSENTER_EIP, value);
	vmx_write(HOST_IA32_SYSENTER_EIP, value);
	rdmsrq(MSR_EFER, value);
	vmx_write(HOST_IA32_EFER, value);
	rdmsrq(MSR_IA32_CR_PAT, value);
	vmx_write(HOST_IA32_PAT, value);
}

static void stx_xrstors(const void *area, u64 mask)
{
	asm volatile("xrstors64 (%0)" : : "r" (area), "a" ((u32)mask),
		     "d" ((u32)(mask >> 32)) : "memory");
}

static void stx_xsaves(void *area, u64 mask)
{
	asm volatile("xsaves64 (%0)" : : "r" (area), "a" ((u32)mask),
		     "d" ((u32)(mask >> 32)) : "memory");
}

/*
 * Every component in its initial state: XRSTORS initializes what an area does
 * not contain, and this one contains nothing.
 */
static const struct {
	u8 legacy[XSAVE_HEADER];
	u64 xstate_bv, xcomp_bv, reserved[6];
} stx_xsave_none __aligned(64) = { .xcomp_bv = XCOMP_COMPACTED };

void stx_guest_first(struct stx_call *c, struct stx_guest *g)
{
	const u32 *cpuid = stx_tdcs_page(c->tdr, STX_TDCS_CPUID);
	unsigned int i;
	u32 v[4];

	memcpy(stx_vp_page(c->vp, STX_TDVPS_XSAVE), &stx_xsave_none,
	       sizeof(stx_xsave_none));
	for (i = 0; i < ARRAY_SIZE(stx_gmsrs); i++)
		g->msrs[i] = stx_gmsrs[i].first;
	g->dr6 = DR6_FIRST;
	g->xcr0 = 1;
	g->gpr[STX_RBX] = c->tdcs->gpaw;
	g->gpr[STX_RCX] = c->vp->init_rcx;
	g->gpr[STX_R8] = c->vp->init_rcx;
	if (cpuid && stx_cpuid_lookup(cpuid, 1, 0, v))
		g->gpr[STX_RDX] = v[0];
	g->gpr[STX_RSI] = c->vp->index;
}

void stx_guest_in(struct stx_call *c, struct stx_guest *g)
{
	u64 mask = c->tdcs->xfam & XFAM_XCR0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(stx_gmsrs); i++)
		wrmsrq(stx_gmsrs[i].index, g->msrs[i]);
	set_debugreg(g->dr[0], 0);
	set_debugreg(g->dr[1], 1);
	set_debugreg(g->dr[2], 2);
	set_debugreg(g->dr[3], 3);
	set_debugreg(g->dr6, 6);
	native_write_cr2(g->cr2);
	xsetbv(XCR_XFEATURE_ENABLED_MASK, mask);
	stx_xrstors(stx_vp_page(c->vp, STX_TDVPS_XSAVE), mask);
	if (g->xcr0 != mask)
		xsetbv(XCR_XFEATURE_ENABLED_MASK, g->xcr0);
}

void stx_guest_out(struct stx_call *c, struct stx_guest *g)
{
	u64 mask = c->tdcs->xfam & XFAM_XCR0;
	unsigned int i;

	if (g->xcr0 != mask)
		xsetbv(XCR_XFEATURE_ENABLED_MASK, mask);
	stx_xsaves(stx_vp_page(c->vp, STX_TDVPS_XSAVE), mask);
	stx_xrstors(&stx_xsave_none, mask);
	g->cr2 = native_read_cr2();
	get_debugreg(g->dr[0], 0);
	get_debugreg(g->dr[1], 1);
	get_debugreg(g->dr[2], 2);
	get_debugreg(g->dr[3], 3);
	get_debugreg(g->dr6, 6);
	set_debugreg(0, 0);
	set_debugreg(0, 1);
	set_debugreg(0, 2);
	set_debugreg(0, 3);
	set_debugreg(DR6_FIRST, 6);
	for (i = 0; i < ARRAY_SIZE(stx_gmsrs); i++) {
		rdmsrq(stx_gmsrs[i].index, g->msrs[i]);
		wrmsrq(stx_gmsrs[i].index, stx_gmsrs[i].scrubbed);
	}
}
