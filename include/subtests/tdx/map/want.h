/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A model of what a TD must hold: each page with its source, and MRTD. It is
 * compared with what the TD holds in softtdx, and every difference is printed
 * with its gpa. Without softtdx only KVM's counts are compared.
 */
#ifndef SUBTESTS_TDX_MAP_WANT_H
#define SUBTESTS_TDX_MAP_WANT_H

#include "softtdx/compare.h"
#include "subtests/tdx/tests.h"
#include "tdx/abi/mrtd.h"

struct want {
	struct td *td;
	u64 tdr;		/* where softtdx has the TD; 0: no softtdx */
	u64 children;		/* pages of the TD other than memory */
	struct softtdx_want *pages;	/* with sources that do not change */
	unsigned int nr;
	struct mrtd mrtd;
	u8 last[SHA384_SIZE];	/* MRTD when it was last compared */
};

/* For the newest TD, with its vCPUs initialized and no page added. */
void want_init(struct want *w, struct td *td);
void want_free(struct want *w);

/* Add pages to the TD and the model; arguments of td_add_pages(). */
void want_add(struct want *w, struct kvm_vcpu *vcpu, const void *source,
	      gpa_t gpa, u64 pages, u32 flags);

/* Add pages to the model only, or remove those of a range. */
void want_added(struct want *w, const void *source, gpa_t gpa, u64 pages,
		u32 flags);
void want_gone(struct want *w, gpa_t gpa, u64 pages);

/*
 * MRTD is that of the pages added so far. Call it after each step, so that the
 * message names the first step that differs.
 */
__attribute__((format(printf, 2, 3)))
void assert_mrtd(struct want *w, const char *fmt, ...);

/*
 * Every wanted page is mapped at its gpa, with its source's bytes, private, at
 * a level that KVM counts it by; nothing else is mapped; the S-EPT has the
 * tables for pages that are or were mapped, and no others; the PAMT and the
 * TD's count of pages agree. Prints each difference.
 */
__attribute__((format(printf, 2, 3)))
void assert_holds(const struct want *w, const char *fmt, ...);

#endif
