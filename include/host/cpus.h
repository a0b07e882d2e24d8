/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPUs by /sys/devices/system/cpu: which are online, in which package; take
 * them offline and bring them back.
 */
#ifndef HOST_CPUS_H
#define HOST_CPUS_H

#include <stdbool.h>
#include <stddef.h>

#define CPU_SYSFS	"/sys/devices/system/cpu"
#define CPUS_MAX	1024

struct cpu {
	bool present;
	bool online;
	bool can_offline;	/* has a file for it that can be written */
	int package;		/* -1 if not online: sysfs has none then */
};

struct cpus {
	struct cpu cpu[CPUS_MAX];
	unsigned int nr;	/* one more than the last that is present */
};

/* Each function takes @sysfs, CPU_SYSFS, and returns 0 or -errno. */
int cpus_read(const char *sysfs, struct cpus *cpus);
int cpu_set_online(const char *sysfs, unsigned int cpu, bool online);

/* Is there a CPU that can go offline? If not, @why says why. */
bool cpus_can_offline(const char *sysfs, char *why, size_t size);

/* Online CPUs of @package. */
unsigned int cpus_in_package(const struct cpus *cpus, int package);

/*
 * Every CPU online that was in @before and is not now. -EIO if one does not
 * come back; the others are tried, too.
 */
int cpus_bring_back(const char *sysfs, const struct cpus *before);

#endif
