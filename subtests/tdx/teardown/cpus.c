// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUs that go offline while a TD exists. A vCPU is associated with one CPU:
 * before that goes offline, KVM must have the TDX module flush the vCPU, which
 * can then run elsewhere. The last CPU of a package must stay online while a TD
 * has a keyid, since keys and caches belong to packages; with a package offline
 * no TD can be created.
 *
 * Each CPU that goes offline shows a known fault of 7.2 and 7.3: with lockdep,
 * tdx_cpu_flush_cache() WARNs that preemption is enabled, which it is in the
 * thread that takes a CPU down. That WARN is announced, and counted.
 *
 * The runner brings the CPUs back, however these subtests end.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/cpus.h"
#include "host/misc_cg.h"
#include "kvm/gmem.h"
#include "softtdx/td.h"
#include "subtests/tdx/tests.h"

#define TD_PAGES	8
#define PACKAGE_MAX	4	/* CPUs; larger ones stay online */

static void run_on(unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	TEST_ASSERT(!sched_setaffinity(0, sizeof(set), &set), "CPU %u: %s",
		    cpu, strerror(errno));
}

static void read_cpus(struct cpus *cpus)
{
	int ret = cpus_read(CPU_SYSFS, cpus);

	TEST_ASSERT(!ret, "%s: %s", CPU_SYSFS, strerror(-ret));
}

static bool is_online(unsigned int cpu)
{
	struct cpus cpus;

	read_cpus(&cpus);
	return cpus.cpu[cpu].online;
}

static void set_online(unsigned int cpu, bool online)
{
	int ret = cpu_set_online(CPU_SYSFS, cpu, online);

	TEST_ASSERT(!ret && is_online(cpu) == online, "CPU %u, %s: %s", cpu,
		    online ? "online" : "offline",
		    ret ? strerror(-ret) : "success, but no change");
}

/* Half a TD: its vCPU is associated with @cpu, its thread is not there. */
static void td_on(struct td_build *b, unsigned int cpu)
{
	run_on(cpu);
	td_build_start(b, TD_PAGES);
	td_add_pages(b->td, b->vcpu, b->source, b->mem.gpa, TD_PAGES / 2,
		     MEASURE);
	run_on(0);
}

/* The newest TD's vCPU is associated with @cpu in softtdx; -1: with none. */
static void assert_associated(int cpu, const char *when)
{
	struct softtdx_vcpu *vcpus;
	struct softtdx_td td;
	unsigned int nr;

	if (softtdx_newest_td(SOFTTDX_DIR, &td))
		return;

	TEST_ASSERT(!softtdx_vcpus_read(SOFTTDX_DIR, &vcpus, &nr) && nr,
		    "softtdx has no vCPU");
	TEST_ASSERT(vcpus[0].td == td.pa && vcpus[0].cpu == cpu,
		    "%s: the vCPU is associated with CPU %d, not %d", when,
		    vcpus[0].cpu, cpu);
	free(vcpus);
}

/* Complete the TD on CPU 0. */
static void td_complete(struct td_build *b)
{
	u64 offset = TD_PAGES / 2 * PAGE_SIZE;

	td_add_pages(b->td, b->vcpu, (u8 *)b->source + offset,
		     b->mem.gpa + offset, TD_PAGES / 2, MEASURE);
	assert_mapped(b->td->vm, TD_PAGES, "a TD that lost its CPU");
	td_finalize(b->td);
	gmem_punch(b->mem.fd, 1, 2);
	assert_mapped(b->td->vm, TD_PAGES - 2, "a hole");
	if (kvm_has_cap(KVM_CAP_PRE_FAULT_MEMORY)) {
		td_prefault(b->vcpu, b->mem.gpa, TD_PAGES);
		assert_mapped(b->td->vm, TD_PAGES, "the hole pre-faulted");
	}
	TEST_ASSERT(td_alive(b->td), "the VM is dead");
	td_build_free(b);
}

static u64 vp_flushes(void)
{
	struct softtdx_stats stats;

	if (softtdx_stats_read(SOFTTDX_DIR, &stats))
		return 0;
	return stats.leaves[TDH_VP_FLUSH].calls;
}

/* A CPU that can go offline: alone in its package, or not; -1: none. */
static int find_cpu(const struct cpus *cpus, bool alone)
{
	unsigned int i;

	for (i = 1; i < cpus->nr; i++) {
		if (cpus->cpu[i].can_offline &&
		    alone == (cpus_in_package(cpus, cpus->cpu[i].package) == 1))
			return i;
	}
	return -1;
}

/* A small package all of whose CPUs can go offline; -1: none. */
static int find_package(const struct cpus *cpus)
{
	unsigned int i, j, can;

	for (i = 1; i < cpus->nr; i++) {
		int package = cpus->cpu[i].package;

		if (package < 0)
			continue;
		for (j = 0, can = 0; j < cpus->nr; j++)
			can += cpus->cpu[j].package == package &&
			       cpus->cpu[j].can_offline;
		if (can && can <= PACKAGE_MAX &&
		    can == cpus_in_package(cpus, package))
			return package;
	}
	return -1;
}

/* The package has other CPUs: this one goes offline, after a flush. */
static bool offline_flushes(const struct cpus *cpus)
{
	int cpu = find_cpu(cpus, false);
	struct td_build b;
	u64 flushes;

	if (cpu < 0)
		return false;

	td_on(&b, cpu);
	assert_associated(cpu, "before it goes offline");
	flushes = vp_flushes();
	set_online(cpu, false);
	assert_associated(-1, "with its CPU offline");
	TEST_ASSERT(!flushes || vp_flushes() == flushes + 1,
		    "%lu VP.FLUSH for one vCPU", vp_flushes() - flushes);
	td_complete(&b);

	set_online(cpu, true);
	td_on(&b, cpu);
	assert_associated(cpu, "back online");
	td_complete(&b);
	printf("CPU %d went offline under a TD and came back\n", cpu);
	return true;
}

/* The last CPU of a package: stays online, without a flush. */
static void assert_stays(struct td_build *b, unsigned int cpu)
{
	int ret = cpu_set_online(CPU_SYSFS, cpu, false);

	assert_refused(ret, EBUSY, "last CPU of a package offline");
	TEST_ASSERT(is_online(cpu), "CPU %u was refused, but is offline",
		    cpu);
	assert_associated(cpu, "still online");
	/* It still works. */
	run_on(cpu);
	td_assert_added(b->td, b->vcpu, b->source, b->mem.gpa, 1);
	run_on(0);
}

/* Takes all CPUs of a package offline but one, and returns that. */
static int offline_others(const struct cpus *cpus, int package)
{
	int last = -1;
	unsigned int i;

	for (i = 0; i < cpus->nr; i++) {
		if (cpus->cpu[i].package != package)
			continue;
		if (last >= 0)
			set_online(i, false);
		else
			last = i;
	}
	return last;
}

static void online_all(const struct cpus *cpus)
{
	unsigned int i;

	for (i = 0; i < cpus->nr; i++) {
		if (cpus->cpu[i].online && !is_online(i))
			set_online(i, true);
	}
}

static bool last_is_refused(const struct cpus *cpus)
{
	int package = find_package(cpus), cpu;
	struct td_build b;

	if (package < 0)
		return false;

	cpu = offline_others(cpus, package);
	td_on(&b, cpu);
	assert_stays(&b, cpu);
	td_complete(&b);

	/* As soon as a TD has a keyid, without vCPUs and memory. */
	b.td = td_create();
	td_init_vm(b.td);
	assert_refused(cpu_set_online(CPU_SYSFS, cpu, false), EBUSY,
		       "last CPU of a package offline with an empty TD");
	td_free(b.td);
	online_all(cpus);
	printf("CPU %d, the last of package %d, stayed for a TD\n", cpu,
	       package);
	return true;
}

void cpu_offline_with_td(const struct subtest_args *args)
{
	struct module_counts before;
	struct cpus cpus;
	bool done;

	module_counts_read(&before);
	read_cpus(&cpus);
	done = offline_flushes(&cpus);
	assert_module_counts(&before, "after a CPU was offline");
	done |= last_is_refused(&cpus);
	assert_module_counts(&before, "after a CPU stayed online");
	if (!done)
		subtest_skip("no package with two CPUs, and none that is small enough to go offline");
}

/* Other TDs of this machine keep a package's last CPU online. */
static bool any_keyid_used(void)
{
	struct module_counts held;
	u64 used;

	module_counts_read(&held);
	if (held.known)
		return held.nr_tds;
	return !misc_cg_read(CGROUP_DIR, "misc.current", MISC_CG_TDX, &used) &&
	       used;
}

static void assert_no_package(struct td *td)
{
	assert_refused(__td_init_vm(td), EIO,
		       "INIT_VM without a CPU in each package");
	TEST_ASSERT(!td->hw_error && td_alive(td),
		    "INIT_VM without a CPU in each package: hw_error %#lx, VM %s",
		    td->hw_error, td_alive(td) ? "alive" : "dead");
}

/* Without TDs a package may go offline; until it is back no TD works. */
void cpu_offline_without_td(const struct subtest_args *args)
{
	struct module_counts before;
	struct td_build b;
	struct cpus cpus;
	int package, cpu;

	module_counts_read(&before);
	read_cpus(&cpus);
	package = find_package(&cpus);
	if (package < 0)
		subtest_skip("no package that is small enough to go offline");
	if (any_keyid_used())
		subtest_skip("other TDs exist on this machine");

	run_on(0);
	b.td = td_create();
	cpu = offline_others(&cpus, package);
	set_online(cpu, false);
	assert_no_package(b.td);
	assert_no_package(b.td);
	assert_module_counts(&before, "without a package");

	set_online(cpu, true);
	td_init_vm(b.td);
	td_free(b.td);
	online_all(&cpus);
	td_on(&b, cpu);
	td_complete(&b);
	assert_module_counts(&before, "with all packages");
	printf("package %d was offline, CPU %d was its last\n", package, cpu);
}
