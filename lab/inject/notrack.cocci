// SPDX-License-Identifier: GPL-2.0-only
//
// Missing TLB tracking on zap: a private page is taken from a running TD without
// TDH.MEM.TRACK and without getting its vCPUs out of the guest, so that one of
// them may still have a translation of it.
//
// The TDX module knows, and refuses to give the page back, which kills the VM.
// Before a TD is final there is nothing to track.
//
// Boot parameter: kvm_bug.notrack=1
//
// file: arch/x86/kvm/vmx/tdx.c
// function: tdx_sept_remove_leaf_spte
// gives: if \(!kvm_bug_notrack\) tdx_track\(kvm\);
// names: 3
// drops: 1

@place@
identifier kvm;
@@
 tdx_sept_remove_leaf_spte(struct kvm *kvm, ...)
 {
 <+...
-tdx_track(kvm);
+if (!kvm_bug_notrack)
+	tdx_track(kvm);
 ...+>
 }

@depends on place@
declarer name __module_param_call;
@@
+static bool kvm_bug_notrack;
+__module_param_call("kvm_bug.", notrack, &param_ops_bool, &kvm_bug_notrack,
+		    0444, -1, 0);
+
 static int tdx_sept_remove_leaf_spte(...)
 { ... }
