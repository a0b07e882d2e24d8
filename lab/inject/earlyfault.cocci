// SPDX-License-Identifier: GPL-2.0-only
//
// A user fault that decides too early: whether the page is shared is looked up
// before the invalidate lock is taken, and believed afterwards.  Meanwhile the
// page may have been made private, and is mapped to user space all the same.
//
// Nothing goes wrong as long as nobody converts while others fault.
//
// In the lab's stand-in for in-place conversion, as no kernel to be had has it.
//
// Boot parameter: kvm_bug.earlyfault=1
//
// file: virt/kvm/guest_memfd.c
// function: kvm_gmem_fault_user_mapping
// stand-in: yes
// gives: early = kvm_bug_earlyfault && kvm_gmem_is_shared_mem\([^;]*\); filemap_invalidate_lock_shared\(inode->i_mapping\); folio = early \|\| kvm_gmem_is_shared_mem\(
// names: 3
// drops: 1

@place@
expression mapping, index, yes, no;
identifier inode, folio;
@@
 kvm_gmem_fault_user_mapping(...)
 {
+bool early;
 ...
+early = kvm_bug_earlyfault && kvm_gmem_is_shared_mem(inode, index);
 filemap_invalidate_lock_shared(mapping);
 folio =
-	kvm_gmem_is_shared_mem(inode, index)
+	early || kvm_gmem_is_shared_mem(inode, index)
 	? yes : no;
 ...
 }

@depends on place@
declarer name __module_param_call;
typedef vm_fault_t;
@@
+static bool kvm_bug_earlyfault;
+__module_param_call("kvm_bug.", earlyfault, &param_ops_bool,
+		    &kvm_bug_earlyfault, 0444, -1, 0);
+
 static vm_fault_t kvm_gmem_fault_user_mapping(...)
 { ... }
