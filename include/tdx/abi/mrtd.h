/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MRTD, the measurement of a TD as it is built, computed independently of the
 * TDX module: one SHA-384 over what TDH.MEM.PAGE.ADD and TDH.MR.EXTEND did, in
 * their order. Nothing else enters it: no S-EPT page, no vCPU, no attribute, no
 * CPUID. By the TDX module's ABI, MRTD of both leaves.
 */
#ifndef TDX_ABI_MRTD_H
#define TDX_ABI_MRTD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sha384.h"

#define MRTD_PAGE	4096	/* bytes that a page is added with */
#define MRTD_CHUNK	256	/* bytes that are extended at a time */

struct mrtd {
	struct sha384 sha;
	uint64_t added;		/* pages */
	uint64_t extended;	/* chunks */
};

/* A TD after TDH.MNG.INIT. */
void mrtd_init(struct mrtd *m);

/* A page at @gpa; its contents do not enter. */
void mrtd_page_added(struct mrtd *m, uint64_t gpa);

/* The MRTD_CHUNK bytes at @chunk, which the TD has at @gpa. */
void mrtd_extended(struct mrtd *m, uint64_t gpa, const void *chunk);

/*
 * @pages pages from @gpa on, copied from @source, as KVM_TDX_INIT_MEM_REGION
 * adds them: page by page, each @measured one extended whole before the next is
 * added. (Versions of KVM outside of mainline added all pages of a region first
 * and extended them then, which gives another value.)
 */
void mrtd_region_added(struct mrtd *m, uint64_t gpa, const void *source,
		       uint64_t pages, bool measured);

/* SHA384_SIZE bytes: what MRTD would be if the TD were made final now. */
void mrtd_value(const struct mrtd *m, uint8_t *value);

#endif
