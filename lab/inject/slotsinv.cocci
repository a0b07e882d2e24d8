// SPDX-License-Identifier: GPL-2.0-only
//
// slots_lock and guest_memfd's invalidate lock in the wrong order: whoever
// closes a guest_memfd takes the second first.  All others, such as who binds a
// memslot to it, take slots_lock first.  An early version of guest_memfd had
// just these two inverted.
//
// Boot parameter: kvm_bug.slotsinv=1
//
// file: virt/kvm/guest_memfd.c
// function: kvm_gmem_release
// gives: if \(kvm_bug_slotsinv\) filemap_invalidate_lock\(inode->i_mapping\); mutex_lock\(&kvm->slots_lock\); if \(!kvm_bug_slotsinv\) filemap_invalidate_lock\(inode->i_mapping\);
// names: 4
// drops: 1

@place@
expression mapping, lock;
@@
 kvm_gmem_release(...)
 {
 <+...
+if (kvm_bug_slotsinv)
+	filemap_invalidate_lock(mapping);
 mutex_lock(lock);
-filemap_invalidate_lock(mapping);
+if (!kvm_bug_slotsinv)
+	filemap_invalidate_lock(mapping);
 ...+>
 }

@depends on place@
declarer name __module_param_call;
@@
+static bool kvm_bug_slotsinv;
+__module_param_call("kvm_bug.", slotsinv, &param_ops_bool,
+		    &kvm_bug_slotsinv, 0444, -1, 0);
+
 static int kvm_gmem_release(...)
 { ... }
