// SPDX-License-Identifier: GPL-2.0-only
//
// A mapping bug: while a memory region is populated, the gfn that is mapped and
// the place in the guest_memfd go out of step, so that a page lands at a wrong
// guest address.  It models an index that is computed once for the folio and
// once for the mapping, and differently.
//
// The first page of a memslot is mapped at the slot's last gfn, and the last
// page at the first.  So
//  - a region at the slot's start that does not reach its end has one page at
//    the wrong gfn: as many pages are mapped as were added, but the gfn at the
//    start has none, and punching a hole at the far end, where nothing was
//    added, takes a page away (pages_4k falls by one);
//  - a region that fills the slot has two pages exchanged: nothing but their
//    contents, or the TD's measurement, shows it.
// KVM itself notices neither: no gfn is mapped twice, and what is measured is
// what was mapped.  A slot of one page is not affected.
//
// Boot parameter: kvm_bug.misplace=1
//
// file: virt/kvm/guest_memfd.c
// function: __kvm_gmem_populate
// gives: ret = post_populate\(kvm, kvm_bug_misplace_gfn\(slot, gfn\), pfn, src_page, opaque\);
// names: 3
// drops: 1

@place@
identifier kvm, slot, gfn;
expression list rest;
@@
 __kvm_gmem_populate(..., struct kvm_memory_slot *slot, ..., gfn_t gfn, ...)
 {
 <+...
 post_populate(kvm,
-	gfn
+	kvm_bug_misplace_gfn(slot, gfn)
 	, rest)
 ...+>
 }

@depends on place@
declarer name __module_param_call;
typedef gfn_t;
@@
+static bool kvm_bug_misplace;
+__module_param_call("kvm_bug.", misplace, &param_ops_bool, &kvm_bug_misplace,
+		    0444, -1, 0);
+
+static gfn_t kvm_bug_misplace_gfn(struct kvm_memory_slot *slot, gfn_t gfn)
+{
+	gfn_t last = slot->base_gfn + slot->npages - 1;
+
+	if (!kvm_bug_misplace)
+		return gfn;
+	if (gfn == slot->base_gfn)
+		return last;
+	return gfn == last ? slot->base_gfn : gfn;
+}
+
 static long __kvm_gmem_populate(...)
 { ... }
