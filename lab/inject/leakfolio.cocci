// SPDX-License-Identifier: GPL-2.0-only
//
// A page that is lost when it cannot be added: where adding a page to a TD fails
// after its folio has been found, the reference to it is kept for ever.  It
// models an error path that jumps past one label too many.
//
// The page stays in its place in the guest_memfd, so nothing is to be seen until
// it is freed, and then only in the machine's free memory.
//
// Boot parameter: kvm_bug.leakfolio=1
//
// file: virt/kvm/guest_memfd.c
// function: __kvm_gmem_populate
// gives: out_put_folio: if \(!kvm_bug_leakfolio \|\| !ret\) folio_put\(folio\);
// names: 3
// drops: 1

@place@
identifier folio;
@@
 __kvm_gmem_populate(...)
 {
 <+...
-folio_put(folio);
+if (!kvm_bug_leakfolio || !ret)
+	folio_put(folio);
 ...+>
 }

@depends on place@
declarer name __module_param_call;
@@
+static bool kvm_bug_leakfolio;
+__module_param_call("kvm_bug.", leakfolio, &param_ops_bool,
+		    &kvm_bug_leakfolio, 0444, -1, 0);
+
 static long __kvm_gmem_populate(...)
 { ... }
