// SPDX-License-Identifier: GPL-2.0-only
//
// A stale mapping after a memslot is deleted: its last gfn stays mapped.  It
// models an inclusive end where an exclusive one is meant.
//
// The guest goes on with the page as if the slot were there.  KVM itself notices
// it only when the TD is destroyed: the page is still mapped then.  Slots of one
// page, and VMs that zap everything when a slot goes (the default type with its
// quirk), are not affected.
//
// Boot parameter: kvm_bug.staleslot=1
//
// file: arch/x86/kvm/mmu/mmu.c
// function: kvm_arch_flush_shadow_memslot
// gives: \.end = slot->base_gfn \+ slot->npages - \(kvm_bug_staleslot && slot->npages > 1\),
// names: 3
// drops: 1

@place@
identifier slot;
@@
 kvm_arch_flush_shadow_memslot(..., struct kvm_memory_slot *slot)
 {
 <+...
-slot->base_gfn + slot->npages
+slot->base_gfn + slot->npages - (kvm_bug_staleslot && slot->npages > 1)
 ...+>
 }

@depends on place@
declarer name __module_param_call;
@@
+static bool kvm_bug_staleslot;
+__module_param_call("kvm_bug.", staleslot, &param_ops_bool,
+		    &kvm_bug_staleslot, 0444, -1, 0);
+
 void kvm_arch_flush_shadow_memslot(...)
 { ... }
