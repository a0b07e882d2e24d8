// SPDX-License-Identifier: GPL-2.0-only
//
// A shared fault is mapped as a private one: the last page of a memslot that has
// a guest_memfd comes from there, whether the guest touches it as private or as
// shared memory.  It models a decision by what the slot has instead of by what
// the fault is.
//
// The guest reads and writes a page, but not the one that its VMM has: nothing
// that one side writes reaches the other.  KVM notices nothing, and neither does
// the TDX module, which has no part in shared memory.  A slot of one page is not
// affected.
//
// Boot parameter: kvm_bug.sharedprivate=1
//
// file: arch/x86/kvm/mmu/mmu.c
// function: __kvm_mmu_faultin_pfn
// gives: if \(fault->is_private \|\| kvm_bug_sharedprivate_page\(fault\) \|\| kvm_memslot_is_gmem_only\(fault->slot\)\)
// names: 3
// drops: 1

@place@
identifier fault;
statement S;
@@
 __kvm_mmu_faultin_pfn(..., struct kvm_page_fault *fault)
 {
 <+...
 if (
-	fault->is_private
+	fault->is_private || kvm_bug_sharedprivate_page(fault)
 	|| kvm_memslot_is_gmem_only(fault->slot)) S
 ...+>
 }

@depends on place@
declarer name __module_param_call;
@@
+static bool kvm_bug_sharedprivate;
+__module_param_call("kvm_bug.", sharedprivate, &param_ops_bool,
+		    &kvm_bug_sharedprivate, 0444, -1, 0);
+
+static bool kvm_bug_sharedprivate_page(struct kvm_page_fault *fault)
+{
+	struct kvm_memory_slot *slot = fault->slot;
+
+	return kvm_bug_sharedprivate && kvm_slot_has_gmem(slot) &&
+	       slot->npages > 1 &&
+	       fault->gfn == slot->base_gfn + slot->npages - 1;
+}
+
 static int __kvm_mmu_faultin_pfn(...)
 { ... }
