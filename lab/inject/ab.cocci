// SPDX-License-Identifier: GPL-2.0-only
//
// AB, the forbidden edge, back into a tree that has the fix: when a page is
// added to a TD's guest_memfd, the source page is got (mmap_lock) while the
// guest_memfd's invalidate lock is held for write.  This is the order that
// kvm_gmem_populate() had before 7.0.
//
// Boot parameter: kvm_bug.ab=1
//
// file: virt/kvm/guest_memfd.c
// function: kvm_gmem_populate
// present: filemap_invalidate_lock
// gives: if \(kvm_bug_ab\) filemap_invalidate_lock\(file->f_mapping\); ret = get_user_pages_fast\([^;]*\); if \(kvm_bug_ab\) filemap_invalidate_unlock\(file->f_mapping\);
// names: 4
// drops: 0

@place@
expression ret;
expression list args;
@@
 kvm_gmem_populate(...)
 {
 <+...
+if (kvm_bug_ab)
+	filemap_invalidate_lock(file->f_mapping);
 ret = get_user_pages_fast(args);
+if (kvm_bug_ab)
+	filemap_invalidate_unlock(file->f_mapping);
 ...+>
 }

@depends on place@
declarer name __module_param_call;
@@
+static bool kvm_bug_ab;
+__module_param_call("kvm_bug.", ab, &param_ops_bool, &kvm_bug_ab,
+		    0444, -1, 0);
+
 long kvm_gmem_populate(...)
 { ... }
