// SPDX-License-Identifier: GPL-2.0-only
/*
 * guest_memfd that user space can map: faults, holes, sharing with a running
 * guest and with a forked process, NUMA policies, and pages that become private
 * and shared in place.
 *
 * This is the list of the subtests and their needs; subtests/gmem/ has them.
 */
#include "inplace/stand_in.h"
#include "kvm/suite.h"
#include "race/actors/options.h"
#include "subtests/gmem/tests.h"

#define SHARED	(NEEDS(KVM) | NEEDS(GMEM_SHARED))
#define NODES	(SHARED | NEEDS(TWO_NODES))
#define CONVERT	(NEEDS(KVM) | NEEDS(GMEM) | NEEDS(CONVERT))
#define IN_PLACE	(CONVERT | NEEDS(IN_PLACE))

static const struct subtest subtests[] = {
	{ "init_shared_fault", "first touch of a shared page, as in the report",
	  SHARED, 30, init_shared_fault },
	{ "fault_every_page", "each page is separate and keeps its contents",
	  SHARED, 60, fault_every_page },
	{ "fault_threads", "threads first touch the same pages at once", SHARED,
	  120, fault_threads },
	{ "fault_private_sigbus", "without INIT_SHARED a touch is SIGBUS",
	  SHARED, 30, fault_private_sigbus },
	{ "fault_beyond_end_sigbus", "past the end a touch is SIGBUS", SHARED,
	  30, fault_beyond_end_sigbus },
	{ "punch_hole_refault", "a hole reads zero in all mappings", SHARED, 30,
	  punch_hole_refault },
	{ "mmap_refused_without_flag", "mmap needs MMAP and MAP_SHARED", SHARED,
	  30, mmap_refused_without_flag },
	{ "fallocate_interrupted",
	  "a signal interrupts allocation, and no more", SHARED, 60,
	  fallocate_interrupted },
	{ "host_and_guest_see_the_same_page", "a running VM and its VMM",
	  SHARED, 60, host_and_guest_see_the_same_page },
	{ "fork_sees_it", "a forked process shares the pages", SHARED, 30,
	  fork_sees_it },
	{ "same_physical_page", "host and guest have one page, not two",
	  SHARED | NEEDS(PAGEMAP), 60, same_physical_page },
	{ "numa_bind_each_page", "each page on the node of its policy", NODES,
	  60, numa_bind_each_page },
	{ "conversion", "is there in-place conversion? By a call",
	  NEEDS(KVM) | NEEDS(GMEM), 30, conversion },
	{ "convert_init_private", "a private page to shared and back", CONVERT,
	  60, convert_init_private },
	{ "convert_init_shared", "a shared page to private and back", CONVERT,
	  60, convert_init_shared },
	{ "convert_indexing", "one page is converted, and no other", CONVERT,
	  120, convert_indexing },
	{ "convert_before_allocation_shared", "to shared, without a page",
	  CONVERT, 60, convert_before_allocation_shared },
	{ "convert_before_allocation_private", "to private, without a page",
	  CONVERT, 60, convert_before_allocation_private },
	{ "convert_unallocated_folios", "a range with some pages allocated",
	  CONVERT, 120, convert_unallocated_folios },
	{ "convert_truncate", "a hole frees pages and converts none", CONVERT,
	  60, convert_truncate },
	{ "convert_two_vms", "conversion affects the own VM only", CONVERT, 120,
	  convert_two_vms },
	{ "convert_errors", "calls that are refused and change nothing",
	  CONVERT, 120, convert_errors },
	{ "convert_race_faults", "conversion against faults of both sides",
	  CONVERT, 300, convert_race_faults },
	{ "convert_race_punch_holes", "conversion, faults and holes", CONVERT,
	  300, convert_race_punch_holes },
	{ "convert_same_page", "the same page before and after",
	  IN_PLACE | NEEDS(PAGEMAP), 60, convert_same_page },
	{ "convert_forked_accesses", "all processes lose a private page",
	  IN_PLACE, 60, convert_forked_accesses },
	{ "convert_elevated_refcount", "pages pinned by gup_test stay shared",
	  IN_PLACE | NEEDS(GUP_TEST), 120, convert_elevated_refcount },
	{ "convert_pinned_by_io_uring", "buffers of an io_uring stay shared",
	  IN_PLACE | NEEDS(IO_URING), 120, convert_pinned_by_io_uring },
	{ "convert_pinned_by_vmsplice", "pages in a pipe stay shared", IN_PLACE,
	  120, convert_pinned_by_vmsplice },
	{ "convert_numa", "pages stay on their nodes",
	  IN_PLACE | NEEDS(TWO_NODES), 120, convert_numa },
	{ "convert_td_load_in_place", "a TD's image where the host wrote it",
	  IN_PLACE | NEEDS(TDX) | NEEDS(PAGEMAP), 60,
	  convert_td_load_in_place },
	{ "convert_poisoned_page", "a poisoned page, and its neighbours",
	  IN_PLACE | NEEDS(LOSE_PAGES), 60, convert_poisoned_page },
	{ "numa_mbind", "pages on the node that mbind() of a mapping sets",
	  NODES, 60, numa_mbind },
	{ "numa_pages_stay", "existing pages do not move", NODES, 60,
	  numa_pages_stay },
	{ "numa_task_policy", "the toucher's policy, without another one",
	  NODES, 60, numa_task_policy },
	{ "numa_interleave", "pages on both nodes in turn", NODES, 60,
	  numa_interleave },
	{ "numa_full_node", "preferred: elsewhere; bound: never elsewhere",
	  NODES | NEEDS(FILL_NODE), 300, numa_full_node },
	{ "race_mix", "all actors at once, or those of --actors", SHARED, 300,
	  race_mix },
	{ "race_control", "the control of both: actors that fail on purpose",
	  SHARED, 300, race_control },
	{ "race_pairs", "each pair of actors, or that of --pair", SHARED, 900,
	  race_pairs },
};

static const struct suite_source sources[] = {
	KVM_SOURCE_TDX,
	STAND_IN_SOURCE,
};

int main(int argc, char **argv)
{
	const struct suite suite = {
		KVM_SUITE("guest_memfd mapped by user space: faults, holes, sharing.",
			  subtests, sources),
		ACTORS_OPTIONS,
	};

	return suite_main(&suite, argc, argv);
}
