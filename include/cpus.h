/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPUs by /sys/devices/system/cpu: which are online, in which package, and
 * taking them offline in a way that they come back from.
 */
#ifndef CPUS_H
#define CPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define CPU_SYSFS	"/sys/devices/system/cpu"
#define CPUS_MAX	1024

struct cpu {
	bool present;
	bool online;
	bool can_offline;	/* has a file for it that can be written */
	int package;		/* -1 if not online: nobody tells then */
};

struct cpus {
	struct cpu cpu[CPUS_MAX];
	unsigned int nr;	/* one more than the last that is present */
};

/* Each function takes @sysfs, CPU_SYSFS, and returns 0 or -errno. */
int cpus_read(const char *sysfs, struct cpus *cpus);
int cpu_set_online(const char *sysfs, unsigned int cpu, bool online);

/* Is there a CPU that can go offline? If not, say so in @why. */
bool cpus_can_offline(const char *sysfs, char *why, size_t size);

/* Online CPUs of @package. */
unsigned int cpus_in_package(const struct cpus *cpus, int package);

/*
 * A process that takes every CPU of @cpus that is online back online, once this
 * process ends, however that may be, or calls cpus_guard_end(). It is in a
 * process group of its own. -errno or 0; cpus_guard_end() gives -EIO if not all
 * CPUs are back.
 */
struct cpus_guard {
	pid_t pid;
	int fd;
};

int cpus_guard_start(const char *sysfs, const struct cpus *cpus,
		     struct cpus_guard *guard);
int cpus_guard_end(struct cpus_guard *guard);

#endif
