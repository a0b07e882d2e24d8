/* SPDX-License-Identifier: GPL-2.0-only */
/* What the test programs that use KVM share: needs, set-up, hooks, sources. */
#ifndef KVM_SUITE_H
#define KVM_SUITE_H

#include "host/misc_cg.h"
#include "runner/suite.h"

enum kvm_need {
	NEED_KVM,		/* /dev/kvm, and what libkvm reads */
	NEED_STATS,		/* binary statistics of a VM */
	NEED_GMEM,		/* guest_memfd */
	NEED_GMEM_SHARED,	/* guest_memfd with MMAP and INIT_SHARED */
	NEED_TDX,		/* VMs of type TDX */
	NEED_PRIVATE,		/* KVM_SET_MEMORY_ATTRIBUTES takes PRIVATE */
	NEED_SOFTTDX,		/* softtdx as TDX module, seen in debugfs */
	NEED_WARN,		/* a WARN of KVM may be provoked: announce.h */
	NEED_WARN_EXIT,		/* ... of KVM, at exits not expected */
	NEED_WARN_HOST,		/* ... of the TDX host code below KVM */
	NEED_WARN_CGROUP,	/* ... of the misc cgroup */
	NEED_CPU_HOTPLUG,	/* CPUs may be taken offline */
	NEED_UFFD,		/* userfaultfd for faults of the kernel, too */
	NEED_UFFD_ASYNC,	/* ... that protects memory of any type */
	NEED_FREE_PAGES,	/* a few lost pages can be detected */
	NEED_PREFAULT,		/* KVM_PRE_FAULT_MEMORY */
	NEED_MEMPOLICY,		/* NUMA policies, even for one node */
	NEED_TWO_NODES,		/* two nodes with memory */
	NEED_IO_URING,		/* io_uring, and a page registered with it */
	NEED_PROCESS_VM,	/* process_vm_readv() */
	NEED_HUGETLB,		/* a 2M page of the pool */
	NEED_THP,		/* transparent huge pages on request */
	NEED_POISON,		/* MADV_HWPOISON */
	NEED_FILL_NODE,		/* the memory of a node may be used up */
	NEED_CONVERT,		/* pages of a VM become private and shared */
	NEED_IN_PLACE,		/* ... of one guest_memfd, in place */
	NEED_GUP_TEST,		/* gup_test in debugfs */
	NEED_LOSE_PAGES,	/* pages may be poisoned, MADV_HWPOISON */
	NEED_PAGEMAP,		/* page frame numbers in /proc/self/pagemap */
	NR_KVM_NEEDS,
};

#define NEEDS(need)	(1ull << NEED_##need)

_Static_assert(NR_KVM_NEEDS <= NEEDS_MAX, "a mask of needs has 64 bits");

/* Subtests with NEED_WARN_CGROUP may create it; the runner removes it. */
#define KVM_SUITE_CGROUP	CGROUP_DIR "/kvm-gmem"

extern const struct need kvm_needs[NR_KVM_NEEDS];

#define KVM_SUITE_KMSG			"/dev/kmsg"
#define KVM_SUITE_CLEAR_WARN_ONCE	"/sys/kernel/debug/clear_warn_once"

/* Set-up of a subtest's process. */
void kvm_suite_setup(void);

/*
 * Around each subtest: fail it if the kernel reports a fault in its own
 * locking; announce provoked warnings; bring CPUs back online and remove the
 * cgroup.
 */
#define NR_KVM_AROUND	3
extern const struct suite_around kvm_around[NR_KVM_AROUND];

/* What answers for the TDX module; a source for subtests with NEED_TDX. */
const struct platform *kvm_tdx_module(void);

#define KVM_SOURCE_TDX	{ .needs = NEEDS(TDX), .detect = kvm_tdx_module }

/* Initializers of struct suite; a program adds its options. */
#define KVM_SUITE(_what, _subtests, _sources)				\
	.what = (_what),						\
	.subtests = (_subtests),					\
	.nr_subtests = sizeof(_subtests) / sizeof((_subtests)[0]),	\
	.needs = kvm_needs,						\
	.nr_needs = NR_KVM_NEEDS,					\
	.setup = kvm_suite_setup,					\
	.sources = (_sources),						\
	.nr_sources = sizeof(_sources) / sizeof((_sources)[0]),		\
	.around = kvm_around,						\
	.nr_around = NR_KVM_AROUND

#endif
