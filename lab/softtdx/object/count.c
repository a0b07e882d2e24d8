// SPDX-License-Identifier: GPL-2.0-only
/*
 * How often each leaf was called, failed and was made to fail.
 */
#include <linux/atomic.h>

#include "softtdx.h"

static struct {
	atomic64_t calls, errors, last, injected;
} stx_stats[STX_NR_LEAVES + 1];

/* Index STX_NR_LEAVES counts leaves that are not in the table. */
void stx_leaf_stats(unsigned int nr, struct stx_leaf_stats *stats)
{
	*stats = (struct stx_leaf_stats) {
		.calls = atomic64_read(&stx_stats[nr].calls),
		.errors = atomic64_read(&stx_stats[nr].errors),
		.last = atomic64_read(&stx_stats[nr].last),
		.injected = atomic64_read(&stx_stats[nr].injected),
	};
}

void stx_count(unsigned int nr, u64 status, bool injected)
{
	if (nr > STX_NR_LEAVES)
		nr = STX_NR_LEAVES;
	atomic64_inc(&stx_stats[nr].calls);
	if (injected)
		atomic64_inc(&stx_stats[nr].injected);
	if (!status)
		return;
	atomic64_inc(&stx_stats[nr].errors);
	atomic64_set(&stx_stats[nr].last, status);
}
