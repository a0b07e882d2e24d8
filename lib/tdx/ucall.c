// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a ucall leaves the guest, in place of libkvm's lib/x86/ucall.c: a normal
 * VM reads a port with the address of the struct in RDI, as there; a TD, whose
 * registers the VMM cannot see, writes the address to an MMIO GPA by TDVMCALL.
 * The structs themselves are in memory that libkvm maps as shared.
 */
#include "tdx/guest.h"
#include "ucall.h"

#define UCALL_PORT	0x1000

/* In a TD, with the shared bit; 0 in any other VM. */
static u64 td_ucall_gpa;

void ucall_arch_do_ucall(gva_t uc)
{
	if (td_ucall_gpa) {
		tdvmcall_mmio_write(td_ucall_gpa, sizeof(uc), uc);
		return;
	}
	asm volatile("inb %w[port], %%al"
		     : : [port] "d" (UCALL_PORT), "D" (uc) : "rax", "memory");
}

/* A broken guest may name any address: check it before use. */
static bool in_guest_memory(struct kvm_vm *vm, u64 hva)
{
	struct userspace_mem_region *region;
	unsigned int i;
	u64 start;

	hash_for_each(vm->regions.slot_hash, i, region, slot_node) {
		start = (u64)region->host_mem;
		if (hva >= start && hva + sizeof(struct ucall) <=
				    start + region->region.memory_size)
			return true;
	}
	return false;
}

static void *td_get_ucall(struct kvm_vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;
	u64 hva;

	if (run->exit_reason != KVM_EXIT_MMIO || !run->mmio.is_write ||
	    run->mmio.len != sizeof(hva) ||
	    run->mmio.phys_addr != vcpu->vm->ucall_mmio_addr)
		return NULL;

	memcpy(&hva, run->mmio.data, sizeof(hva));
	TEST_ASSERT(!hva || hva == -1ul || in_guest_memory(vcpu->vm, hva),
		    "vCPU %u: ucall at %#lx, which is no memory of the guest",
		    vcpu->id, hva);
	return (void *)hva;
}

void *ucall_arch_get_ucall(struct kvm_vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;
	struct kvm_regs regs;

	if (vcpu->vm->type == KVM_X86_TDX_VM)
		return td_get_ucall(vcpu);

	if (run->exit_reason != KVM_EXIT_IO || run->io.port != UCALL_PORT)
		return NULL;

	vcpu_regs_get(vcpu, &regs);
	return (void *)regs.rdi;
}

void td_ucall_init(struct kvm_vm *vm, gpa_t gpa)
{
	ucall_init(vm, gpa);
	vm->ucall_mmio_addr = gpa;
	write_guest_global(vm, td_ucall_gpa, gpa | TD_SHARED);
}
