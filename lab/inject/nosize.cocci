// SPDX-License-Identifier: GPL-2.0-only
//
// A fault beyond the end: the size of a guest_memfd is not looked at when user
// space touches a mapping of it, and the file grows pages that no offset of it
// has.  It models a check that was taken for one of mmap().
//
// Boot parameter: kvm_bug.nosize=1
//
// file: virt/kvm/guest_memfd.c
// function: kvm_gmem_fault_user_mapping
// gives: if \(!kvm_bug_nosize && \(\(loff_t\)vmf->pgoff << PAGE_SHIFT\) >= i_size_read\(inode\)\) return VM_FAULT_SIGBUS;
// names: 3
// drops: 1

@place@
expression offset;
identifier inode;
@@
 kvm_gmem_fault_user_mapping(...)
 {
 <+...
 if (
-	offset >= i_size_read(inode)
+	!kvm_bug_nosize && offset >= i_size_read(inode)
 	) return VM_FAULT_SIGBUS;
 ...+>
 }

@depends on place@
declarer name __module_param_call;
typedef vm_fault_t;
@@
+static bool kvm_bug_nosize;
+__module_param_call("kvm_bug.", nosize, &param_ops_bool,
+		    &kvm_bug_nosize, 0444, -1, 0);
+
 static vm_fault_t kvm_gmem_fault_user_mapping(...)
 { ... }
