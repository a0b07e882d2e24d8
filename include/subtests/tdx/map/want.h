/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a TD must hold by what was done to it, kept beside it: each page with
 * its source, and MRTD. softtdx is then asked what the TD does hold, and every
 * difference is told by its gpa. Without softtdx KVM's counts are compared, and
 * no more.
 */
#ifndef SUBTESTS_TDX_MAP_WANT_H
#define SUBTESTS_TDX_MAP_WANT_H

#include "softtdx/compare.h"
#include "subtests/tdx/tests.h"
#include "tdx/abi/mrtd.h"

struct want {
	struct td *td;
	u64 tdr;		/* where softtdx has the TD; 0: no softtdx */
	u64 children;		/* pages of the TD that are no memory of it */
	struct softtdx_want *pages;	/* with sources that nobody changes */
	unsigned int nr;
	struct mrtd mrtd;
	u8 last[SHA384_SIZE];	/* MRTD when it was last compared */
};

/* From the TD that was created last, its vCPUs initialized, still empty. */
void want_init(struct want *w, struct td *td);
void want_free(struct want *w);

/* Add pages, and want them: what td_add_pages() takes. */
void want_add(struct want *w, struct kvm_vcpu *vcpu, const void *source,
	      gpa_t gpa, u64 pages, u32 flags);

/* Want pages that somebody else has added, or no longer those of a range. */
void want_added(struct want *w, const void *source, gpa_t gpa, u64 pages,
		u32 flags);
void want_gone(struct want *w, gpa_t gpa, u64 pages);

/*
 * MRTD so far is that of what was added. Call it after each step, so that the
 * message names the first one that differs.
 */
__attribute__((format(printf, 2, 3)))
void assert_mrtd(struct want *w, const char *fmt, ...);

/*
 * Every wanted page is mapped at its gpa, with its source's bytes, private, at
 * a level that KVM counts it by; nothing else is mapped; the tables of the
 * secure EPT are those on the way to pages that are or were there; the PAMT and
 * the TD's count of pages agree. Prints each difference.
 */
__attribute__((format(printf, 2, 3)))
void assert_holds(const struct want *w, const char *fmt, ...);

#endif
