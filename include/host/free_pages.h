/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many pages of the machine are free, exactly enough to detect a few that
 * the kernel has lost. MemFree leaves out those in per-CPU lists, and is late.
 */
#ifndef HOST_FREE_PAGES_H
#define HOST_FREE_PAGES_H

#include <stdbool.h>
#include <stdint.h>

/* By the text of /proc/zoneinfo: free pages of zones and CPUs. 0, -EINVAL. */
int free_pages_parse(const char *zoneinfo, uint64_t *pages);

/* Has the kernel drop clean caches and sum its counters first. 0 or -errno. */
int free_pages_read(const char *proc, uint64_t *pages);

/*
 * The same, repeated for half a second until at least @enough are free: pages
 * that RCU still holds come back by themselves.
 */
int free_pages_settle(const char *proc, uint64_t enough, uint64_t *pages);

/* Freed memory is kept for a while (KASAN): a few lost pages do not show. */
bool free_pages_late(const char *proc);

#endif
