// SPDX-License-Identifier: GPL-2.0-only
/*
 * The irqchip that libkvm gives a new VM, see the Makefile. A TD must have a
 * split one. libkvm tries a full one first and takes ENOTTY as "not for this
 * VM", which KVM answers for a TD only since 6.18; before, the TD gets a full
 * irqchip and its KVM_CREATE_VCPU fails with EINVAL. Every kernel takes a split
 * one that is enabled first.
 */
#include "kvm_util.h"

#include "irqchip.h"

#define IRQ_ROUTES	24

void vm_create_irqchip_by_type(struct kvm_vm *vm)
{
	if (vm->type != KVM_X86_TDX_VM) {
		vm_create_irqchip(vm);
		return;
	}
	vm_enable_cap(vm, KVM_CAP_SPLIT_IRQCHIP, IRQ_ROUTES);
	vm->has_irqchip = true;
}
