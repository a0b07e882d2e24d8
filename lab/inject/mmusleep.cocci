// SPDX-License-Identifier: GPL-2.0-only
//
// Memory is allocated under mmu_lock, with GFP_KERNEL: it may sleep, and mmu_lock
// is a spinning lock.  It models a helper that grew an allocation and is called
// from where pages of a guest_memfd are zapped.
//
// It hardly ever sleeps in earnest.
//
// Boot parameter: kvm_bug.mmusleep=1
//
// file: virt/kvm/guest_memfd.c
// function: __kvm_gmem_invalidate_start
// gives: kvm_mmu_invalidate_start\(kvm\); if \(kvm_bug_mmusleep\) kfree\(kmalloc\(PAGE_SIZE / 2, GFP_KERNEL\)\);
// names: 3
// drops: 0

@place@
identifier kvm;
@@
 __kvm_gmem_invalidate_start(...)
 {
 <+...
 kvm_mmu_invalidate_start(kvm);
+if (kvm_bug_mmusleep)
+	kfree(kmalloc(PAGE_SIZE / 2, GFP_KERNEL));
 ...+>
 }

@depends on place@
declarer name __module_param_call;
@@
+static bool kvm_bug_mmusleep;
+__module_param_call("kvm_bug.", mmusleep, &param_ops_bool,
+		    &kvm_bug_mmusleep, 0444, -1, 0);
+
 static void __kvm_gmem_invalidate_start(...)
 { ... }
