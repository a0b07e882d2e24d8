// SPDX-License-Identifier: GPL-2.0-only
//
// Conversion to private of pages that others hold: their references are not
// looked at, so that an io_uring or a device goes on writing to what the guest
// takes for its own.  It models a check that is done and not obeyed.
//
// In the lab's stand-in for in-place conversion, as no kernel to be had has it.
//
// Boot parameter: kvm_bug.ignorerefs=1
//
// file: virt/kvm/gmem_inplace.c
// function: folio_is_held
// stand-in: yes
// gives: return !kvm_bug_ignorerefs && folio_ref_count\(folio\) != folio_nr_pages\(folio\) \+ 1;
// names: 3
// drops: 1

@place@
identifier folio;
@@
 folio_is_held(struct folio *folio, ...)
 {
 <+...
-return folio_ref_count(folio) != folio_nr_pages(folio) + 1;
+return !kvm_bug_ignorerefs &&
+       folio_ref_count(folio) != folio_nr_pages(folio) + 1;
 ...+>
 }

@depends on place@
declarer name __module_param_call;
typedef bool;
@@
+static bool kvm_bug_ignorerefs;
+__module_param_call("kvm_bug.", ignorerefs, &param_ops_bool,
+		    &kvm_bug_ignorerefs, 0444, -1, 0);
+
 static bool folio_is_held(...)
 { ... }
