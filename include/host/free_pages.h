/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many pages of the machine are free, exactly enough to notice a few that
 * the kernel has lost: MemFree leaves out those that CPUs keep for themselves,
 * and lags behind.
 */
#ifndef HOST_FREE_PAGES_H
#define HOST_FREE_PAGES_H

#include <stdbool.h>
#include <stdint.h>

/* From the text of /proc/zoneinfo: free pages of each zone and CPU. 0, -EINVAL. */
int free_pages_parse(const char *zoneinfo, uint64_t *pages);

/* Let the kernel drop clean caches and add up its counters first. 0 or -errno. */
int free_pages_read(const char *proc, uint64_t *pages);

/*
 * The same, again and again for half a second, until at least @enough are free:
 * what RCU still holds comes back by itself.
 */
int free_pages_settle(const char *proc, uint64_t enough, uint64_t *pages);

/* Freed memory is kept for a while (KASAN): no few pages can be missed. */
bool free_pages_late(const char *proc);

#endif
