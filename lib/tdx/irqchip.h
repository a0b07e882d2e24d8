/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef LIB_TDX_IRQCHIP_H
#define LIB_TDX_IRQCHIP_H

struct kvm_vm;

/* libkvm calls it in place of its own vm_create_irqchip(). Asserts. */
void vm_create_irqchip_by_type(struct kvm_vm *vm);

#endif
