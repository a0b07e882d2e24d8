// SPDX-License-Identifier: GPL-2.0-only
/*
 * SEAMCALLs that fail and leave the TD alive: those that KVM repeats by itself,
 * and those whose error it hands to user space, which may try again. None of
 * them may WARN.
 */
#include <errno.h>

#include "inject.h"

#define BUSY_CALLS(_times, _calls) \
			.set = SET_NONE, .status = ST_BUSY, .times = (_times), \
			.calls = (_calls), .fate = FATE_LIVES
#define BUSY(_times)	BUSY_CALLS(_times, CALLS_REPEAT)
#define BUSY_ENTER(_times)	BUSY_CALLS(_times, CALLS_ANY)
/* One less than seamcall() gives up after. */
#define ENTROPY		.set = SET_NONE, .status = ST_ENTROPY, .times = 9, \
			.calls = CALLS_REPEAT, .fate = FATE_LIVES
#define ENTROPY_GONE	.set = SET_NONE, .status = ST_ENTROPY, .times = 9, \
			.calls = CALLS_REPEAT, .fate = FATE_GONE_SILENTLY

/*
 * Adding to the secure EPT: the fault is handled once more. Up to 7.3.4 only so
 * often as there are pages in the vCPU's caches: kvm_tdp_mmu_map_private_pfn()
 * fills them up once, before its loop, and only if less than five pages are in
 * them; each busy TDH.MEM.SEPT.ADD spends one. So with five busy ones or more
 * for one page of INIT_MEM_REGION, at the 40th at the latest, KVM WARNs in
 * kvm_mmu_memory_cache_alloc(). A fault of the guest fills them up each time.
 */
static const struct fail_row busy_adds[] = {
	ROW(ADD, MEM_SEPT_ADD, BUSY(1)),
	ROW(ADD, MEM_SEPT_ADD, .nth = 2, BUSY(5)),
	ROW(ADD, MEM_SEPT_ADD, .nth = 3, BUSY(30)),
	ROW(ADD, MEM_PAGE_ADD, BUSY(1)),
	ROW(ADD, MEM_PAGE_ADD, .nth = 2, BUSY(100)),
	ROW(PREFAULT, MEM_PAGE_AUG, BUSY(1)),
	ROW(PREFAULT, MEM_PAGE_AUG, BUSY(100)),
	ROW(AUG, MEM_SEPT_ADD, BUSY(1)),
	ROW(AUG, MEM_SEPT_ADD, .nth = 2, BUSY(100)),
	ROW(AUG, MEM_PAGE_AUG, BUSY(100)),
};

/* Taking from it: all vCPUs are kicked out of the guest, then once more. */
static const struct fail_row busy_zaps[] = {
	ROW(HOLE, MEM_RANGE_BLOCK, BUSY(1)),
	ROW(HOLE, MEM_PAGE_REMOVE, BUSY(1)),
	ROW(HOLE_FINAL, MEM_RANGE_BLOCK, BUSY(1)),
	ROW(HOLE_FINAL, MEM_TRACK, BUSY(1)),
	ROW(HOLE_FINAL, MEM_PAGE_REMOVE, BUSY(1)),
	ROW(SHARE_FINAL, MEM_RANGE_BLOCK, BUSY(1)),
	ROW(SHARE_FINAL, MEM_TRACK, BUSY(1)),
	ROW(SHARE_FINAL, MEM_PAGE_REMOVE, BUSY(1)),
	ROW(SLOT_FINAL, MEM_RANGE_BLOCK, .nth = 2, BUSY(1)),
	ROW(SLOT_FINAL, MEM_TRACK, .nth = 2, BUSY(1)),
	ROW(SLOT_FINAL, MEM_PAGE_REMOVE, .nth = 2, BUSY(1)),
};

/* A vCPU that could not enter is entered again, as after an interrupt. */
static const struct fail_row busy_enters[] = {
	ROW(RUN, VP_ENTER, BUSY_ENTER(1)),
	ROW(RUN, VP_ENTER, BUSY_ENTER(20)),
};

/*
 * Only leaves that return nothing but a status. Up to 7.3.4 sc_retry() repeats
 * the others, issued by seamcall_ret(), with what the failed call has left in
 * their registers for operands; the module has no RND_NO_ENTROPY for them.
 */
static const struct fail_row no_entropy[] = {
	ROW(INIT_VM, MNG_CREATE, ENTROPY),
	ROW(INIT_VM, MNG_KEY_CONFIG, ENTROPY),
	ROW(INIT_VM, MNG_ADDCX, .nth = 4, ENTROPY),
	ROW(INIT_VCPU, VP_CREATE, ENTROPY),
	ROW(INIT_VCPU, VP_ADDCX, .nth = 2, ENTROPY),
	ROW(INIT_VCPU, VP_INIT, ENTROPY),
	ROW(INIT_VCPU, VP_WR, .nth = 3, ENTROPY),
	ROW(MIGRATE, VP_FLUSH, ENTROPY),
	ROW(FINALIZE, MR_FINALIZE, ENTROPY),
	ROW(HOLE_FINAL, MEM_TRACK, ENTROPY),
	ROW(HOLE_FINAL, PHYMEM_PAGE_WBINVD, ENTROPY),
	ROW(DESTROY, VP_FLUSH, ENTROPY_GONE),
	ROW(DESTROY, MNG_VPFLUSHDONE, ENTROPY_GONE),
	ROW(DESTROY, PHYMEM_CACHE_WB, ENTROPY_GONE),
	ROW(DESTROY, MNG_KEY_FREEID, ENTROPY_GONE),
};

/* Writing back caches takes long: it is resumed until it is done. */
static const struct fail_row interrupted[] = {
	ROW(DESTROY, PHYMEM_CACHE_WB, .set = SET_NONE, .times = 1,
	    .status = ST_INTERRUPTED, .calls = CALLS_REPEAT,
	    .fate = FATE_GONE_SILENTLY),
	ROW(DESTROY_EMPTY, PHYMEM_CACHE_WB, .set = SET_NONE, .times = 1000,
	    .status = ST_INTERRUPTED, .calls = CALLS_REPEAT,
	    .fate = FATE_GONE_SILENTLY),
};

void seamcall_busy_is_retried(const struct subtest_args *args)
{
	fail_begin();
	FAIL_ROWS(busy_adds);
	FAIL_ROWS(busy_zaps);
	FAIL_ROWS(busy_enters);
	FAIL_ROWS(no_entropy);
	FAIL_ROWS(interrupted);
	fail_end();
}

#define LIVES(_status)	.set = SET_NONE, .status = (_status), \
			.fate = FATE_LIVES
#define NO_KEY(_nth)	.nth = (_nth), LIVES(ST_ENTROPY), .ret = EAGAIN
#define OPERAND(n)	LIVES(0xC000010000000000ull | (n)), .ret = EINVAL, \
			.hw_error = true

/* Entropy for the key that is not had in ten tries, and operands. */
static const struct fail_row creation[] = {
	ROW(INIT_VM, MNG_CREATE, NO_KEY(1)),
	ROW(INIT_VM, MNG_ADDCX, NO_KEY(1)),
	ROW(INIT_VM, MNG_ADDCX, NO_KEY(4)),
	ROW(INIT_VM, MNG_ADDCX, NO_KEY(6)),
	ROW(INIT_VM, MNG_INIT, OPERAND(0)),
	ROW(INIT_VM, MNG_INIT, OPERAND(2)),
	ROW(INIT_VM, MNG_INIT, OPERAND(64)),	/* ATTRIBUTES */
	ROW(INIT_VM, MNG_INIT, OPERAND(65)),	/* XFAM */
	ROW(INIT_VM, MNG_INIT, OPERAND(69)),	/* CPUID_CONFIG */
};

/* The TSC's offset and multiplier are taken to be 0 then. */
static const struct fail_row reads[] = {
	ROW(INIT_VM, MNG_RD, LIVES(ST_BUSY), .calls = CALLS_GO_ON),
	ROW(INIT_VM, MNG_RD, .nth = 2, LIVES(ST_FATAL), .calls = CALLS_GO_ON),
	ROW(CPUID, MNG_RD, LIVES(ST_BUSY), .ret = EIO, .calls = CALLS_ANY),
	ROW(CPUID, MNG_RD, LIVES(ST_FATAL), .ret = EIO, .calls = CALLS_ANY),
};

static const struct fail_row finalize[] = {
	ROW(FINALIZE, MR_FINALIZE, LIVES(ST_BUSY), .ret = EBUSY,
	    .hw_error = true),
};

void seamcall_fails_and_td_lives(const struct subtest_args *args)
{
	fail_begin();
	FAIL_ROWS(creation);
	FAIL_ROWS(reads);
	FAIL_ROWS(finalize);
	fail_end();
}
