// SPDX-License-Identifier: GPL-2.0-only
/*
 * SEAMCALLs that fail while a TD is built, and kill it: KVM_BUG_ON(), and from
 * there on nothing but EIO. What the TD had got is given back at its end.
 */
#include <errno.h>

#include "inject.h"

#define STATUS(_status)	.set = SET_NONE, .status = (_status)

#define HKID_NOT_FREE	0xC000082000000000ull
#define NO_VCPUS	0xC000060900000000ull

#define EIO_END		.ret = EIO, .calls = CALLS_END

static const struct fail_row creation[] = {
	ROW(INIT_VM, MNG_CREATE, EIO_END, .set = SET_NOT_ENTROPY),
	ROW(INIT_VM, MNG_CREATE, EIO_END, STATUS(HKID_NOT_FREE)),
	ROW(INIT_VM, MNG_KEY_CONFIG, EIO_END),
	ROW(INIT_VM, MNG_KEY_CONFIG, .nth = 2, EIO_END, STATUS(ST_BUSY)),
	ROW(INIT_VM, MNG_ADDCX, EIO_END, .set = SET_NOT_ENTROPY),
	ROW(INIT_VM, MNG_ADDCX, .nth = 2, EIO_END, STATUS(ST_BUSY)),
	ROW(INIT_VM, MNG_ADDCX, .nth = 3, EIO_END, STATUS(ST_INVALID)),
	ROW(INIT_VM, MNG_ADDCX, .nth = 4, EIO_END, STATUS(ST_METADATA)),
	ROW(INIT_VM, MNG_ADDCX, .nth = 5, EIO_END, STATUS(ST_FATAL)),
	ROW(INIT_VM, MNG_ADDCX, .nth = 6, EIO_END, STATUS(ST_NO_ERROR)),
	ROW(INIT_VM, MNG_INIT, EIO_END, .set = SET_NOT_INVALID),
};

void seamcall_fails_in_creation(const struct subtest_args *args)
{
	fail_begin();
	FAIL_ROWS(creation);
	fail_end();
}

/*
 * KVM_TDX_INIT_VCPU returns 0 when TDH.VP.WR has failed and the VM is dead:
 * tdh_vp_wr_failed() has no way to say it.
 */
#define WR_GO_ON	.calls = CALLS_GO_ON

static const struct fail_row vcpu_init[] = {
	ROW(INIT_VCPU, VP_CREATE, EIO_END),
	ROW(INIT_VCPU, VP_ADDCX, EIO_END),
	ROW(INIT_VCPU, VP_ADDCX, .nth = 2, EIO_END, STATUS(ST_BUSY)),
	ROW(INIT_VCPU, VP_ADDCX, .nth = 3, EIO_END, STATUS(ST_INVALID)),
	ROW(INIT_VCPU, VP_ADDCX, .nth = 4, EIO_END, STATUS(ST_METADATA)),
	ROW(INIT_VCPU, VP_ADDCX, .nth = 5, EIO_END, STATUS(ST_FATAL)),
	ROW(INIT_VCPU, VP_INIT, EIO_END),
	ROW(INIT_VCPU, VP_WR, WR_GO_ON),
	ROW(INIT_VCPU, VP_WR, .nth = 2, WR_GO_ON, STATUS(ST_BUSY)),
	ROW(INIT_VCPU, VP_WR, .nth = 3, WR_GO_ON, STATUS(ST_FATAL)),
	ROW(INIT_VCPU_1, VP_CREATE, EIO_END, STATUS(ST_BUSY)),
	ROW(INIT_VCPU_1, VP_ADDCX, .nth = 3, EIO_END, STATUS(ST_METADATA)),
	ROW(INIT_VCPU_1, VP_INIT, EIO_END, STATUS(ST_INVALID)),
	ROW(INIT_VCPU_1, VP_WR, .nth = 2, WR_GO_ON, STATUS(ST_BUSY)),
};

void seamcall_fails_in_vcpu_init(const struct subtest_args *args)
{
	fail_begin();
	FAIL_ROWS(vcpu_init);
	fail_end();
}

/* How far it came: one page of secure EPT for each SEPT.ADD that worked. */
static const struct fail_row adds[] = {
	/* SHARED_EPT_POINTER, when the vCPU gets its first root. */
	ROW(ADD, VP_WR, EIO_END, STATUS(ST_INVALID)),
	ROW(ADD, MEM_SEPT_ADD, EIO_END, .set = SET_NOT_BUSY),
	ROW(ADD, MEM_SEPT_ADD, .nth = 2, EIO_END, STATUS(ST_METADATA),
	    .ept = 1),
	ROW(ADD, MEM_SEPT_ADD, .nth = 3, EIO_END, STATUS(ST_FATAL), .ept = 2),
	ROW(ADD, MEM_PAGE_ADD, EIO_END, .set = SET_NOT_BUSY, .ept = 3),
	ROW(ADD, MEM_PAGE_ADD, .nth = 3, EIO_END, STATUS(ST_INVALID),
	    .added = 2, .ept = 3, .reg = 2),
	/* Busy or not; the page itself is there. */
	ROW(ADD, MR_EXTEND, EIO_END, .ept = 3, .reg = 1),
	ROW(ADD, MR_EXTEND, .nth = 16, EIO_END, STATUS(ST_BUSY), .ept = 3,
	    .reg = 1),
	ROW(ADD, MR_EXTEND, .nth = 17, EIO_END, STATUS(ST_INVALID),
	    .added = 1, .ept = 3, .reg = 2),
	ROW(ADD, MR_EXTEND, .nth = 48, EIO_END, STATUS(ST_FATAL), .added = 2,
	    .ept = 3, .reg = 3),
};

static const struct fail_row finalize[] = {
	ROW(FINALIZE, MR_FINALIZE, EIO_END, .set = SET_NOT_BUSY,
	    .hw_error = true),
	ROW(FINALIZE, MR_FINALIZE, EIO_END, STATUS(NO_VCPUS),
	    .hw_error = true),
};

/*
 * Of a private EPT violation. Not of KVM_PRE_FAULT_MEMORY: up to 7.3.4 the EIO
 * of a VM that was killed meets a WARN_ON_ONCE() in kvm_vcpu_pre_fault_memory()
 * (virt/kvm/kvm_main.c), which would not be the one that is announced.
 */
static const struct fail_row violations[] = {
	ROW(AUG, MEM_SEPT_ADD, EIO_END, STATUS(ST_METADATA)),
	ROW(AUG, MEM_SEPT_ADD, .nth = 2, EIO_END, STATUS(ST_FATAL)),
	ROW(AUG, MEM_PAGE_AUG, EIO_END, .set = SET_NOT_BUSY),
};

/* A CPUID leaf of which the first half was read. */
static const struct fail_row cpuid_reads[] = {
	ROW(CPUID, MNG_RD, .nth = 2, .ret = EIO, .calls = CALLS_ANY,
	    STATUS(ST_BUSY), .fate = FATE_LIVES_WARNS),
};

void seamcall_fails_in_build(const struct subtest_args *args)
{
	fail_begin();
	FAIL_ROWS(adds);
	FAIL_ROWS(finalize);
	FAIL_ROWS(violations);
	FAIL_ROWS(cpuid_reads);
	fail_end();
}
