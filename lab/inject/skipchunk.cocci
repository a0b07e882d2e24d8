// SPDX-License-Identifier: GPL-2.0-only
//
// A hole in the measurement: of each measured page the last 256 bytes are not
// extended into MRTD.  It models a bound that is one chunk short.  The page is
// mapped and complete; only the measurement, or how often TDH.MR.EXTEND was
// called, shows it.
//
// Boot parameter: kvm_bug.skipchunk=1
//
// file: arch/x86/kvm/vmx/tdx.c
// function: tdx_gmem_post_populate
// gives: for \(i = 0; i < PAGE_SIZE - kvm_bug_skipchunk \* TDX_EXTENDMR_CHUNKSIZE; i \+= TDX_EXTENDMR_CHUNKSIZE\)
// names: 3
// drops: 1

@place@
identifier i;
@@
 tdx_gmem_post_populate(...)
 {
 <+...
 for (i = 0; i <
-	PAGE_SIZE
+	PAGE_SIZE - kvm_bug_skipchunk * TDX_EXTENDMR_CHUNKSIZE
 	; i += TDX_EXTENDMR_CHUNKSIZE) { ... }
 ...+>
 }

@depends on place@
declarer name __module_param_call;
@@
+static bool kvm_bug_skipchunk;
+__module_param_call("kvm_bug.", skipchunk, &param_ops_bool,
+		    &kvm_bug_skipchunk, 0444, -1, 0);
+
 static int tdx_gmem_post_populate(...)
 { ... }
