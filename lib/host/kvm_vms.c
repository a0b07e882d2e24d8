// SPDX-License-Identifier: GPL-2.0-only
/* VMs whose creator has ended, from debugfs. */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "host/kvm_vms.h"

/* The statistics of all VMs are files beside the folders. */
static bool is_orphan(const char *proc, const char *vm)
{
	unsigned int pid, fd;
	char path[256];

	if (sscanf(vm, "%u-%u", &pid, &fd) != 2)
		return false;
	snprintf(path, sizeof(path), "%s/%u", proc, pid);
	return access(path, F_OK);
}

unsigned int kvm_vms_orphaned(const char *debugfs, const char *proc, char *name,
			      size_t size)
{
	struct dirent *entry;
	unsigned int nr = 0;
	char path[256];
	DIR *dir;

	snprintf(path, sizeof(path), "%s/kvm", debugfs);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (!is_orphan(proc, entry->d_name))
			continue;
		snprintf(name, size, "%s", entry->d_name);
		nr++;
	}
	if (dir)
		closedir(dir);
	return nr;
}
