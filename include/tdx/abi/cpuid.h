/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPUID of a TD: KVM_TDX_INIT_VM takes only the (function, index) pairs that
 * KVM_TDX_CAPABILITIES lists, each once and only with the bits listed there.
 */
#ifndef TDX_ABI_CPUID_H
#define TDX_ABI_CPUID_H

#include <linux/kvm.h>

/*
 * 48 bits of guest physical address: every host has them, with a secure EPT of
 * four levels, while 52 need five. The shared bit is bit 47.
 */
#define TDX_GPA_WIDTH	48

/*
 * Keep what @config lists of @host: for each of its @nr_config entries that
 * @host has, the host's value masked with the configurable bits. Leaf
 * 0x80000008 is always in it and gets the guest's physical width. @out has room
 * for @nr_config + 1 entries; return their number.
 */
unsigned int tdx_cpuid_filter(const struct kvm_cpuid_entry2 *config,
			      unsigned int nr_config,
			      const struct kvm_cpuid_entry2 *host,
			      unsigned int nr_host,
			      struct kvm_cpuid_entry2 *out);

/* Set the guest's physical width in leaf 0x80000008 for KVM_SET_CPUID2. */
void tdx_cpuid_set_width(struct kvm_cpuid_entry2 *entries, unsigned int nr);

#endif
