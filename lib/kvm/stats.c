// SPDX-License-Identifier: GPL-2.0-only
/* How much of a VM is mapped in its TDP MMU. */
#include <stdlib.h>

#include "kvm/stats.h"

static u64 stat_of(struct kvm_binary_stats *stats, const char *name)
{
	u64 value;

	kvm_get_stat(stats, name, &value, 1);
	return value;
}

static void read_counts(struct kvm_binary_stats *stats,
			struct page_counts *counts)
{
	counts->pages_4k = stat_of(stats, "pages_4k");
	counts->pages_2m = stat_of(stats, "pages_2m");
	counts->pages_1g = stat_of(stats, "pages_1g");
}

void page_counts_read(struct kvm_vm *vm, struct page_counts *counts)
{
	read_counts(&vm->stats, counts);
}

void page_counts_read_fd(int stats_fd, struct page_counts *counts)
{
	struct kvm_binary_stats stats = { .fd = stats_fd };

	read_counts(&stats, counts);
	free(stats.desc);
}

u64 page_counts_sum(const struct page_counts *counts)
{
	return counts->pages_4k + (counts->pages_2m << 9) +
	       (counts->pages_1g << 18);
}
