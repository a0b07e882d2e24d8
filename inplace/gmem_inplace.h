/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lab's stand-in for in-place conversion: what guest_memfd.c, kvm_main.c,
 * x86.c and tdx.c call in gmem_inplace.c.  It goes away with the first kernel
 * to be had that has KVM_SET_MEMORY_ATTRIBUTES2 of its own.
 */
#ifndef __KVM_GMEM_INPLACE_H
#define __KVM_GMEM_INPLACE_H

#include <linux/kvm.h>
#include <linux/types.h>

struct file;
struct inode;
struct kvm;

/*
 * Of the stand-in alone: the number differs between all versions of the posted
 * series, and whoever asks for one of those is to get no answer here.
 */
#define KVM_CAP_GUEST_MEMFD_MEMORY_ATTRIBUTES	0x6c6162

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

/* What the capability is worth for @kvm, which may be NULL. */
int gmem_inplace_attributes(struct kvm *kvm);

#endif
