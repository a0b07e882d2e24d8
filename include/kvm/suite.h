/* SPDX-License-Identifier: GPL-2.0-only */
/* What the test programs that use KVM share: needs, set-up, TDX platform. */
#ifndef KVM_SUITE_H
#define KVM_SUITE_H

#include "host/misc_cg.h"
#include "race/actors/actors.h"
#include "runner/suite.h"

enum kvm_need {
	NEED_KVM,		/* /dev/kvm, and what libkvm reads */
	NEED_STATS,		/* binary statistics of a VM */
	NEED_GMEM,		/* guest_memfd */
	NEED_GMEM_SHARED,	/* guest_memfd with MMAP and INIT_SHARED */
	NEED_TDX,		/* VMs of type TDX */
	NEED_PRIVATE,		/* KVM_SET_MEMORY_ATTRIBUTES takes PRIVATE */
	NEED_SOFTTDX,		/* softtdx as TDX module, seen in debugfs */
	NEED_WARN,		/* a WARN of KVM may be provoked, see announce.h */
	NEED_WARN_EXIT,		/* ... of KVM, at exits not expected */
	NEED_WARN_HOST,		/* ... of what is below KVM */
	NEED_WARN_CGROUP,	/* ... of the misc cgroup */
	NEED_CPU_HOTPLUG,	/* CPUs may be taken offline */
	NEED_UFFD,		/* userfaultfd for faults of the kernel, too */
	NEED_UFFD_ASYNC,	/* ... that protects memory of any type */
	NEED_FREE_PAGES,	/* a few pages that are lost can be missed */
	NEED_PREFAULT,		/* KVM_PRE_FAULT_MEMORY */
	NEED_MEMPOLICY,		/* NUMA policies, be it for one node */
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

#define NEEDS(need)	(1u << NEED_##need)

#define NR_KVM_WARNS	4

/* Subtests with NEED_WARN_CGROUP may make it; the runner removes it. */
#define KVM_SUITE_CGROUP	CGROUP_DIR "/kvm-gmem"

extern const struct need kvm_needs[NR_KVM_NEEDS];
extern const struct suite_warn kvm_warns[NR_KVM_WARNS];

/*
 * For struct suite: set-up of a subtest's process; CPUs back online, a cgroup
 * removed; who answers for TDX.
 */
void kvm_suite_setup(void);
int kvm_suite_note(const struct subtest *t);
int kvm_suite_restore(const struct subtest *t);
const struct platform *kvm_suite_platform(void);
const struct platform *kvm_suite_stand_in(void);
void kvm_suite_watch_begin(void);
bool kvm_suite_watch_end(char *title, size_t size);

#define KVM_SUITE_KMSG			"/dev/kmsg"
#define KVM_SUITE_CLEAR_WARN_ONCE	"/sys/kernel/debug/clear_warn_once"

#define KVM_SUITE(_what, _subtests)					\
	{								\
		.what = (_what),					\
		.subtests = (_subtests),				\
		.nr_subtests = sizeof(_subtests) / sizeof((_subtests)[0]), \
		.needs = kvm_needs,					\
		.nr_needs = NR_KVM_NEEDS,				\
		.setup = kvm_suite_setup,				\
		.note = kvm_suite_note,					\
		.restore = kvm_suite_restore,				\
		.platform = kvm_suite_platform,				\
		.platform_needs = NEEDS(TDX),				\
		.stand_in = kvm_suite_stand_in,				\
		.watch_begin = kvm_suite_watch_begin,			\
		.watch_end = kvm_suite_watch_end,			\
		.warns = kvm_warns,					\
		.nr_warns = NR_KVM_WARNS,				\
		.kmsg = KVM_SUITE_KMSG,					\
		.clear_warn_once = KVM_SUITE_CLEAR_WARN_ONCE,		\
		.actors_list = actors_list,				\
		.actors_count = actors_count,				\
		.actors_reduce = actors_reduce,				\
	}

#endif
