// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the test programs need of KVM, probed by calls, never by its version.
 * The probes do not use libkvm, which exits when something is missing.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/kvm.h>

#include "convert_needs.h"
#include "host/cpus.h"
#include "host/free_pages.h"
#include "kvm/suite.h"
#include "needs_mm.h"
#include "runner/announce.h"
#include "softtdx/stats.h"

#define CPU_OFFLINE_ENV	"KVM_GMEM_CPU_OFFLINE"
#define FILL_NODE_ENV	"KVM_GMEM_FILL_NODE"
#define CGROUP_LIMIT_ENV "KVM_GMEM_CGROUP_LIMIT"
#define FORCE_PREFIX	"/sys/module/kvm/parameters/force_emulation_prefix"

static int open_kvm(char *why, size_t size)
{
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		snprintf(why, size, "/dev/kvm: %s", strerror(errno));
	return fd;
}

/* The value of an extension of the system, or -1. */
static int check_extension(int cap, char *why, size_t size)
{
	int kvm = open_kvm(why, size);
	int value;

	if (kvm < 0)
		return -1;

	value = ioctl(kvm, KVM_CHECK_EXTENSION, cap);
	close(kvm);
	return value;
}

static bool has_extension(const char *name, int cap, char *why, size_t size)
{
	int value = check_extension(cap, why, size);

	if (value == 0)
		snprintf(why, size, "KVM lacks %s", name);
	return value > 0;
}

#define HAS(cap, why, size) has_extension(#cap, cap, why, size)

static bool need_kvm(char *why, size_t size)
{
	if (!HAS(KVM_CAP_IMMEDIATE_EXIT, why, size) ||
	    !HAS(KVM_CAP_USER_MEMORY2, why, size))
		return false;

	if (access(FORCE_PREFIX, R_OK)) {
		snprintf(why, size, "%s: %s", FORCE_PREFIX, strerror(errno));
		return false;
	}
	return true;
}

static bool need_stats(char *why, size_t size)
{
	return HAS(KVM_CAP_BINARY_STATS_FD, why, size);
}

/*
 * The capability is one of a VM: a default VM has had it since 6.18. /dev/kvm
 * has it if a type of VM does, and the default one has no private memory, so
 * check there first: destroying a VM takes long.
 */
static int gmem_flags(int want, char *why, size_t size)
{
	int kvm = open_kvm(why, size);
	int vm, flags;

	if (kvm < 0)
		return -1;

	flags = ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_GUEST_MEMFD_FLAGS);
	if (flags >= 0 && (flags & want) == want) {
		close(kvm);
		return flags;
	}
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	close(kvm);
	if (vm < 0) {
		snprintf(why, size, "KVM_CREATE_VM: %s", strerror(errno));
		return -1;
	}

	flags = ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_GUEST_MEMFD_FLAGS);
	close(vm);
	return flags;
}

static bool need_gmem(char *why, size_t size)
{
	return HAS(KVM_CAP_GUEST_MEMFD, why, size);
}

static bool need_gmem_shared(char *why, size_t size)
{
	int want = GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED;
	int flags = gmem_flags(want, why, size);

	if (flags >= 0 && (flags & want) != want)
		snprintf(why, size,
			 "KVM_CAP_GUEST_MEMFD_FLAGS is %#x, MMAP|INIT_SHARED is %#x",
			 flags, want);
	return flags >= 0 && (flags & want) == want;
}

static bool need_tdx(char *why, size_t size)
{
	int types = check_extension(KVM_CAP_VM_TYPES, why, size);

	if (types >= 0 && !(types & (1 << KVM_X86_TDX_VM)))
		snprintf(why, size,
			 "KVM_CAP_VM_TYPES is %#x, no TDX VMs (kvm_intel.tdx=1 ?)",
			 types);
	return types >= 0 && (types & (1 << KVM_X86_TDX_VM));
}

static bool need_private(char *why, size_t size)
{
	int mask = check_extension(KVM_CAP_MEMORY_ATTRIBUTES, why, size);

	if (mask >= 0 && !(mask & KVM_MEMORY_ATTRIBUTE_PRIVATE))
		snprintf(why, size, "KVM_CAP_MEMORY_ATTRIBUTES is %#x", mask);
	return mask >= 0 && (mask & KVM_MEMORY_ATTRIBUTE_PRIVATE);
}

static bool need_softtdx(char *why, size_t size)
{
	if (!access(SOFTTDX_DIR, R_OK))
		return true;

	snprintf(why, size, "%s: %s", SOFTTDX_DIR, strerror(errno));
	return false;
}

static bool need_warn(char *why, size_t size)
{
	return announce_possible(KVM_SUITE_KMSG, KVM_SUITE_CLEAR_WARN_ONCE,
				 "/proc", why, size);
}

/* A wrong count stays until reboot. The lab ends with its program anyway. */
static bool need_warn_cgroup(char *why, size_t size)
{
	if (!access(SOFTTDX_DIR, R_OK) || getenv(CGROUP_LIMIT_ENV))
		return need_warn(why, size);

	snprintf(why, size,
		 "up to 7.3.4 KVM miscounts then until reboot, set " CGROUP_LIMIT_ENV "=1 to allow it");
	return false;
}

/*
 * By default only in the lab. Elsewhere a CPU that comes back does not restore
 * what was pinned to it: tasks lose their affinity, and IRQs stay where they
 * were moved.
 */
static bool need_cpu_hotplug(char *why, size_t size)
{
	if (access(SOFTTDX_DIR, R_OK) && !getenv(CPU_OFFLINE_ENV)) {
		snprintf(why, size,
			 "tasks pinned to a CPU lose it for good, set " CPU_OFFLINE_ENV "=1 to allow it");
		return false;
	}
	return cpus_can_offline(CPU_SYSFS, why, size);
}

/* Without flags: refused where only faults of user mode may be handled. */
static bool need_uffd(char *why, size_t size)
{
	int fd = syscall(__NR_userfaultfd, O_CLOEXEC);

	if (fd < 0)
		snprintf(why, size, "userfaultfd: %s", strerror(errno));
	else
		close(fd);
	return fd >= 0;
}

static bool need_uffd_async(char *why, size_t size)
{
	struct uffdio_api api = {
		.api = UFFD_API, .features = UFFD_FEATURE_WP_ASYNC,
	};
	int fd = syscall(__NR_userfaultfd, O_CLOEXEC);
	bool met = fd >= 0 && !ioctl(fd, UFFDIO_API, &api);

	if (!met)
		snprintf(why, size, "userfaultfd, WP_ASYNC: %s",
			 strerror(errno));
	close(fd);
	return met;
}

static bool need_free_pages(char *why, size_t size)
{
	if (!free_pages_late("/proc"))
		return true;

	snprintf(why, size, "KASAN keeps what is freed for a while");
	return false;
}

/* Other users of that node's memory get it elsewhere, or not at all. */
static bool need_fill_node(char *why, size_t size)
{
	if (!access(SOFTTDX_DIR, R_OK) || getenv(FILL_NODE_ENV))
		return true;

	snprintf(why, size,
		 "uses up the memory of a node, set " FILL_NODE_ENV "=1 to allow it");
	return false;
}

static bool need_prefault(char *why, size_t size)
{
	return HAS(KVM_CAP_PRE_FAULT_MEMORY, why, size);
}

const struct need kvm_needs[NR_KVM_NEEDS] = {
	[NEED_KVM]		= { "kvm", need_kvm },
	[NEED_STATS]		= { "binary_stats", need_stats },
	[NEED_GMEM]		= { "guest_memfd", need_gmem },
	[NEED_GMEM_SHARED]	= { "guest_memfd_shared", need_gmem_shared },
	[NEED_TDX]		= { "tdx", need_tdx },
	[NEED_PRIVATE]		= { "private_attribute", need_private },
	[NEED_SOFTTDX]		= { "softtdx", need_softtdx },
	[NEED_WARN]		= { "provoked_warnings", need_warn },
	[NEED_WARN_EXIT]	= { "provoked_exit_warnings", need_warn },
	[NEED_WARN_HOST]	= { "provoked_host_warnings", need_warn },
	[NEED_WARN_CGROUP]	= { "provoked_cgroup_warnings", need_warn_cgroup },
	[NEED_CPU_HOTPLUG]	= { "cpu_hotplug", need_cpu_hotplug },
	[NEED_UFFD]		= { "userfaultfd", need_uffd },
	[NEED_UFFD_ASYNC]	= { "userfaultfd_wp_async", need_uffd_async },
	[NEED_FREE_PAGES]	= { "free_pages", need_free_pages },
	[NEED_PREFAULT]		= { "pre_fault_memory", need_prefault },
	[NEED_MEMPOLICY]	= { "mempolicy", need_mempolicy },
	[NEED_TWO_NODES]	= { "two_nodes", need_two_nodes },
	[NEED_IO_URING]		= { "io_uring", need_io_uring },
	[NEED_PROCESS_VM]	= { "process_vm", need_process_vm },
	[NEED_HUGETLB]		= { "hugetlb", need_hugetlb },
	[NEED_THP]		= { "thp", need_thp },
	[NEED_POISON]		= { "hwpoison", need_poison },
	[NEED_FILL_NODE]	= { "fill_node", need_fill_node },
	[NEED_CONVERT]		= { "conversion", need_convert },
	[NEED_IN_PLACE]		= { "in_place_conversion", need_in_place },
	[NEED_GUP_TEST]		= { "gup_test", need_gup_test },
	[NEED_LOSE_PAGES]	= { "poison_and_lose_pages", need_lose_pages },
	[NEED_PAGEMAP]		= { "pagemap", need_pagemap },
};
