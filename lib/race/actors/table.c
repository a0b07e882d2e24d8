// SPDX-License-Identifier: GPL-2.0-only
/* The actors: name, description, needs, fixture, functions. */
#include "fixture.h"
#include "kvm/suite.h"

#define NORMAL	(NEEDS(KVM) | NEEDS(GMEM_SHARED))
/* With another VM's memory in the same fixture. */
#define TD	(NEEDS(KVM) | NEEDS(STATS) | NEEDS(GMEM) | NEEDS(TDX) | \
		 NEEDS(PRIVATE) | NEEDS(GMEM_SHARED))
#define IN_PLACE	(NEEDS(KVM) | NEEDS(GMEM) | NEEDS(IN_PLACE))
#define PRIVATE	(NEEDS(KVM) | NEEDS(GMEM) | NEEDS(PRIVATE))

/* KVM_TDX_INIT_MEM_REGION, by its source. */
#define INIT_MEM(kind, from, more)					\
	{								\
		.name = "init_mem_" kind,				\
		.what = "KVM_TDX_INIT_MEM_REGION from " from,		\
		.needs = TD | (more),					\
		.fixture = FIXTURE_TD,					\
		.step = source_add,					\
		.setup = source_start, .teardown = source_end,		\
	}

/* The lane of an actor is its place in this table: append new ones. */
const struct actor actors[] = {
	{
		.name = "user_write",
		.what = "write faults, writes patterns",
		.needs = NORMAL,
		.fixture = FIXTURE_NORMAL,
		.step = user_write,
		.setup = words_alloc, .teardown = data_free,
	},
	{
		.name = "user_read",
		.what = "read faults, checks what the others wrote",
		.needs = NORMAL,
		.fixture = FIXTURE_NORMAL,
		.step = user_read,
	},
	{
		.name = "user_dontneed",
		.what = "MADV_DONTNEED and refault",
		.needs = NORMAL,
		.fixture = FIXTURE_NORMAL,
		.step = user_dontneed,
		.setup = words_alloc, .teardown = data_free,
	},
	{
		.name = "user_protect",
		.what = "mprotect of its own mapping, and touches",
		.needs = NORMAL,
		.fixture = FIXTURE_NORMAL,
		.step = user_protect,
		.setup = user_map, .teardown = user_unmap,
	},
	{
		.name = "user_remap",
		.what = "mmap, mremap, munmap, touched in between",
		.needs = NORMAL,
		.fixture = FIXTURE_NORMAL,
		.step = user_remap,
	},
	{
		.name = "user_fork",
		.what = "a child process that touches pages and exits",
		.needs = NORMAL,
		.fixture = FIXTURE_NORMAL,
		.step = user_fork,
		.period_us = 2000, .bias_us = 1000,
	},
	{
		.name = "punch_hole",
		.what = "holes in the guest_memfd",
		.needs = NORMAL,
		.fixture = FIXTURE_NORMAL,
		.step = gmem_hole,
		.period_us = 200, .bias_us = 200,
	},
	{
		.name = "fallocate",
		.what = "allocates pages of the guest_memfd",
		.needs = NORMAL,
		.fixture = FIXTURE_NORMAL,
		.step = gmem_allocate,
		.period_us = 200, .bias_us = 200,
	},
	{
		.name = "truncate",
		.what = "sizes and holes that must be refused",
		.needs = NORMAL,
		.fixture = FIXTURE_NORMAL,
		.step = gmem_truncate,
		.period_us = 200, .bias_us = 200,
	},
	{
		.name = "gmem_life",
		.what = "guest_memfds created, bound, mapped, closed",
		.needs = NORMAL,
		.fixture = FIXTURE_NORMAL,
		.step = gmem_life,
	},
	{
		.name = "slot_add_delete",
		.what = "adds and deletes a memslot on the guest_memfd",
		.needs = NORMAL,
		.fixture = FIXTURE_NORMAL,
		.step = slot_add_delete,
		.period_us = 500, .bias_us = 500,
	},
	{
		.name = "slot_move",
		.what = "moves a memslot on the mapping; on the file: refused",
		.needs = NORMAL,
		.fixture = FIXTURE_NORMAL,
		.step = slot_move,
		.period_us = 500, .bias_us = 500,
	},
	{
		.name = "dirty_log",
		.what = "dirty logging on, read, off",
		.needs = NORMAL,
		.fixture = FIXTURE_NORMAL,
		.step = slot_dirty_log,
		.period_us = 500, .bias_us = 500,
	},
	{
		.name = "vcpu_run",
		.what = "a guest that checks and writes patterns",
		.needs = NORMAL,
		.fixture = FIXTURE_NORMAL,
		.step = vcpu_runs,
	},
	{
		.name = "vcpu_signals",
		.what = "the same, KVM_RUN interrupted by signals",
		.needs = NORMAL,
		.fixture = FIXTURE_NORMAL,
		.step = vcpu_signalled,
		.setup = vcpu_timer, .teardown = vcpu_timer_free,
	},
	{
		.name = "prefault",
		.what = "KVM_PRE_FAULT_MEMORY",
		.needs = NORMAL | NEEDS(PREFAULT),
		.fixture = FIXTURE_NORMAL,
		.step = vcpu_prefaults,
	},
	{
		.name = "process_vm",
		.what = "process_vm_readv and _writev",
		.needs = NORMAL | NEEDS(PROCESS_VM),
		.flags = ACTOR_COPIES,
		.fixture = FIXTURE_NORMAL,
		.step = copy_process_vm,
	},
	{
		.name = "vmsplice",
		.what = "pages held by a pipe",
		.needs = NORMAL,
		.fixture = FIXTURE_NORMAL,
		.step = copy_vmsplice,
		.setup = copy_pipe, .teardown = copy_pipe_free,
	},
	{
		.name = "uring_fixed",
		.what = "fixed buffers registered, read and written through",
		.needs = NORMAL | NEEDS(IO_URING),
		.flags = ACTOR_COPIES,
		.fixture = FIXTURE_NORMAL,
		.step = uring_fixed,
		.setup = uring_start, .teardown = uring_end,
	},
	{
		.name = "mbind",
		.what = "NUMA policies set, and first touches under them",
		.needs = NORMAL | NEEDS(MEMPOLICY),
		.fixture = FIXTURE_NORMAL,
		.step = policy_sets,
	},
	{
		.name = "move_pages",
		.what = "move_pages() to each node",
		.needs = NORMAL | NEEDS(MEMPOLICY),
		.fixture = FIXTURE_NORMAL,
		.step = policy_moves,
	},
	{
		.name = "migrate",
		.what = "migrate_pages() of the process to another node",
		.needs = NORMAL | NEEDS(MEMPOLICY),
		.fixture = FIXTURE_NORMAL,
		.step = policy_migrates,
		.period_us = 5000, .bias_us = 5000,
	},
	{
		.name = "private_run",
		.what = "a guest whose memory is converted while it runs",
		.needs = PRIVATE,
		.fixture = FIXTURE_PRIVATE,
		.step = private_runs,
	},
	{
		.name = "private_convert",
		.what = "KVM_SET_MEMORY_ATTRIBUTES, private and shared",
		.needs = PRIVATE,
		.fixture = FIXTURE_PRIVATE,
		.step = private_converts,
		.period_us = 200, .bias_us = 200,
	},
	{
		.name = "private_punch",
		.what = "holes in its guest_memfd",
		.needs = PRIVATE,
		.fixture = FIXTURE_PRIVATE,
		.step = private_hole,
		.period_us = 200, .bias_us = 200,
	},
	{
		.name = "private_prefault",
		.what = "KVM_PRE_FAULT_MEMORY of its memory",
		.needs = PRIVATE | NEEDS(PREFAULT),
		.fixture = FIXTURE_PRIVATE,
		.step = private_prefaults,
	},
	{
		.name = "hwpoison",
		.what = "MADV_HWPOISON of a guest_memfd's page, then a hole",
		.needs = NORMAL | NEEDS(POISON),
		.flags = ACTOR_HURTS,
		.fixture = FIXTURE_NORMAL,
		.step = poison_hard,
		.setup = poison_start, .teardown = poison_end,
		.period_us = 5000, .bias_us = 5000,
	},
	{
		.name = "soft_offline",
		.what = "MADV_SOFT_OFFLINE of a guest_memfd's page",
		.needs = NORMAL | NEEDS(POISON),
		.flags = ACTOR_HURTS,
		.fixture = FIXTURE_NORMAL,
		.step = poison_soft,
		.setup = poison_start, .teardown = poison_end,
		.period_us = 5000, .bias_us = 5000,
	},
	INIT_MEM("anon", "anonymous memory", 0),
	INIT_MEM("untouched", "memory not faulted yet", 0),
	INIT_MEM("thp", "a transparent huge page", NEEDS(THP)),
	INIT_MEM("hugetlb", "hugetlb", NEEDS(HUGETLB)),
	INIT_MEM("shmem", "shared memory with holes", 0),
	INIT_MEM("file", "a file's page cache", 0),
	INIT_MEM("uffd", "memory whose faults a userfaultfd delays", NEEDS(UFFD)),
	INIT_MEM("gmem", "another VM's shared guest_memfd", 0),
	{
		.name = "td_punch",
		.what = "holes in the guest_memfd of a TD being built",
		.needs = TD,
		.fixture = FIXTURE_TD,
		.step = td_hole,
		.period_us = 500, .bias_us = 500,
	},
	{
		.name = "td_life",
		.what = "TDs created, filled, finalized or not, destroyed",
		.needs = TD,
		.fixture = FIXTURE_TD,
		.step = td_lives,
	},
	{
		.name = "td_run",
		.what = "a TD that runs, accepts and converts its memory",
		.needs = TD,
		.fixture = FIXTURE_TD,
		.step = td_runs_on,
		.setup = td_run_start, .teardown = td_run_end,
	},
	{
		.name = "control_one",
		.what = "control: harmless, unless beside control_other",
		.needs = NORMAL,
		.flags = ACTOR_CONTROL,
		.fixture = FIXTURE_NORMAL,
		.step = control_one,
	},
	{
		.name = "control_other",
		.what = "control: fails beside control_one",
		.needs = NORMAL,
		.flags = ACTOR_CONTROL,
		.fixture = FIXTURE_NORMAL,
		.step = control_other,
	},
	{
		.name = "control_stalls",
		.what = "control: a step never returns",
		.needs = NORMAL,
		.flags = ACTOR_CONTROL,
		.fixture = FIXTURE_NORMAL,
		.step = control_stalls,
	},
	{
		.name = "control_starves",
		.what = "control: every step misses",
		.needs = NORMAL,
		.flags = ACTOR_CONTROL,
		.fixture = FIXTURE_NORMAL,
		.step = control_starves,
	},
	{
		.name = "control_errno",
		.what = "control: gets an errno that is not allowed",
		.needs = NORMAL,
		.flags = ACTOR_CONTROL,
		.fixture = FIXTURE_NORMAL,
		.step = control_errno,
	},
	{
		.name = "control_strays",
		.what = "control: writes in another actor's lane",
		.needs = NORMAL,
		.flags = ACTOR_CONTROL,
		.fixture = FIXTURE_NORMAL,
		.step = control_strays,
	},
	{
		.name = "control_leaks",
		.what = "control: leaves files open",
		.needs = NORMAL,
		.flags = ACTOR_CONTROL,
		.fixture = FIXTURE_NORMAL,
		.step = control_leaks,
	},
	{
		.name = "control_dies",
		.what = "control: fails an assertion",
		.needs = NORMAL,
		.flags = ACTOR_CONTROL,
		.fixture = FIXTURE_NORMAL,
		.step = control_dies,
	},
	{
		.name = "in_place_run",
		.what = "a guest whose memory is converted in place",
		.needs = IN_PLACE,
		.fixture = FIXTURE_IN_PLACE,
		.step = in_place_runs,
	},
	{
		.name = "in_place_convert",
		.what = "KVM_SET_MEMORY_ATTRIBUTES2, private and shared",
		.needs = IN_PLACE,
		.fixture = FIXTURE_IN_PLACE,
		.step = in_place_converts,
		.period_us = 200, .bias_us = 200,
	},
	{
		.name = "in_place_touch",
		.what = "the host accesses the same memory",
		.needs = IN_PLACE,
		.fixture = FIXTURE_IN_PLACE,
		.step = in_place_touches,
	},
	{
		.name = "in_place_punch",
		.what = "holes in the same memory",
		.needs = IN_PLACE,
		.fixture = FIXTURE_IN_PLACE,
		.step = in_place_hole,
		.period_us = 200, .bias_us = 200,
	},
	{
		.name = "in_place_pin",
		.what = "its pages as fixed buffers of io_uring",
		.needs = IN_PLACE | NEEDS(IO_URING),
		.flags = ACTOR_COPIES,
		.fixture = FIXTURE_IN_PLACE,
		.step = uring_fixed,
		.setup = uring_start, .teardown = uring_end,
		.period_us = 200, .bias_us = 200,
	},
	{
		.name = "uring_held",
		.what = "fixed buffers of a memslot's memory before a write",
		.needs = NORMAL | NEEDS(IO_URING) | NEEDS(UFFD),
		.fixture = FIXTURE_NORMAL,
		.step = uring_held,
		.setup = uring_held_start, .teardown = uring_held_end,
	},
	{
		.name = "uffd_protect",
		.what = "UFFDIO_WRITEPROTECT of a memslot's memory",
		.needs = NORMAL | NEEDS(UFFD),
		.fixture = FIXTURE_NORMAL,
		.step = uffd_protect,
		.setup = uffd_protect_start, .teardown = uffd_protect_end,
	},
	{
		.name = "uffd_gmem",
		.what = "UFFDIO_WRITEPROTECT of its own mapping, and writes",
		.needs = NORMAL | NEEDS(UFFD_ASYNC),
		.fixture = FIXTURE_NORMAL,
		.step = uffd_gmem,
		.setup = uffd_gmem_start, .teardown = uffd_gmem_end,
	},
};

const unsigned int nr_actors = ARRAY_SIZE(actors);

void actors_list(void)
{
	char needs[256];
	unsigned int i;

	for (i = 0; i < nr_actors; i++) {
		needs_names(kvm_needs, NR_KVM_NEEDS, actors[i].needs, needs,
			    sizeof(needs));
		printf("%-20s %s\n%-20s   needs: %s%s\n", actors[i].name,
		       actors[i].what, "", needs,
		       actors[i].flags & ACTOR_HURTS ?
		       "; may hurt the machine: by name, or in the lab's pairs" :
		       actors[i].flags & ACTOR_CONTROL ?
		       "; fails on purpose, only by name" : "");
	}
}
