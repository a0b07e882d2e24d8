// SPDX-License-Identifier: GPL-2.0-only
//
// A leak on an error path: a TD that KVM has killed is torn down without asking
// the TDX module for its S-EPT pages back.  It models a teardown that gives up
// on a VM because something failed in it earlier, although its keyid was given
// back and the pages can be had.
//
// The pages are lost to the kernel, the module still counts them as the TD's,
// and so it does not give back the TDR either.  A TD that lives without an error
// is not affected.
//
// Boot parameter: kvm_bug.leaksept=1
//
// file: arch/x86/kvm/vmx/tdx.c
// function: tdx_sept_free_private_spt
// gives: if \(\(kvm_bug_leaksept && kvm->vm_bugged\) \|\| KVM_BUG_ON\(is_hkid_assigned\([^;]*tdx_reclaim_page\([^;]*goto out;
// names: 3
// drops: 1

@place@
identifier kvm;
expression reclaimed;
statement S;
@@
 tdx_sept_free_private_spt(struct kvm *kvm, ...)
 {
 <+...
 if (
-	KVM_BUG_ON(is_hkid_assigned(to_kvm_tdx(kvm)), kvm)
+	(kvm_bug_leaksept && kvm->vm_bugged) ||
+	KVM_BUG_ON(is_hkid_assigned(to_kvm_tdx(kvm)), kvm)
 	|| reclaimed) S
 ...+>
 }

@depends on place@
declarer name __module_param_call;
@@
+static bool kvm_bug_leaksept;
+__module_param_call("kvm_bug.", leaksept, &param_ops_bool, &kvm_bug_leaksept,
+		    0444, -1, 0);
+
 static void tdx_sept_free_private_spt(...)
 { ... }
