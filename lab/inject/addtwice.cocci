// SPDX-License-Identifier: GPL-2.0-only
//
// A page is added twice: TDH.MEM.PAGE.ADD is issued again for a gfn and a page
// for which it has just succeeded.  It models a retry that does not look at
// whether the first try failed.
//
// The TDX module refuses the second one, as the S-EPT entry is no longer free,
// and KVM takes that for the answer: it unmaps nothing, kills the VM and leaves
// a page to the TD that KVM does not know of.  A module in software that says
// yes to everything would let it pass.
//
// Boot parameter: kvm_bug.addtwice=1
//
// file: arch/x86/kvm/vmx/tdx.c
// function: tdx_mem_page_add
// gives: err = tdh_mem_page_add\([^;]*\); if \(kvm_bug_addtwice && !err\) err = tdh_mem_page_add\([^;]*\); if \(unlikely
// names: 3
// drops: 0

@place@
expression err;
expression list args;
@@
 tdx_mem_page_add(...)
 {
 <+...
 err = tdh_mem_page_add(args);
+if (kvm_bug_addtwice && !err)
+	err = tdh_mem_page_add(args);
 ...+>
 }

@depends on place@
declarer name __module_param_call;
@@
+static bool kvm_bug_addtwice;
+__module_param_call("kvm_bug.", addtwice, &param_ops_bool, &kvm_bug_addtwice,
+		    0444, -1, 0);
+
 static int tdx_mem_page_add(...)
 { ... }
