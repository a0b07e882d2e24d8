// SPDX-License-Identifier: GPL-2.0-only
//
// Private or not is the guest_memfd's to say.
//
// file: include/linux/kvm_host.h
// names: 4
// drops: 0

@@
identifier kvm, gfn;
@@
 kvm_mem_is_private(struct kvm *kvm, gfn_t gfn)
 {
+	if (gmem_in_place_conversion)
+		return gmem_inplace_gfn_is_private(kvm, gfn);
 	return kvm_get_memory_attributes(...) & KVM_MEMORY_ATTRIBUTE_PRIVATE;
 }

@@
typedef bool;
identifier kvm;
@@
+extern bool gmem_in_place_conversion;
+bool gmem_inplace_gfn_is_private(struct kvm *kvm, gfn_t gfn);
+
 static inline unsigned long kvm_get_memory_attributes(struct kvm *kvm, ...)
 { ... }
