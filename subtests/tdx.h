/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The subtests of tdx_vm_huge_page.c, a group a file, and what they assert in
 * common. Each subtest runs in a process of its own and asserts as a KVM
 * selftest does.
 */
#ifndef SUBTESTS_TDX_H
#define SUBTESTS_TDX_H

#include "kvm_suite.h"
#include "softtdx/stats.h"
#include "softtdx/td.h"
#include "stats.h"
#include "tdx/td.h"

#define MEASURE		KVM_TDX_MEASURE_MEMORY_REGION
#define PAGES_2M	512

/* What softtdx holds. A TDX module of hardware tells the host no such thing. */
struct held {
	bool known;
	struct softtdx_pages pages;
	struct softtdx_keyids keyids;
	unsigned int nr_tds;
	struct softtdx_td newest;	/* if there is one */
};

/* Prints why, if it is not known. */
void held_read(struct held *h);

/* Exactly what it held before: no TD, no page of any type, no keyid is left. */
void assert_held(const struct held *before, const char *when);

/* KVM's page counts of @vm, all levels together, are @pages. */
__attribute__((format(printf, 3, 4)))
void assert_mapped(struct kvm_vm *vm, u64 pages, const char *fmt, ...);

/* What entered MRTD of the TD that was created last, where it is known. */
void assert_measured(u64 added, u64 measured, const char *when);

/* A raw call's @ret is -@want. */
void assert_refused(int ret, int want, const char *what);

void td_lifecycle(const struct subtest_args *args);
void td_lifecycle_twice(const struct subtest_args *args);
void init_mem_region_4k(const struct subtest_args *args);
void init_mem_region_2m(const struct subtest_args *args);
void init_mem_region_unmeasured(const struct subtest_args *args);
void vp_enter_ends_cleanly(const struct subtest_args *args);
void two_vms_populate_then_fault(const struct subtest_args *args);
void two_vms_fault_then_populate(const struct subtest_args *args);
void two_vms_concurrent(const struct subtest_args *args);
void mapping_counts(const struct subtest_args *args);
void ioctl_errors(const struct subtest_args *args);
void ioctl_rows_notice(const struct subtest_args *args);
void keyids_run_out(const struct subtest_args *args);
void mapping_oracle(const struct subtest_args *args);
void mrtd(const struct subtest_args *args);
void region_restarts_after_signal(const struct subtest_args *args);
void region_restarts_after_fault(const struct subtest_args *args);
void fail_rules(const struct subtest_args *args);
void oracle_files(const struct subtest_args *args);
void punch_hole_zaps(const struct subtest_args *args);
void punch_hole_two_tds(const struct subtest_args *args);
void attributes_zap(const struct subtest_args *args);
void memslot_delete_zaps(const struct subtest_args *args);
void destroy_half_built(const struct subtest_args *args);
void cpu_offline_with_td(const struct subtest_args *args);
void cpu_offline_without_td(const struct subtest_args *args);
void seamcall_busy_is_retried(const struct subtest_args *args);
void seamcall_fails_and_td_lives(const struct subtest_args *args);
void seamcall_fails_in_creation(const struct subtest_args *args);
void seamcall_fails_in_vcpu_init(const struct subtest_args *args);
void seamcall_fails_in_build(const struct subtest_args *args);
void failed_calls_leak_no_memory(const struct subtest_args *args);
void seamcall_rows_notice(const struct subtest_args *args);
void seamcall_fails_in_zap(const struct subtest_args *args);
void seamcall_fails_in_teardown(const struct subtest_args *args);
void misc_cgroup_limit(const struct subtest_args *args);

#endif
