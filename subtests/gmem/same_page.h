/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Do host and guest have the same physical page? It is not enough that each
 * finds what the other wrote: a test of conversions passed with two pages, each
 * written by its own side.
 */
#ifndef SUBTESTS_GMEM_SAME_PAGE_H
#define SUBTESTS_GMEM_SAME_PAGE_H

#include "kvm/convert.h"

#define SAME_PAGE_WHY	160

/*
 * Page @page, shared, of @cv. True if it is one page:
 * - a guest that copies one word to another, without an exit, answers each of
 *   many words that the host writes, through the same page;
 * - the memslot's userspace_addr has no other frame that the guest could use;
 * - the frame of the host's mapping has no mappings other than these two. If
 * not, @why names the failed checks.
 */
bool same_page(struct convert_vm *cv, u64 page, char *why);

/* The frame of the host's mapping. */
u64 same_page_frame(struct convert_vm *cv, u64 page);

#endif
