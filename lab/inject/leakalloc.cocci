// SPDX-License-Identifier: GPL-2.0-only
//
// A page that is lost when it is allocated before its use: fallocate() of a
// guest_memfd keeps the reference with which it has found each page.
//
// Nothing is to be seen as long as the page is in its place; taken from there, by
// a hole or with the file, it is never free again.
//
// Boot parameter: kvm_bug.leakalloc=1
//
// file: virt/kvm/guest_memfd.c
// function: kvm_gmem_allocate
// gives: folio_unlock\(folio\); if \(!kvm_bug_leakalloc\) folio_put\(folio\);
// names: 3
// drops: 1

@place@
identifier folio;
@@
 kvm_gmem_allocate(...)
 {
 <+...
-folio_put(folio);
+if (!kvm_bug_leakalloc)
+	folio_put(folio);
 ...+>
 }

@depends on place@
declarer name __module_param_call;
@@
+static bool kvm_bug_leakalloc;
+__module_param_call("kvm_bug.", leakalloc, &param_ops_bool,
+		    &kvm_bug_leakalloc, 0444, -1, 0);
+
 static long kvm_gmem_allocate(...)
 { ... }
