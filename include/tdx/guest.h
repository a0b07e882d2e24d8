/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Guest code of a TD: what a guest function of a subtest is built on. It is an
 * ordinary guest function of a KVM selftest: GUEST_ASSERT(), GUEST_SYNC(),
 * GUEST_PRINTF() and GUEST_DONE() work as in any VM, and so do port I/O, HLT,
 * CPUID, RDMSR and WRMSR, which come as #VE and are turned into TDVMCALLs. It
 * must not return: it ends with GUEST_DONE(), and a return is reported.
 *
 *	static void guest(u64 pages)
 *	{
 *		td_accept(TD_GPA, pages * PAGE_SIZE, NULL);
 *		*(u64 *)td_private(TD_GPA) = 1;
 *		GUEST_DONE();
 *	}
 *
 * Where a guest function runs: td_start() of tdx/vm.h. Two underscores in a
 * name mean that it returns a status where the other asserts success.
 */
#ifndef TDX_GUEST_H
#define TDX_GUEST_H

#include "apic.h"
#include "tdx/abi/cpuid.h"
#include "tdx/guest_code/tdcall.h"
#include "tdx/guest_code/tdvmcall.h"
#include "tdx/guest_code/ve.h"
#include "ucall_common.h"

/* The bit of a GPA that makes it shared with the VMM. */
#define TD_SHARED		BIT_ULL(TDX_GPA_WIDTH - 1)

/* The bit of a guest virtual address that maps the same GPA as shared. */
#define TD_SHARED_ALIAS		BIT_ULL(46)

/*
 * The guest's two views of @gpa in an area of tdx/vm.h: as private and as
 * shared memory. Both are always mapped; by its memory attributes the VMM backs
 * one of them.
 */
static inline void *td_private(u64 gpa)
{
	return (void *)gpa;
}

static inline void *td_shared(u64 gpa)
{
	return (void *)(gpa | TD_SHARED_ALIAS);
}

/* The private GPA of guest memory in an area; @p is in either view. */
static inline u64 td_gpa(const void *p)
{
	return (u64)p & ~TD_SHARED_ALIAS;
}

/*
 * Let the VMM deliver interrupts to this vCPU's local APIC, x2APIC from the
 * start. Handlers are those of vm_install_exception_handler() and end with
 * x2apic_write_reg(APIC_EOI, 0); writing APIC_ICR sends IPIs.
 */
void td_apic_enable(void);

/* Number of this vCPU in its TD, from 0 in the order of creation. */
unsigned int td_vcpu_index(void);

/*
 * One page, with the status of tdg_mem_page_accept(). Another vCPU or the host
 * may use the same S-EPT entry: the module does not wait then, but is BUSY.
 */
static inline u64 td_accept_page(u64 gpa, unsigned int level)
{
	u64 status;

	do {
		status = tdg_mem_page_accept(gpa, level);
	} while (tdx_status(status) == TDX_OPERAND_BUSY);
	return status;
}

/*
 * Accept private memory: as 2 MiB pages where @gpa and @size allow it and the
 * VMM has mapped it so, otherwise as 4 KiB pages. It is zero afterwards. The
 * raw one stops at the first status that is not 0, also at
 * PAGE_ALREADY_ACCEPTED.
 */
struct td_accepted {
	u64 pages_4k;
	u64 pages_2m;
	u64 mismatches;		/* 2 MiB tried, found mapped as 4 KiB pages */
	u64 gpa;		/* where it stopped */
};

u64 __td_accept(u64 gpa, u64 size, struct td_accepted *done);
void td_accept(u64 gpa, u64 size, struct td_accepted *done);

/*
 * Share memory, or make it private again, by MapGPA; goes on after RETRY. The
 * caller accepts new private memory.
 */
u64 __td_share(u64 gpa, u64 size);
u64 __td_unshare(u64 gpa, u64 size);
void td_share(u64 gpa, u64 size);
void td_unshare(u64 gpa, u64 size);

#endif
