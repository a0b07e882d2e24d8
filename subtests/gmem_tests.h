/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The subtests of gmem_inplace_conversion.c, by file. What each is to show, it
 * says in the program's list.
 */
#ifndef SUBTESTS_GMEM_TESTS_H
#define SUBTESTS_GMEM_TESTS_H

#include "suite.h"

/* gmem_fault.c */
void init_shared_fault(const struct subtest_args *args);
void fault_every_page(const struct subtest_args *args);
void fault_threads(const struct subtest_args *args);
void fault_private_sigbus(const struct subtest_args *args);
void fault_beyond_end_sigbus(const struct subtest_args *args);
void punch_hole_refault(const struct subtest_args *args);
void mmap_refused_without_flag(const struct subtest_args *args);

/* gmem_guest.c */
void host_and_guest_see_the_same_page(const struct subtest_args *args);
void fork_sees_it(const struct subtest_args *args);

/* gmem_convert_probe.c */
void conversion(const struct subtest_args *args);

/* gmem_race.c */
void race_mix(const struct subtest_args *args);
void race_pairs(const struct subtest_args *args);

#endif
