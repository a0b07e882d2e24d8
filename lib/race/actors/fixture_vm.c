// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guests in memory that is added, removed and changed while they run. Without a
 * memslot they read zeros by MMIO, and their writes are lost; so all that they
 * find is zero or a pattern.
 */
#include <errno.h>
#include <string.h>

#include "fixture_vm.h"
#include "base/pattern.h"
#include "race/engine.h"
#include "ucall_common.h"

#define PAGES_A_SYNC	8

/* The lane of the guest on vCPU @vcpu, after those of all actors. */
#define GUEST_LANE(vcpu)	(PATTERN_LANES - NR_VCPUS + (vcpu))

static struct fixture_map guest_map;

static u64 file_page(u64 page)
{
	if (page < guest_map.file_pages)
		return page;
	page = (page - guest_map.file_pages) % guest_map.last;
	return guest_map.file_pages - guest_map.last + page;
}

/* Runs in the guest. Plain moves, as KVM has to emulate them as MMIO. */
static void guest_code(u64 gva, u32 lane)
{
	u32 memory = guest_map.memory, seed;
	volatile u64 *word;
	u64 i, at, old;

	for (seed = 1;; seed++) {
		for (i = 0; i < guest_map.pages; i++) {
			at = file_page(i);
			word = (u64 *)(gva + i * PAGE_SIZE) + lane;
			old = *word;
			__GUEST_ASSERT(pattern_valid(old, memory, at, lane),
				       "page %lu of memory %u, lane %u: 0x%lx is neither zero nor a pattern of this place",
				       at, memory, lane, old);
			*word = pattern_make(seed ?: 1, memory, at, lane);
			if (i % PAGES_A_SYNC == PAGES_A_SYNC - 1)
				GUEST_SYNC(seed);
		}
	}
}

void fixture_vm_create(struct fixture_vm *a, struct vm_shape shape, u64 pages,
		     const struct fixture_map *map)
{
	unsigned int i;

	a->vm = __vm_create_with_vcpus(shape, NR_VCPUS, pages, guest_code,
				       a->vcpus);
	virt_map(a->vm, NORMAL_GPA, NORMAL_GPA, pages);
	for (i = 0; i < NR_VCPUS; i++)
		vcpu_args_set(a->vcpus[i], 2, NORMAL_GPA, GUEST_LANE(i));
	guest_map = *map;
	sync_global_to_guest(a->vm, guest_map);
}

/* A guest's assertion, as text. */
static int guest_failed(struct act *act, struct ucall *uc)
{
	return act_fail(act, -EILSEQ, "guest: %s", uc->buffer);
}

static int handle_exit(struct act *act, struct kvm_vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;
	struct ucall uc;

	switch (get_ucall(vcpu, &uc)) {
	case UCALL_SYNC:
		return 0;
	case UCALL_ABORT:
		return guest_failed(act, &uc);
	case UCALL_NONE:
		break;
	default:
		return act_fail(act, -EPROTO, "ucall %lu", uc.cmd);
	}

	if (run->exit_reason != KVM_EXIT_MMIO)
		return act_fail(act, -EPROTO, "KVM_RUN: exit %u (%s)",
				run->exit_reason,
				exit_reason_str(run->exit_reason));
	if (!run->mmio.is_write)
		memset(run->mmio.data, 0, sizeof(run->mmio.data));
	return RACE_MISSED;
}

int fixture_vm_run(struct act *act, struct fixture_vm *a, unsigned int vcpu,
	      bool converts)
{
	struct kvm_run *run = a->vcpus[vcpu]->run;
	int ret = __vcpu_run(a->vcpus[vcpu]);

	if (ret && errno == EFAULT && converts &&
	    run->exit_reason == KVM_EXIT_MEMORY_FAULT)
		return RACE_MISSED;
	/* A poisoned page, which the actor that made it frees again. */
	ret = ACT_CALL(act, "KVM_RUN", ret, EINTR, EAGAIN, EHWPOISON);
	return ret ?: handle_exit(act, a->vcpus[vcpu]);
}
