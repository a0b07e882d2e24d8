// SPDX-License-Identifier: GPL-2.0-only
/*
 * guest_memfd that user space can map: faults, holes, sharing with a running
 * guest and with a forked process, and pages that become private and shared in
 * place.
 */
#include "subtests/gmem_tests.h"
#include "kvm_suite.h"

#define SHARED	(NEEDS(KVM) | NEEDS(GMEM_SHARED))

static const struct subtest subtests[] = {
	{ "init_shared_fault", "first touch of a shared page, as in the report",
	  SHARED, 30, init_shared_fault },
	{ "fault_every_page", "each page is its own and stays what it is",
	  SHARED, 60, fault_every_page },
	{ "fault_threads", "threads first touch the same pages at once",
	  SHARED, 120, fault_threads },
	{ "fault_private_sigbus", "without INIT_SHARED a touch is SIGBUS",
	  SHARED, 30, fault_private_sigbus },
	{ "fault_beyond_end_sigbus", "past the end a touch is SIGBUS",
	  SHARED, 30, fault_beyond_end_sigbus },
	{ "punch_hole_refault", "a hole reads zero in all mappings",
	  SHARED, 30, punch_hole_refault },
	{ "mmap_refused_without_flag", "mmap wants MMAP and MAP_SHARED",
	  SHARED, 30, mmap_refused_without_flag },
	{ "host_and_guest_see_the_same_page", "a running VM and its VMM",
	  SHARED, 60, host_and_guest_see_the_same_page },
	{ "fork_sees_it", "a forked process shares the pages",
	  SHARED, 30, fork_sees_it },
	{ "conversion", "is there in-place conversion, by asking for it",
	  NEEDS(KVM) | NEEDS(GMEM), 30, conversion },
	{ "race_mix", "all actors at once, or those of --actors", SHARED, 300,
	  race_mix },
	{ "race_pairs", "each pair of actors, or that of --pair", SHARED, 900,
	  race_pairs },
};

int main(int argc, char **argv)
{
	const struct suite suite = KVM_SUITE(
		"guest_memfd mapped by user space: faults, holes, sharing.",
		subtests);

	return suite_main(&suite, argc, argv);
}
