/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shared by the subtests that fault, convert and free a running TD's memory: a
 * page that both sides write without exits, a barrier of vCPUs, and a watchdog
 * that names the GPA at which a vCPU is stuck.
 */
#ifndef SUBTESTS_TDX_GUEST_TD_H
#define SUBTESTS_TDX_GUEST_TD_H

#include <pthread.h>

#include "tdx/guest.h"
#include "tdx/vm.h"

#define GUEST_VCPUS_MAX	4u

/* Apart from the tests' areas, in the same GiB. */
#define GUEST_CTL_GPA	(TD_GPA + 0x3f000000)

/* In shared memory, in both directions. */
struct guest_ctl {
	u64 at[GUEST_VCPUS_MAX];	/* GPA that it is touching, 0: none */
	u64 guest[GUEST_VCPUS_MAX];	/* each vCPU's word to the host */
	u64 host;			/* the host's to all of them */
	/* Of both sides, to check that they share this memory. */
	u64 hello_guest[GUEST_VCPUS_MAX], hello_host;
};

/* ---- the host's side ----------------------------------------------------- */

struct guest_td {
	struct td_vm *tv;
	struct kvm_vm *vm;
	unsigned int nr_vcpus;
	struct td_area ctl_area;
	struct guest_ctl *ctl;
	pthread_t watch;
	bool ended;
};

/* As many vCPUs as possible, GUEST_VCPUS_MAX at most. */
unsigned int guest_td_vcpus(void);

/*
 * td_new(); the caller adds areas and arguments. Each vCPU enters @guest after
 * it has found the host's word in struct guest_ctl; guest_td_end() checks those
 * of the vCPUs.
 */
void guest_td_new(struct guest_td *g, unsigned int nr_vcpus, void *guest,
		  u64 attributes);
/* td_load(), td_finalize(), and the watchdog. */
void guest_td_start(struct guest_td *g);
void guest_td_end(struct guest_td *g);

/* All mapped pages by KVM's counts, in 4 KiB. */
u64 guest_td_mapped(struct guest_td *g);

/* Set the host's word; wait until all vCPUs, or one, have set @value. */
void guest_td_say(struct guest_td *g, u64 value);
void guest_td_wait(struct guest_td *g, u64 value);
void guest_td_wait_for(struct guest_td *g, unsigned int vcpu, u64 value);

/* @e is a memory fault of one page, @gpa; @what is for the message. */
void guest_td_assert_fault(struct guest_td *g, unsigned int vcpu,
			   const struct td_exit *e, gpa_t gpa, bool private,
			   const char *what);

/* The area's userspace memory at @gpa, and what it must hold. */
void *area_hva(const struct td_area *area, gpa_t gpa);
void area_write(const struct td_area *area, gpa_t gpa, u64 pages, u16 salt);
void area_check(const struct td_area *area, gpa_t gpa, u64 pages, u16 salt,
		const char *when);

/*
 * The guest of @tv makes a GUEST_SYNC and then loops: a signal still ends
 * KVM_RUN of vCPU 0, and @tv is ended.
 */
void td_kicked_out(struct td_vm *tv);

/* ---- the guest's side ---------------------------------------------------- */

static inline struct guest_ctl *guest_ctl(void)
{
	return td_shared(GUEST_CTL_GPA);
}

/* For the watchdog: this vCPU is at @gpa now. */
static inline void guest_at(unsigned int vcpu, gpa_t gpa)
{
	WRITE_ONCE(guest_ctl()->at[vcpu], gpa);
}

static inline void guest_say(unsigned int vcpu, u64 value)
{
	__atomic_store_n(&guest_ctl()->guest[vcpu], value, __ATOMIC_RELEASE);
}

/* Read the host's word without an exit. */
static inline u64 guest_heard(void)
{
	return __atomic_load_n(&guest_ctl()->host, __ATOMIC_ACQUIRE);
}

static inline void guest_wait(u64 value)
{
	while (guest_heard() != value)
		cpu_relax();
}

/* Wait for all @nr vCPUs. */
void guest_meet(unsigned int nr);

#endif
