/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The subtests of gmem_inplace_conversion.c, by file of subtests/gmem. The
 * program's list says what each shows.
 */
#ifndef SUBTESTS_GMEM_TESTS_H
#define SUBTESTS_GMEM_TESTS_H

#include "runner/suite.h"

/* fault.c */
void init_shared_fault(const struct subtest_args *args);
void fault_every_page(const struct subtest_args *args);
void fault_threads(const struct subtest_args *args);
void fault_private_sigbus(const struct subtest_args *args);
void fault_beyond_end_sigbus(const struct subtest_args *args);
void punch_hole_refault(const struct subtest_args *args);
void mmap_refused_without_flag(const struct subtest_args *args);

/* interrupt.c */
void fallocate_interrupted(const struct subtest_args *args);

/* guest.c */
void host_and_guest_see_the_same_page(const struct subtest_args *args);
void fork_sees_it(const struct subtest_args *args);

/* convert/probe.c */
void conversion(const struct subtest_args *args);

/* same_page.c */
void same_physical_page(const struct subtest_args *args);
void convert_same_page(const struct subtest_args *args);

/* numa.c */
void numa_bind_each_page(const struct subtest_args *args);
void convert_numa(const struct subtest_args *args);

/* convert/basic.c */
void convert_init_private(const struct subtest_args *args);
void convert_init_shared(const struct subtest_args *args);
void convert_indexing(const struct subtest_args *args);
void convert_before_allocation_shared(const struct subtest_args *args);
void convert_before_allocation_private(const struct subtest_args *args);
void convert_unallocated_folios(const struct subtest_args *args);
void convert_truncate(const struct subtest_args *args);
void convert_two_vms(const struct subtest_args *args);

/* convert/fork.c */
void convert_forked_accesses(const struct subtest_args *args);

/* convert/pins.c */
void convert_elevated_refcount(const struct subtest_args *args);
void convert_pinned_by_io_uring(const struct subtest_args *args);
void convert_pinned_by_vmsplice(const struct subtest_args *args);

/* convert/race.c */
void convert_race_faults(const struct subtest_args *args);
void convert_race_punch_holes(const struct subtest_args *args);

/* convert/errors.c */
void convert_errors(const struct subtest_args *args);

/* convert/td.c */
void convert_td_load_in_place(const struct subtest_args *args);

/* convert/poison.c */
void convert_poisoned_page(const struct subtest_args *args);

/* nodes.c */
void numa_mbind(const struct subtest_args *args);
void numa_pages_stay(const struct subtest_args *args);
void numa_task_policy(const struct subtest_args *args);
void numa_interleave(const struct subtest_args *args);
void numa_full_node(const struct subtest_args *args);

/* race.c */
void race_mix(const struct subtest_args *args);
void race_pairs(const struct subtest_args *args);

/* race_control.c */
void race_control(const struct subtest_args *args);

#endif
