// SPDX-License-Identifier: GPL-2.0-only
//
// A leak on an error path: the page that was to be a page table of the secure
// EPT, and did not become one because TDH.MEM.SEPT.ADD failed or was busy, is not
// freed.  It models an error path that frees a page table as one that has no
// counterpart in the TDX module.
//
// The TDX module never had the page, KVM no longer knows it, and a TD that was
// only kept waiting is whole: nothing but the machine's free memory shows it.
//
// Boot parameter: kvm_bug.leakspare=1
//
// file: arch/x86/kvm/mmu/tdp_mmu.c
// function: kvm_tdp_mmu_map
// gives: if \(kvm_bug_leakspare\) sp->external_spt = NULL; tdp_mmu_free_unused_sp\(sp\);
// names: 3
// drops: 0

@place@
expression sp;
@@
 kvm_tdp_mmu_map(...)
 {
 <+...
+	if (kvm_bug_leakspare)
+		sp->external_spt = NULL;
 tdp_mmu_free_unused_sp(sp);
 ...+>
 }

@depends on place@
declarer name __module_param_call;
@@
+static bool kvm_bug_leakspare;
+__module_param_call("kvm_bug.", leakspare, &param_ops_bool,
+		    &kvm_bug_leakspare, 0444, -1, 0);
+
 kvm_tdp_mmu_map(...)
 { ... }
