// SPDX-License-Identifier: GPL-2.0-only
//
// A wrong gfn in the AUG path: a page that is faulted into a running TD is given
// to the TDX module for the gfn beside it.  It models a gfn that was rounded,
// for a mapping size that is not the one in use, on one of two paths only.
//
// KVM takes the gfn that faulted for mapped and returns to the guest, which
// faults there again: a vCPU that never gets on.  Memory that was added before
// the TD ran is not affected, and KVM notices nothing.
//
// Boot parameter: kvm_bug.auggfn=1
//
// file: arch/x86/kvm/vmx/tdx.c
// function: tdx_mem_page_aug
// gives: gpa_t gpa = gfn_to_gpa\(gfn \^ kvm_bug_auggfn\);
// names: 3
// drops: 1

@place@
identifier gpa, gfn;
@@
 tdx_mem_page_aug(struct kvm *kvm, gfn_t gfn, ...)
 {
 <+...
 gpa_t gpa = gfn_to_gpa(
-	gfn
+	gfn ^ kvm_bug_auggfn
 	);
 ...+>
 }

@depends on place@
declarer name __module_param_call;
typedef gfn_t;
@@
+static bool kvm_bug_auggfn;
+__module_param_call("kvm_bug.", auggfn, &param_ops_bool, &kvm_bug_auggfn,
+		    0444, -1, 0);
+
 static int tdx_mem_page_aug(...)
 { ... }
