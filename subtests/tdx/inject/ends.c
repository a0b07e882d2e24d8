// SPDX-License-Identifier: GPL-2.0-only
/*
 * SEAMCALLs that fail when memory is taken from a TD, or all of it is: KVM has
 * nobody to tell, kills the VM if there is one, and leaks on purpose what the
 * TDX module still counts as the TD's. The rows say exactly what is left.
 *
 * The kernel's side of it, the pages that it did not free and the keyids, is
 * gone until the next boot: a few pages and one of 63 keyids a trial.
 */
#include <errno.h>

#include "inject.h"

#define STATUS(_status)	.set = SET_NONE, .status = (_status)

/*
 * A page that stays in the secure EPT is the TD's, so its TDR is not given back
 * either. guest_memfd frees the page nevertheless.
 */
#define PAGE_LEFT	.calls = CALLS_GO_ON, .left = { .reg = 1, .tdr = 1 }

static const struct fail_row zaps[] = {
	ROW(HOLE, MEM_RANGE_BLOCK, PAGE_LEFT, .set = SET_NOT_BUSY),
	ROW(HOLE, MEM_PAGE_REMOVE, PAGE_LEFT, .set = SET_NOT_BUSY),
	ROW(HOLE_FINAL, MEM_RANGE_BLOCK, PAGE_LEFT, STATUS(ST_METADATA)),
	ROW(HOLE_FINAL, MEM_PAGE_REMOVE, PAGE_LEFT, STATUS(ST_METADATA)),
	/* PAGE.REMOVE is tried and refused: not tracked. */
	ROW(HOLE_FINAL, MEM_TRACK, PAGE_LEFT, .set = SET_NOT_BUSY),
	ROW(HOLE_FINAL, MEM_TRACK, PAGE_LEFT, STATUS(ST_EPOCH)),
	ROW(SHARE_FINAL, MEM_RANGE_BLOCK, PAGE_LEFT, STATUS(ST_FATAL)),
	ROW(SHARE_FINAL, MEM_TRACK, PAGE_LEFT, STATUS(ST_FATAL)),
	ROW(SHARE_FINAL, MEM_PAGE_REMOVE, PAGE_LEFT, STATUS(ST_FATAL)),
	ROW(SLOT_FINAL, MEM_RANGE_BLOCK, .nth = 2, PAGE_LEFT,
	    STATUS(ST_INVALID)),
	ROW(SLOT_FINAL, MEM_TRACK, .nth = 2, PAGE_LEFT, STATUS(ST_INVALID)),
	ROW(SLOT_FINAL, MEM_PAGE_REMOVE, .nth = 2, PAGE_LEFT,
	    STATUS(ST_INVALID)),
};

/* Busy is tried once more and no more. */
#define BUSY_TWICE	STATUS(ST_BUSY), .times = 2, PAGE_LEFT

static const struct fail_row busy_twice[] = {
	ROW(HOLE, MEM_RANGE_BLOCK, BUSY_TWICE),
	ROW(HOLE, MEM_PAGE_REMOVE, BUSY_TWICE),
	ROW(HOLE_FINAL, MEM_RANGE_BLOCK, BUSY_TWICE),
	ROW(HOLE_FINAL, MEM_TRACK, BUSY_TWICE),
	ROW(HOLE_FINAL, MEM_PAGE_REMOVE, BUSY_TWICE),
};

/* The page is out of the secure EPT by then. */
static const struct fail_row write_back[] = {
	ROW(HOLE, PHYMEM_PAGE_WBINVD, .calls = CALLS_GO_ON),
	ROW(HOLE_FINAL, PHYMEM_PAGE_WBINVD, .calls = CALLS_GO_ON,
	    STATUS(ST_METADATA)),
	ROW(SLOT_FINAL, PHYMEM_PAGE_WBINVD, .nth = 2, .calls = CALLS_GO_ON,
	    STATUS(ST_BUSY)),
};

void seamcall_fails_in_zap(const struct subtest_args *args)
{
	fail_begin();
	FAIL_ROWS(zaps);
	FAIL_ROWS(busy_twice);
	FAIL_ROWS(write_back);
	fail_end();
}

/* A vCPU that was not flushed where it ran keeps its TD from ending. */
#define NOT_FLUSHED	.left = { .all = true, .assigned = 1 }
/* Without its keyid freed no page can be had back. */
#define KEY_HELD	.left = { .all = true, .flushed = 1 }
#define GONE		.fate = FATE_GONE, .calls = CALLS_GO_ON

static const struct fail_row keyids[] = {
	ROW(MIGRATE, VP_FLUSH, .ret = EIO, .calls = CALLS_GO_ON, NOT_FLUSHED,
	    STATUS(ST_BUSY)),
	ROW(DESTROY, VP_FLUSH, GONE, NOT_FLUSHED, STATUS(ST_BUSY)),
	ROW(DESTROY, VP_FLUSH, GONE, NOT_FLUSHED, STATUS(ST_FATAL)),
	/* Not an error by itself, but not true here. */
	ROW(DESTROY, VP_FLUSH, GONE, NOT_FLUSHED, STATUS(ST_NO_VCPU_HERE)),
	ROW(DESTROY, MNG_VPFLUSHDONE, GONE, NOT_FLUSHED, STATUS(ST_BUSY)),
	ROW(DESTROY, MNG_VPFLUSHDONE, GONE, NOT_FLUSHED,
	    STATUS(ST_NOT_FLUSHED)),
	/* Given up without a word, where there is no secure EPT to leak. */
	ROW(DESTROY_EMPTY, MNG_VPFLUSHDONE, .fate = FATE_GONE_SILENTLY,
	    .calls = CALLS_GO_ON, NOT_FLUSHED, STATUS(ST_NOT_FLUSHED)),
	ROW(DESTROY_EMPTY, MNG_VPFLUSHDONE, GONE, NOT_FLUSHED,
	    STATUS(ST_FATAL)),
	/* KEY.FREEID is refused then: a package has not written back. */
	ROW(DESTROY, PHYMEM_CACHE_WB, GONE, KEY_HELD, STATUS(ST_BUSY)),
	ROW(DESTROY, PHYMEM_CACHE_WB, .nth = 2, GONE, KEY_HELD,
	    STATUS(ST_FATAL)),
	/* Interrupted more often than KVM resumes it. */
	ROW(DESTROY_EMPTY, PHYMEM_CACHE_WB, .times = TIMES_ALWAYS,
	    .calls = CALLS_ANY, .fate = FATE_GONE, KEY_HELD,
	    STATUS(ST_INTERRUPTED)),
	ROW(DESTROY, MNG_KEY_FREEID, GONE, KEY_HELD, STATUS(ST_BUSY)),
	ROW(DESTROY_EMPTY, MNG_KEY_FREEID, GONE, KEY_HELD, STATUS(ST_FATAL)),
};

/*
 * The keyid is free, pages are reclaimed one by one: 6 TDCX and the TDVPR of
 * the vCPU, 3 of secure EPT, 6 TDCX, the TDR, which goes last and alone.
 */
#define LOST(_nth, _type)	.nth = (_nth), GONE, \
				.left = { ._type = 1, .tdr = 1 }

static const struct fail_row reclaims[] = {
	ROW(DESTROY, PHYMEM_PAGE_RECLAIM, LOST(1, tdcx)),
	ROW(DESTROY, PHYMEM_PAGE_RECLAIM, LOST(6, tdcx), STATUS(ST_METADATA)),
	ROW(DESTROY, PHYMEM_PAGE_RECLAIM, LOST(7, tdvpr), STATUS(ST_BUSY)),
	ROW(DESTROY, PHYMEM_PAGE_RECLAIM, LOST(8, ept), STATUS(ST_FATAL)),
	ROW(DESTROY, PHYMEM_PAGE_RECLAIM, LOST(10, ept), STATUS(ST_INVALID)),
	ROW(DESTROY, PHYMEM_PAGE_RECLAIM, LOST(11, tdcx), STATUS(ST_FATAL)),
	ROW(DESTROY, PHYMEM_PAGE_RECLAIM, LOST(16, tdcx), STATUS(ST_BUSY)),
	ROW(DESTROY, PHYMEM_PAGE_RECLAIM, .nth = 17, GONE,
	    .left = { .tdr = 1 }, STATUS(ST_INVALID)),
	/* Reclaimed, but the kernel dares not use it. */
	ROW(DESTROY_EMPTY, PHYMEM_PAGE_WBINVD, GONE, STATUS(ST_BUSY)),
};

void seamcall_fails_in_teardown(const struct subtest_args *args)
{
	fail_begin();
	FAIL_ROWS(keyids);
	FAIL_ROWS(reclaims);
	fail_end();
}
