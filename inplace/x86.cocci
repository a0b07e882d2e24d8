// SPDX-License-Identifier: GPL-2.0-only
//
// VMs with private memory may have a guest_memfd that starts as shared.
//
// file: arch/x86/kvm/x86.c
// names: 1
// drops: 1

@@
identifier kvm;
@@
 kvm_arch_supports_gmem_init_shared(struct kvm *kvm)
 {
-	return !kvm_arch_has_private_mem(kvm);
+	return gmem_in_place_conversion || !kvm_arch_has_private_mem(kvm);
 }
