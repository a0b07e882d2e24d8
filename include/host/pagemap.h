/* SPDX-License-Identifier: GPL-2.0-only */
/* The page frame at an address of this process, and how often it is mapped. */
#ifndef HOST_PAGEMAP_H
#define HOST_PAGEMAP_H

#include <stdint.h>

/*
 * From /proc/self/pagemap: 0 and the frame's number, which is 0 without the
 * privilege to read it; or -ENOENT if no page is mapped there; or another
 * -errno.
 */
int pagemap_pfn(const void *addr, uint64_t *pfn);

/*
 * How often frame @pfn is mapped by user page tables (/proc/kpagecount), or
 * its flags (/proc/kpageflags, bits KPF_*). 0 or -errno.
 */
int pagemap_mapcount(uint64_t pfn, uint64_t *count);
int pagemap_flags(uint64_t pfn, uint64_t *flags);

/* /proc/kpageflags */
#define PAGEMAP_KPF_MMAP	11
#define PAGEMAP_KPF_HWPOISON	19

#endif
