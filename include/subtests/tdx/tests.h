/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The subtests of tdx_vm_huge_page.c, and assertions that they share. Each
 * subtest runs in a process of its own and asserts as a KVM selftest does.
 */
#ifndef SUBTESTS_TDX_TESTS_H
#define SUBTESTS_TDX_TESTS_H

#include "kvm/stats.h"
#include "kvm/suite.h"
#include "softtdx/stats.h"
#include "softtdx/td.h"
#include "tdx/td.h"

#define MEASURE		KVM_TDX_MEASURE_MEMORY_REGION
#define PAGES_2M	512

/* What softtdx holds. A TDX module of hardware has no such interface. */
struct module_counts {
	bool known;
	struct softtdx_pages pages;
	struct softtdx_keyids keyids;
	unsigned int nr_tds;
	struct softtdx_td newest;	/* if any */
};

/* Prints the reason if it is not known. */
void module_counts_read(struct module_counts *h);

/* Exactly what it held before: no TD, page or keyid has leaked. */
void assert_module_counts(const struct module_counts *before, const char *when);

/* KVM's page counts of @vm, all levels together, are @pages. */
__attribute__((format(printf, 3, 4)))
void assert_mapped(struct kvm_vm *vm, u64 pages, const char *fmt, ...);

/* Pages and chunks in MRTD of the newest TD, where known. */
void assert_measured(u64 added, u64 measured, const char *when);

/*
 * KVM_RUN of a TD without a page at the reset vector: its first fetch is a
 * private fault outside of all memslots, each time.
 */
void assert_no_reset_vector(struct kvm_vcpu *vcpu);

/* A raw call's @ret is -@want. */
void assert_refused(int ret, int want, const char *what);

/*
 * add/leak.c: does the machine have fewer free pages, by @lost or more, each
 * time that @run is called? Other users change their number, too: after one
 * call without a loss the answer is no. Prints a line for each loss, with
 * @what.
 */
bool leaks_pages(u64 lost, const char *what, void (*run)(const void *arg),
		 const void *arg);

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
void td_runs(const struct subtest_args *args);
void guest_reads_init_mem(const struct subtest_args *args);
void private_fault_aug_accept(const struct subtest_args *args);
void accept_twice(const struct subtest_args *args);
void accept_level_mismatch(const struct subtest_args *args);
void unaccepted_access_ends_td(const struct subtest_args *args);
void map_gpa_round_trip(const struct subtest_args *args);
void implicit_conversion(const struct subtest_args *args);
void punch_hole_then_fault(const struct subtest_args *args);
void memslot_delete(const struct subtest_args *args);
void guest_mrtd(const struct subtest_args *args);
void fatal_error_report(const struct subtest_args *args);
void prefault_memory(const struct subtest_args *args);
void shared_memory_between_td_and_host(const struct subtest_args *args);
void hlt_and_wake(const struct subtest_args *args);
void fpu_and_msrs_survive(const struct subtest_args *args);
void bad_guests(const struct subtest_args *args);
void tdcall_elsewhere(const struct subtest_args *args);
void random_tdcalls(const struct subtest_args *args);
void td_and_normal_vm_run_together(const struct subtest_args *args);
void scripted_tdvmcalls(const struct subtest_args *args);
void scripted_exits(const struct subtest_args *args);
void scripted_bugs(const struct subtest_args *args);
void ioctl_errors(const struct subtest_args *args);
void ioctl_rows_control(const struct subtest_args *args);
void refused_pages_are_freed(const struct subtest_args *args);
void keyids_run_out(const struct subtest_args *args);
void mapping_oracle(const struct subtest_args *args);
void mrtd(const struct subtest_args *args);
void region_restarts_after_signal(const struct subtest_args *args);
void region_restarts_after_fault(const struct subtest_args *args);
void inject_rules(const struct subtest_args *args);
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
void seamcall_rows_control(const struct subtest_args *args);
void seamcall_fails_in_zap(const struct subtest_args *args);
void seamcall_fails_in_teardown(const struct subtest_args *args);
void misc_cgroup_limit(const struct subtest_args *args);
void race_mix(const struct subtest_args *args);
void race_pairs(const struct subtest_args *args);

#endif
