// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VMCS of a TD's vCPU: its controls, and the state in which the ABI starts
 * every vCPU (32-bit protected mode at the reset vector, long mode enabled).
 * Controls that the CPU does not have are left out.
 */
#include <linux/array_size.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <asm/msr.h>

#include "guest.h"
#include "vmx.h"

/* Exceptions that leave the guest: TDCALL is #UD here; #MC ends the TD. */
#define EXCEPTIONS		(BIT(X86_TRAP_UD) | BIT(X86_TRAP_MC))

#define PIN			(PIN_BASED_EXT_INTR_MASK | \
				 PIN_BASED_NMI_EXITING | \
				 PIN_BASED_VIRTUAL_NMIS)
#define PROC			(CPU_BASED_USE_TSC_OFFSETTING | \
				 CPU_BASED_HLT_EXITING | \
				 CPU_BASED_MWAIT_EXITING | \
				 CPU_BASED_MONITOR_EXITING | \
				 CPU_BASED_RDPMC_EXITING | \
				 CPU_BASED_TPR_SHADOW | \
				 CPU_BASED_UNCOND_IO_EXITING | \
				 CPU_BASED_USE_MSR_BITMAPS | \
				 CPU_BASED_ACTIVATE_SECONDARY_CONTROLS)
/* No VPID: 0 is not allowed, and any other number may be one of KVM's. */
#define PROC2			(SECONDARY_EXEC_ENABLE_EPT | \
				 SECONDARY_EXEC_ENABLE_RDTSCP | \
				 SECONDARY_EXEC_VIRTUALIZE_X2APIC_MODE | \
				 SECONDARY_EXEC_WBINVD_EXITING | \
				 SECONDARY_EXEC_UNRESTRICTED_GUEST | \
				 SECONDARY_EXEC_APIC_REGISTER_VIRT | \
				 SECONDARY_EXEC_VIRTUAL_INTR_DELIVERY | \
				 SECONDARY_EXEC_ENABLE_INVPCID | \
				 SECONDARY_EXEC_ENABLE_XSAVES)
#define EXIT			(VM_EXIT_SAVE_DEBUG_CONTROLS | \
				 VM_EXIT_HOST_ADDR_SPACE_SIZE | \
				 VM_EXIT_ACK_INTR_ON_EXIT | \
				 VM_EXIT_SAVE_IA32_PAT | \
				 VM_EXIT_LOAD_IA32_PAT | \
				 VM_EXIT_SAVE_IA32_EFER | \
				 VM_EXIT_LOAD_IA32_EFER)
#define ENTRY			(VM_ENTRY_LOAD_DEBUG_CONTROLS | \
				 VM_ENTRY_LOAD_IA32_PAT | \
				 VM_ENTRY_LOAD_IA32_EFER)

/* A guest cannot change these: they are the module's. */
#define CR0_OWNED		(X86_CR0_PE | X86_CR0_NE | X86_CR0_NW | \
				 X86_CR0_CD | ~0xe005003fULL)
#define CR4_OWNED		(X86_CR4_MCE | X86_CR4_VMXE | X86_CR4_SMXE)
#define CR0_FIRST		(X86_CR0_PE | X86_CR0_ET | X86_CR0_NE)

#define RESET_VECTOR		0xfffffff0
#define PAT_FIRST		0x0007040600070406ULL

/* Allowed-0 bits are in the low half of a capability MSR, allowed-1 above. */
static u32 stx_controls(u32 msr, u32 want)
{
	u64 cap;

	rdmsrq(msr, cap);
	return (want | (u32)cap) & (u32)(cap >> 32);
}

static const struct { u32 field; u64 value; } stx_vmcs_first[] = {
	{ EXCEPTION_BITMAP, EXCEPTIONS },
	{ VMCS_LINK_POINTER, ~0ULL },
	{ TSC_OFFSET, 0 },
	{ CR0_GUEST_HOST_MASK, CR0_OWNED },
	{ CR0_READ_SHADOW, CR0_FIRST },
	{ GUEST_CR0, CR0_FIRST },
	{ CR4_GUEST_HOST_MASK, CR4_OWNED },
	{ CR4_READ_SHADOW, X86_CR4_MCE },
	{ GUEST_CR4, X86_CR4_VMXE | X86_CR4_MCE },
	{ GUEST_IA32_EFER, EFER_SCE | EFER_LME | EFER_NX },
	{ GUEST_IA32_PAT, PAT_FIRST },
	{ GUEST_RIP, RESET_VECTOR },
	{ GUEST_RFLAGS, X86_EFLAGS_FIXED },
	{ GUEST_DR7, 0x400 },
	{ GUEST_CS_AR_BYTES, 0xc09b },
	{ GUEST_TR_AR_BYTES, 0x8b },
	{ GUEST_TR_LIMIT, 0xffff },
	{ GUEST_LDTR_AR_BYTES, 0x10082 },
	{ GUEST_GDTR_LIMIT, 0xffff },
	{ EOI_EXIT_BITMAP0, 0 }, { EOI_EXIT_BITMAP1, 0 },
	{ EOI_EXIT_BITMAP2, 0 }, { EOI_EXIT_BITMAP3, 0 },
	{ GUEST_INTR_STATUS, 0 },
	{ TPR_THRESHOLD, 0 },
};

/* Fields that start as 0 and that nothing else sets: VMCLEAR promises none. */
static const u32 stx_vmcs_zero[] = {
	PAGE_FAULT_ERROR_CODE_MASK, PAGE_FAULT_ERROR_CODE_MATCH,
	CR3_TARGET_COUNT, VM_EXIT_MSR_STORE_COUNT, VM_EXIT_MSR_LOAD_COUNT,
	VM_ENTRY_MSR_LOAD_COUNT, VM_ENTRY_INTR_INFO_FIELD, XSS_EXIT_BITMAP,
	GUEST_CR3, GUEST_RSP, GUEST_SYSENTER_CS, GUEST_SYSENTER_ESP,
	GUEST_SYSENTER_EIP, GUEST_IA32_DEBUGCTL, GUEST_PENDING_DBG_EXCEPTIONS,
	GUEST_INTERRUPTIBILITY_INFO, GUEST_ACTIVITY_STATE, GUEST_GDTR_BASE,
	GUEST_IDTR_BASE, GUEST_IDTR_LIMIT, GUEST_LDTR_SELECTOR,
	GUEST_LDTR_BASE, GUEST_LDTR_LIMIT, GUEST_TR_SELECTOR, GUEST_TR_BASE,
};

static void stx_vmcs_segments(void)
{
	static const u32 segment[] = {
		GUEST_ES_SELECTOR, GUEST_CS_SELECTOR, GUEST_SS_SELECTOR,
		GUEST_DS_SELECTOR, GUEST_FS_SELECTOR, GUEST_GS_SELECTOR,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(segment); i++) {
		u32 offset = segment[i] - GUEST_ES_SELECTOR;

		vmx_write(segment[i], 0);
		vmx_write(GUEST_ES_BASE + offset, 0);
		vmx_write(GUEST_ES_LIMIT + offset, 0xffffffff);
		if (segment[i] != GUEST_CS_SELECTOR)
			vmx_write(GUEST_ES_AR_BYTES + offset, 0xc093);
	}
}

/* The local APIC as the guest finds it: x2APIC, enabled, all masked. */
static void stx_apic_first(u8 *apic, u32 id)
{
	static const u32 lvt[] = { 0x320, 0x330, 0x340, 0x350, 0x360, 0x370 };
	unsigned int i;

	memset(apic, 0, PAGE_SIZE);
	*(u32 *)(apic + 0x20) = id;
	*(u32 *)(apic + 0x30) = 0x50014;
	*(u32 *)(apic + 0xf0) = 0x1ff;
	for (i = 0; i < ARRAY_SIZE(lvt); i++)
		*(u32 *)(apic + lvt[i]) = 0x10000;
}

static void stx_vmcs_controls(void)
{
	vmx_write(PIN_BASED_VM_EXEC_CONTROL,
		  stx_controls(MSR_IA32_VMX_TRUE_PINBASED_CTLS, PIN));
	vmx_write(CPU_BASED_VM_EXEC_CONTROL,
		  stx_controls(MSR_IA32_VMX_TRUE_PROCBASED_CTLS, PROC));
	vmx_write(SECONDARY_VM_EXEC_CONTROL,
		  stx_controls(MSR_IA32_VMX_PROCBASED_CTLS2, PROC2));
	vmx_write(VM_EXIT_CONTROLS,
		  stx_controls(MSR_IA32_VMX_TRUE_EXIT_CTLS, EXIT));
	vmx_write(VM_ENTRY_CONTROLS,
		  stx_controls(MSR_IA32_VMX_TRUE_ENTRY_CTLS, ENTRY));
}

void stx_vmcs_build(struct stx_call *c, struct stx_guest *g)
{
	u8 *bitmap = stx_vp_page(c->vp, STX_TDVPS_MSR_BITMAP);
	u8 *apic = stx_vp_page(c->vp, STX_TDVPS_APIC);
	unsigned int i;

	stx_vmcs_controls();
	for (i = 0; i < ARRAY_SIZE(stx_vmcs_zero); i++)
		vmx_write(stx_vmcs_zero[i], 0);
	for (i = 0; i < ARRAY_SIZE(stx_vmcs_first); i++)
		vmx_write(stx_vmcs_first[i].field, stx_vmcs_first[i].value);
	stx_vmcs_segments();

	stx_apic_first(apic, c->vp->x2apic_id);
	vmx_write(VIRTUAL_APIC_PAGE_ADDR, __pa(apic));
	stx_gmsr_bitmap(bitmap);
	vmx_write(MSR_BITMAP, __pa(bitmap));
	vmx_write(EPT_POINTER, stx_guest_eptp(c));
	g->built = true;
}

/* What the host wrote by TDH.VP.WR since the last entry. */
void stx_vmcs_prepare(struct stx_call *c, struct stx_guest *g)
{
	u32 pin = vmx_read(PIN_BASED_VM_EXEC_CONTROL) & ~PIN_BASED_POSTED_INTR;

	if (stx_vp_posted(c->vp)) {
		pin |= PIN_BASED_POSTED_INTR;
		vmx_write(POSTED_INTR_NV, stx_vp_posted_vector(c->vp));
		vmx_write(POSTED_INTR_DESC_ADDR, stx_vp_posted_desc(c->vp));
	}
	vmx_write(PIN_BASED_VM_EXEC_CONTROL, pin);
	stx_event_prepare(c, g);
}
