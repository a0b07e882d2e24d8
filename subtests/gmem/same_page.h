/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Do host and guest have the same physical page? That each finds what the other
 * wrote is not enough: a test of conversions has passed that had two pages all
 * along, each written by its own side.
 */
#ifndef SUBTESTS_GMEM_SAME_PAGE_H
#define SUBTESTS_GMEM_SAME_PAGE_H

#include "kvm/convert.h"

#define SAME_PAGE_WHY	160

/*
 * Page @page, shared, of @cv. True if it is one page:
 * - a guest that copies one word to another, without ever leaving, answers each
 *   of many words that the host writes, through the same page;
 * - at the memslot's userspace_addr is no other frame that could be the guest's;
 * - the frame of the host's mapping is mapped by these two, at most.
 * If not, @why says by which of these.
 */
bool same_page(struct convert_vm *cv, u64 page, char *why);

/* The frame behind the host's mapping. */
u64 same_page_frame(struct convert_vm *cv, u64 page);

#endif
