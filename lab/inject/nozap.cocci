// SPDX-License-Identifier: GPL-2.0-only
//
// A missing zap: a hole that is punched into a guest_memfd leaves the last gfn
// of its range mapped, though the page behind it goes back to the kernel.  It
// models an inclusive end where an exclusive one is meant: the line above the
// place says `end - 1' for good reason.
//
// A hole that ends behind the slot's last page is not affected, and neither is
// closing the guest_memfd, which zaps up to -1.  KVM itself notices nothing:
// the SPTE is as it was, and only its count, or what the TDX module holds, says
// that it should be gone.
//
// Boot parameter: kvm_bug.nozap=1
//
// file: virt/kvm/guest_memfd.c
// function: __kvm_gmem_invalidate_start
// gives: \.end = slot->base_gfn \+ min\(pgoff \+ slot->npages, end - kvm_bug_nozap\) - pgoff,
// names: 3
// drops: 1

@place@
expression limit;
identifier end;
@@
 __kvm_gmem_invalidate_start(..., pgoff_t end, ...)
 {
 <+...
 min(limit,
-	end
+	end - kvm_bug_nozap
 	)
 ...+>
 }

@depends on place@
declarer name __module_param_call;
@@
+static bool kvm_bug_nozap;
+__module_param_call("kvm_bug.", nozap, &param_ops_bool, &kvm_bug_nozap,
+		    0444, -1, 0);
+
 static void __kvm_gmem_invalidate_start(...)
 { ... }
