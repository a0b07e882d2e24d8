// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDs as their VMM builds them: life cycle, initial memory, what is mapped of
 * it, and the scenario of the lockdep report, in which a normal VM's
 * guest_memfd is touched beside a TD that is being populated.
 *
 * This is the list of the subtests and what each needs; subtests/tdx/ hold
 * them.
 */
#include "inplace/stand_in.h"
#include "race/actors/options.h"
#include "subtests/tdx/tests.h"

#define TDX	(NEEDS(KVM) | NEEDS(STATS) | NEEDS(GMEM) | NEEDS(TDX) | \
		 NEEDS(PRIVATE))
#define OFFLINE	(NEEDS(CPU_HOTPLUG) | NEEDS(WARN_HOST))
#define TOLD	(TDX | NEEDS(SOFTTDX))
#define WARNS	(TOLD | NEEDS(WARN))
#define TWO_VMS	(TDX | NEEDS(GMEM_SHARED))

static const struct subtest subtests[] = {
	{ "td_lifecycle", "each step from creation to destruction, in order",
	  TDX, 60, td_lifecycle },
	{ "td_lifecycle_twice", "TDs one after the other and two at a time",
	  TDX, 60, td_lifecycle_twice },
	{ "init_mem_region_4k", "pages added one by one", TDX, 60,
	  init_mem_region_4k },
	{ "init_mem_region_2m", "512 aligned pages added by one call",
	  TDX, 60, init_mem_region_2m },
	{ "init_mem_region_unmeasured", "pages without and with MEASURE",
	  TDX, 60, init_mem_region_unmeasured },
	{ "vp_enter_ends_cleanly", "KVM_RUN of a TD without a reset vector",
	  TDX, 60, vp_enter_ends_cleanly },
	{ "two_vms_populate_then_fault", "TD's pages, then VM's first touch",
	  TWO_VMS, 60, two_vms_populate_then_fault },
	{ "two_vms_fault_then_populate", "VM's first touch, then TD's pages",
	  TWO_VMS, 60, two_vms_fault_then_populate },
	{ "two_vms_concurrent", "threads live through TDs while others fault",
	  TWO_VMS, 120, two_vms_concurrent },
	{ "mapping_counts", "KVM's page counts are what was added",
	  TDX, 60, mapping_counts },
	{ "td_runs", "guest code reports, fails and ends, on each vCPU",
	  TDX, 60, td_runs },
	{ "guest_reads_init_mem", "the guest reads every byte as it was added",
	  TDX, 60, guest_reads_init_mem },
	{ "private_fault_aug_accept", "fresh pages, touched and accepted",
	  TDX, 120, private_fault_aug_accept },
	{ "accept_twice", "pages accepted again keep their contents",
	  TDX, 60, accept_twice },
	{ "accept_level_mismatch", "2M accepted where KVM maps 4K, or 2M",
	  TDX, 60, accept_level_mismatch },
	{ "unaccepted_access_ends_td", "memory touched before it is accepted",
	  TDX, 60, unaccepted_access_ends_td },
	{ "map_gpa_round_trip", "private, shared, private: what both sides read",
	  TDX, 120, map_gpa_round_trip },
	{ "implicit_conversion", "memory touched as the other kind, and converted",
	  TDX, 120, implicit_conversion },
	{ "punch_hole_then_fault", "holes under pages that a running TD uses",
	  TDX, 120, punch_hole_then_fault },
	{ "memslot_delete", "memslots deleted under a running TD", TDX, 120,
	  memslot_delete },
	{ "guest_mrtd", "the guest's TDREPORT is what the TD was built from",
	  TDX, 120, guest_mrtd },
	{ "fatal_error_report", "what a guest that gives up has to say", TDX,
	  60, fatal_error_report },
	{ "prefault_memory", "KVM_PRE_FAULT_MEMORY, and what the guest finds",
	  TDX, 60, prefault_memory },
	{ "shared_memory_between_td_and_host", "both sides in the same memory",
	  TDX, 120, shared_memory_between_td_and_host },
	{ "hlt_and_wake", "interrupts and NMIs arrive, asleep or not", TDX, 120,
	  hlt_and_wake },
	{ "fpu_and_msrs_survive", "registers of guest and host, whatever exits",
	  TDX, 120, fpu_and_msrs_survive },
	{ "bad_guests", "what a TD may not do, and what comes of it", TDX, 120,
	  bad_guests },
	{ "tdcall_elsewhere", "TDCALL in ring 3 and in 32-bit code", TDX, 60,
	  tdcall_elsewhere },
	{ "random_tdcalls", "garbage for the module and for KVM, by a seed",
	  TDX, 300, random_tdcalls },
	{ "td_and_normal_vm_run_together", "guests of both, beside a third VM",
	  TWO_VMS, 120, td_and_normal_vm_run_together },
	{ "race_mix", "all actors at once, or those of --actors", TWO_VMS, 300,
	  race_mix },
	{ "race_pairs", "each pair with a TD in it, or that of --pair", TWO_VMS,
	  900, race_pairs },
	{ "scripted_tdvmcalls", "what KVM makes of each TDVMCALL, both ways",
	  TOLD, 120, scripted_tdvmcalls },
	{ "scripted_exits", "what KVM makes of each other exit of a TD",
	  TOLD, 120, scripted_exits },
	{ "scripted_bugs", "exits that KVM WARNs about, and goes on",
	  TOLD | NEEDS(WARN_EXIT), 120, scripted_bugs },
	{ "fail_rules", "softtdx fails the calls that it was told to, no others",
	  TDX | NEEDS(SOFTTDX), 60, fail_rules },
	{ "oracle_files", "softtdx shows a TD whole, however it is read",
	  TDX | NEEDS(SOFTTDX), 120, oracle_files },
	{ "ioctl_errors", "every call that must be refused, and how", TDX, 60,
	  ioctl_errors },
	{ "ioctl_rows_control", "the control of ioctl_errors: rows that are wrong",
	  TDX, 60, ioctl_rows_control },
	{ "refused_pages_are_freed", "pages that are not added are not lost",
	  TDX | NEEDS(FREE_PAGES), 60, refused_pages_are_freed },
	{ "keyids_run_out", "as many TDs as there are keyids, and one more",
	  TDX, 300, keyids_run_out },
	{ "mapping_oracle", "each gpa has its own bytes, and no other is there",
	  TDX | NEEDS(SOFTTDX), 120, mapping_oracle },
	{ "mrtd", "the measurement is that of what was added, at each step",
	  TDX | NEEDS(SOFTTDX), 120, mrtd },
	{ "region_restarts_after_signal", "pages added by calls that signals stop",
	  TDX | NEEDS(UFFD), 120, region_restarts_after_signal },
	{ "region_restarts_after_fault", "pages added from a source with holes",
	  TDX, 60, region_restarts_after_fault },
	{ "punch_hole_zaps", "a hole takes its pages, and no others", TDX, 120,
	  punch_hole_zaps },
	{ "punch_hole_two_tds", "a hole takes pages of its own TD only", TDX,
	  120, punch_hole_two_tds },
	{ "attributes_zap", "pages made shared are gone, and no others", TDX,
	  120, attributes_zap },
	{ "memslot_delete_zaps", "pages go with their memslot", TDX, 120,
	  memslot_delete_zaps },
	{ "destroy_half_built", "a TD that ends after each step of its life",
	  TDX, 300, destroy_half_built },
	{ "cpu_offline_with_td", "a vCPU's CPU goes offline, or must stay",
	  TDX | OFFLINE, 120, cpu_offline_with_td },
	{ "cpu_offline_without_td", "no TD without a CPU in each package",
	  TDX | OFFLINE, 120, cpu_offline_without_td },
	{ "seamcall_busy_is_retried", "what fails for a while is not noticed",
	  TOLD, 120, seamcall_busy_is_retried },
	{ "seamcall_fails_and_td_lives", "errors that are user space's to know",
	  TOLD, 120, seamcall_fails_and_td_lives },
	/* From here on KVM kills VMs. */
	{ "seamcall_fails_in_creation", "KVM_TDX_INIT_VM, call by call", WARNS,
	  120, seamcall_fails_in_creation },
	{ "seamcall_fails_in_vcpu_init", "KVM_TDX_INIT_VCPU, call by call",
	  WARNS, 120, seamcall_fails_in_vcpu_init },
	{ "seamcall_fails_in_build", "memory added, FINALIZE, EPT violations",
	  WARNS, 120, seamcall_fails_in_build },
	{ "failed_calls_leak_no_memory", "pages that KVM had taken for them",
	  WARNS | NEEDS(FREE_PAGES), 300, failed_calls_leak_no_memory },
	/* And from here on the kernel loses pages and keyids until reboot. */
	{ "seamcall_rows_control", "wrong rows of the subtests around this one",
	  WARNS, 120, seamcall_rows_control },
	{ "seamcall_fails_in_zap", "memory taken away, and what is left then",
	  WARNS, 120, seamcall_fails_in_zap },
	{ "seamcall_fails_in_teardown", "destruction, and what is left then",
	  WARNS, 120, seamcall_fails_in_teardown },
	{ "misc_cgroup_limit", "no more TDs than a misc cgroup allows",
	  TDX | NEEDS(WARN_CGROUP), 60, misc_cgroup_limit },
};

static const struct suite_source sources[] = {
	KVM_SOURCE_TDX,
	STAND_IN_SOURCE,
};

int main(int argc, char **argv)
{
	const struct suite suite = {
		KVM_SUITE("TDs as their VMM builds them, alone and beside a normal VM.",
			  subtests, sources),
		ACTORS_OPTIONS,
	};

	return suite_main(&suite, argc, argv);
}
