// SPDX-License-Identifier: GPL-2.0-only
//
// A hole that takes nothing from the guest: pages are freed, but no SPTE of them
// is zapped.  It models a caller that has forgotten to tell KVM's MMU.
//
// The guest goes on with pages that are no longer its.  KVM notices nothing, and
// neither does the host, whose own mappings are gone.  Pages taken like this are
// kept for ever: were they given to somebody else, the guest would write into a
// task or a page table of the host, and which test fails then, or whether the
// kernel lives to tell, would be left to chance.
//
// Boot parameter: kvm_bug.noinval=1
//
// file: virt/kvm/guest_memfd.c
// function: kvm_gmem_punch_hole
// gives: if \(!kvm_bug_noinval\) kvm_gmem_invalidate_start\(inode, start, end\); else kvm_bug_noinval_keep\(inode, start, end\); truncate_inode_pages_range\([^;]*\); if \(!kvm_bug_noinval\) kvm_gmem_invalidate_end\(inode, start, end\);
// names: 4
// drops: 2

@place@
identifier inode, start, end;
expression list b;
@@
 kvm_gmem_punch_hole(...)
 {
 <+...
-kvm_gmem_invalidate_start(inode, start, end);
+if (!kvm_bug_noinval)
+	kvm_gmem_invalidate_start(inode, start, end);
+else
+	kvm_bug_noinval_keep(inode, start, end);
 ...
-kvm_gmem_invalidate_end(b);
+if (!kvm_bug_noinval)
+	kvm_gmem_invalidate_end(b);
 ...+>
 }

@depends on place@
declarer name __module_param_call;
@@
+static bool kvm_bug_noinval;
+__module_param_call("kvm_bug.", noinval, &param_ops_bool,
+		    &kvm_bug_noinval, 0444, -1, 0);
+
+/* A reference to each page that is there, which nobody gives back. */
+static void kvm_bug_noinval_keep(struct inode *inode, pgoff_t start, pgoff_t end)
+{
+	for (; start < end; start++)
+		filemap_get_folio(inode->i_mapping, start);
+}
+
 static long kvm_gmem_punch_hole(...)
 { ... }
