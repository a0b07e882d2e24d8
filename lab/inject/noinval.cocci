// SPDX-License-Identifier: GPL-2.0-only
//
// A hole that takes nothing from the guest: pages are freed, but no SPTE of them
// is zapped.  It models a caller that has forgotten to tell KVM's MMU.
//
// The guest goes on with pages that are the kernel's again.  KVM notices
// nothing, and neither does the host, whose own mappings are gone.
//
// Boot parameter: kvm_seed.noinval=1
//
// file: virt/kvm/guest_memfd.c
// function: kvm_gmem_punch_hole
// gives: if \(!kvm_seed_noinval\) kvm_gmem_invalidate_start\(inode, start, end\); truncate_inode_pages_range\([^;]*\); if \(!kvm_seed_noinval\) kvm_gmem_invalidate_end\(inode, start, end\);
// names: 4
// drops: 2

@place@
expression list a, b;
@@
 kvm_gmem_punch_hole(...)
 {
 <+...
-kvm_gmem_invalidate_start(a);
+if (!kvm_seed_noinval)
+	kvm_gmem_invalidate_start(a);
 ...
-kvm_gmem_invalidate_end(b);
+if (!kvm_seed_noinval)
+	kvm_gmem_invalidate_end(b);
 ...+>
 }

@depends on place@
declarer name __module_param_call;
@@
+static bool kvm_seed_noinval;
+__module_param_call("kvm_seed.", noinval, &param_ops_bool,
+		    &kvm_seed_noinval, 0444, -1, 0);
+
 static long kvm_gmem_punch_hole(...)
 { ... }
