// SPDX-License-Identifier: GPL-2.0-only
//
// The capability, and no per-VM attribute PRIVATE while the files have it.
//
// file: virt/kvm/kvm_main.c
// names: 2
// drops: 0

@@
identifier kvm;
@@
 kvm_supported_mem_attributes(struct kvm *kvm)
 {
+	if (gmem_in_place_conversion)
+		return 0;
 	...
 }

@@
identifier kvm, arg;
@@
 kvm_vm_ioctl_check_extension_generic(struct kvm *kvm, long arg)
 {
+	if (arg == KVM_CAP_GUEST_MEMFD_MEMORY_ATTRIBUTES)
+		return gmem_inplace_attributes(kvm);
 	...
 }
