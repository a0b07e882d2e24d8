// SPDX-License-Identifier: GPL-2.0-only
//
// A wrong source page after a partial region: KVM_TDX_INIT_MEM_REGION that stops
// on its way (a signal, a source that cannot be read) has moved the source
// address on, but not the gpa, for a page that it did not add.  Whoever goes on
// where KVM says gets every page from there on with the bytes of the next.  It
// models an address that is advanced before it is known whether the page was
// added.
//
// A call that comes through is not affected.
//
// Boot parameter: kvm_bug.wrongsource=1
//
// file: arch/x86/kvm/vmx/tdx.c
// function: tdx_vcpu_init_mem_region
// gives: gmem_ret = kvm_gmem_populate\([^;]*\); if \(kvm_bug_wrongsource\) region.source_addr \+= PAGE_SIZE; if \(gmem_ret < 0\) .* if \(!kvm_bug_wrongsource\) region.source_addr \+= PAGE_SIZE; region.gpa \+= PAGE_SIZE;
// names: 4
// drops: 1

@place@
expression ret;
expression list args;
identifier region;
@@
 tdx_vcpu_init_mem_region(...)
 {
 <+...
 ret = kvm_gmem_populate(args);
+if (kvm_bug_wrongsource)
+	region.source_addr += PAGE_SIZE;
 ...
-region.source_addr += PAGE_SIZE;
+if (!kvm_bug_wrongsource)
+	region.source_addr += PAGE_SIZE;
 ...+>
 }

@depends on place@
declarer name __module_param_call;
@@
+static bool kvm_bug_wrongsource;
+__module_param_call("kvm_bug.", wrongsource, &param_ops_bool,
+		    &kvm_bug_wrongsource, 0444, -1, 0);
+
 static int tdx_vcpu_init_mem_region(...)
 { ... }
