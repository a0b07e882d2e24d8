/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * uAPI that the headers of Linux 7.3 do not have yet, from the posted series
 * "guest_memfd: In-place conversion support". Only what has kept its value
 * through the versions of that series: the capability's number has not, so it
 * is not here, and the ioctl is probed for by calling it.
 */
#ifndef KVM_COMPAT_H
#define KVM_COMPAT_H

#include <linux/kvm.h>

#ifndef KVM_SET_MEMORY_ATTRIBUTES2
/* An ioctl of a guest_memfd, not of a VM. flags and reserved must be zero. */
struct kvm_memory_attributes2 {
	union {
		__u64 address;
		__u64 offset;
	};
	__u64 size;
	__u64 attributes;
	__u64 flags;
	__u64 error_offset;
	__u64 reserved[11];
};

#define KVM_SET_MEMORY_ATTRIBUTES2 \
	_IOWR(KVMIO, 0xd2, struct kvm_memory_attributes2)
#endif

#endif
