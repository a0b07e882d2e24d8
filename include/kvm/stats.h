/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much of a VM is mapped in its TDP MMU, by size of page, from the binary
 * statistics pages_4k, pages_2m and pages_1g of the VM.
 */
#ifndef KVM_STATS_H
#define KVM_STATS_H

#include "kvm_util.h"

struct page_counts {
	u64 pages_4k;
	u64 pages_2m;
	u64 pages_1g;
};

void page_counts_read(struct kvm_vm *vm, struct page_counts *counts);

/* The same from KVM_GET_STATS_FD, which may outlive struct kvm_vm. */
void page_counts_read_fd(int stats_fd, struct page_counts *counts);

/* All of it in units of 4 KiB. */
u64 page_counts_sum(const struct page_counts *counts);

#endif
