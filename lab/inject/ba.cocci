// SPDX-License-Identifier: GPL-2.0-only
//
// BA, the edge that kernels with in-place conversion have by design: a user
// fault on a mapped guest_memfd (mmap_lock held) takes the invalidate lock for
// read while it looks the folio up.  Harmless by itself; with AB in the same
// kernel it closes the cycle.
//
// Boot parameter: kvm_bug.ba=1
//
// file: virt/kvm/guest_memfd.c
// function: kvm_gmem_fault_user_mapping
// present: filemap_invalidate_lock_shared
// gives: if \(kvm_bug_ba\) filemap_invalidate_lock_shared\(inode->i_mapping\); folio = kvm_gmem_get_folio\([^;]*\); if \(kvm_bug_ba\) filemap_invalidate_unlock_shared\(inode->i_mapping\);
// names: 4
// drops: 0

@place@
expression folio;
expression list args;
@@
 kvm_gmem_fault_user_mapping(...)
 {
 <+...
+if (kvm_bug_ba)
+	filemap_invalidate_lock_shared(inode->i_mapping);
 folio = kvm_gmem_get_folio(args);
+if (kvm_bug_ba)
+	filemap_invalidate_unlock_shared(inode->i_mapping);
 ...+>
 }

@depends on place@
declarer name __module_param_call;
typedef vm_fault_t;
@@
+static bool kvm_bug_ba;
+__module_param_call("kvm_bug.", ba, &param_ops_bool, &kvm_bug_ba,
+		    0444, -1, 0);
+
 static vm_fault_t kvm_gmem_fault_user_mapping(...)
 { ... }
