// SPDX-License-Identifier: GPL-2.0-only
//
// The policy of the next page: a page of a guest_memfd is allocated by the
// memory policy that mbind() has set for the page behind it.  It models an index
// that was meant to be an end.
//
// Where one policy is set for all pages nothing is to be seen.
//
// Boot parameter: kvm_bug.wrongnode=1
//
// file: virt/kvm/guest_memfd.c
// function: kvm_gmem_get_folio
// gives: mpol_shared_policy_lookup\(&GMEM_I\(inode\)->policy, index \+ kvm_bug_wrongnode\);
// names: 3
// drops: 1

@place@
expression policy;
identifier index;
@@
 kvm_gmem_get_folio(..., pgoff_t index)
 {
 <+...
 mpol_shared_policy_lookup(policy,
-	index
+	index + kvm_bug_wrongnode
 	)
 ...+>
 }

@depends on place@
declarer name __module_param_call;
@@
+static bool kvm_bug_wrongnode;
+__module_param_call("kvm_bug.", wrongnode, &param_ops_bool,
+		    &kvm_bug_wrongnode, 0444, -1, 0);
+
 static struct folio * kvm_gmem_get_folio(...)
 { ... }
