// SPDX-License-Identifier: GPL-2.0-only
//
// A VM that is lost: who closes a guest_memfd forgets the reference to the VM
// that the file has had since it was created.
//
// The VM, its memslots and page tables stay after its last user is gone.
//
// Boot parameter: kvm_bug.leakvm=1
//
// file: virt/kvm/guest_memfd.c
// function: kvm_gmem_release
// gives: if \(!kvm_bug_leakvm\) kvm_put_kvm\(kvm\);
// names: 3
// drops: 1

@place@
identifier kvm;
@@
 kvm_gmem_release(...)
 {
 <+...
-kvm_put_kvm(kvm);
+if (!kvm_bug_leakvm)
+	kvm_put_kvm(kvm);
 ...+>
 }

@depends on place@
declarer name __module_param_call;
@@
+static bool kvm_bug_leakvm;
+__module_param_call("kvm_bug.", leakvm, &param_ops_bool,
+		    &kvm_bug_leakvm, 0444, -1, 0);
+
 static int kvm_gmem_release(...)
 { ... }
