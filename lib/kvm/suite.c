// SPDX-License-Identifier: GPL-2.0-only
/* What the test programs that use KVM do around each subtest. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/cpus.h"
#include "klog/locks.h"
#include "kvm/suite.h"
#include "runner/announce.h"

#define DEBUGFS		"/sys/kernel/debug"

/* A constructor of libkvm, unless the Makefile keeps it from being one. */
void kvm_selftest_init(void);

void kvm_suite_setup(void)
{
	/* libkvm loads guest code from the file that this names. */
	program_invocation_name = (char *)"/proc/self/exe";
	kvm_selftest_init();
}

const struct platform *kvm_tdx_module(void)
{
	return platform_detect(DEBUGFS);
}

/* ---- the kernel's reports about its own locking -------------------------- */

/* A log that cannot be read is no failure here: splat reports it. */
static int locks_begin(const struct subtest *t, char *why, size_t size)
{
	kmsg_locks_begin(KVM_SUITE_KMSG);
	return 0;
}

static int locks_end(const struct subtest *t, char *why, size_t size)
{
	char title[200];

	if (!kmsg_locks_end(title, sizeof(title)))
		return 0;
	snprintf(why, size, "the kernel: %s", title);
	return -EDEADLK;
}

/* ---- provoked warnings --------------------------------------------------- */

static const struct announce_warn warns[] = {
	{ NEEDS(WARN), "arch/x86/kvm/vmx/tdx.c" },
	{ NEEDS(WARN_EXIT), "arch/x86/kvm/vmx/" },
	{ NEEDS(WARN_HOST), "arch/x86/virt/vmx/tdx/tdx.c" },
	{ NEEDS(WARN_CGROUP), "kernel/cgroup/misc.c" },
};

static const struct announce announce = {
	.warns = warns,
	.nr_warns = sizeof(warns) / sizeof(warns[0]),
	.kmsg = KVM_SUITE_KMSG,
	.clear_warn_once = KVM_SUITE_CLEAR_WARN_ONCE,
};

static int warns_begin(const struct subtest *t, char *why, size_t size)
{
	return announce_begin(&announce, t, why, size);
}

static int warns_end(const struct subtest *t, char *why, size_t size)
{
	return announce_end(why, size);
}

static void warns_list(const struct subtest *t, char *text, size_t size)
{
	const char *file = announce_file(&announce, t);

	snprintf(text, size, "%s%s", file ? "makes the kernel WARN in: " : "",
		 file ?: "");
}

/* ---- what a subtest changes of the machine ------------------------------- */

static struct cpus cpus_before;

static int machine_begin(const struct subtest *t, char *why, size_t size)
{
	int err = 0;

	if (t->needs & NEEDS(CPU_HOTPLUG))
		err = cpus_read(CPU_SYSFS, &cpus_before);
	if (err)
		snprintf(why, size, "CPUs: %s", strerror(-err));
	return err;
}

static int machine_end(const struct subtest *t, char *why, size_t size)
{
	int err = 0;

	if ((t->needs & NEEDS(WARN_CGROUP)) && rmdir(KVM_SUITE_CGROUP) &&
	    errno != ENOENT)
		err = -errno;
	else if (t->needs & NEEDS(CPU_HOTPLUG))
		err = cpus_bring_back(CPU_SYSFS, &cpus_before);
	if (err)
		snprintf(why, size, "the machine is not as it was before: %s",
			 strerror(-err));
	return err;
}

const struct suite_around kvm_around[NR_KVM_AROUND] = {
	{ AROUND_FAILS, locks_begin, locks_end, NULL },
	{ AROUND_STOPS, warns_begin, warns_end, warns_list },
	{ AROUND_STOPS, machine_begin, machine_end, NULL },
};
