// SPDX-License-Identifier: GPL-2.0-only
/* CPUs: online, packages, offline and back. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "host/cpus.h"

static void path_of(char *path, const char *sysfs, unsigned int cpu,
		    const char *file)
{
	snprintf(path, PATH_MAX, "%s/cpu%u/%s", sysfs, cpu, file);
}

/* A number in a file, or -errno. */
static int read_number(const char *sysfs, unsigned int cpu, const char *file)
{
	char path[PATH_MAX], text[32];
	unsigned long value;
	ssize_t len;
	int fd;

	path_of(path, sysfs, cpu, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;

	len = read(fd, text, sizeof(text) - 1);
	if (len < 0)
		len = -errno;
	close(fd);
	if (len < 0)
		return len;

	text[len] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return number_parse(text, 0, INT_MAX, &value) ? -EINVAL : (int)value;
}

/* CPU 0 has no file "online" where it cannot go offline. */
static void read_cpu(const char *sysfs, unsigned int nr, struct cpu *cpu)
{
	char path[PATH_MAX];
	int online;

	path_of(path, sysfs, nr, "");
	cpu->present = !access(path, F_OK);
	if (!cpu->present)
		return;

	online = read_number(sysfs, nr, "online");
	cpu->online = online == 1 || online == -ENOENT;
	path_of(path, sysfs, nr, "online");
	cpu->can_offline = cpu->online && !access(path, W_OK);
	cpu->package = read_number(sysfs, nr, "topology/physical_package_id");
	if (!cpu->online || cpu->package < 0)
		cpu->package = -1;
}

int cpus_read(const char *sysfs, struct cpus *cpus)
{
	unsigned int i;

	memset(cpus, 0, sizeof(*cpus));
	for (i = 0; i < CPUS_MAX; i++) {
		cpus->cpu[i].package = -1;
		read_cpu(sysfs, i, &cpus->cpu[i]);
		if (cpus->cpu[i].present)
			cpus->nr = i + 1;
	}
	return cpus->nr ? 0 : -ENOENT;
}

int cpu_set_online(const char *sysfs, unsigned int cpu, bool online)
{
	char path[PATH_MAX];
	int fd, ret;

	path_of(path, sysfs, cpu, "online");
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;

	ret = write(fd, online ? "1" : "0", 1) == 1 ? 0 : -errno;
	close(fd);
	return ret;
}

bool cpus_can_offline(const char *sysfs, char *why, size_t size)
{
	struct cpus cpus;
	unsigned int i;
	int ret;

	ret = cpus_read(sysfs, &cpus);
	if (ret) {
		snprintf(why, size, "%s: %s", sysfs, strerror(-ret));
		return false;
	}
	for (i = 0; i < cpus.nr; i++) {
		if (cpus.cpu[i].can_offline)
			return true;
	}
	snprintf(why, size, "%s/cpu*/online: none to be written", sysfs);
	return false;
}

unsigned int cpus_in_package(const struct cpus *cpus, int package)
{
	unsigned int nr = 0, i;

	for (i = 0; i < cpus->nr; i++)
		nr += cpus->cpu[i].online && cpus->cpu[i].package == package;
	return nr;
}

int cpus_bring_back(const char *sysfs, const struct cpus *before)
{
	struct cpus now;
	unsigned int i;
	int ret;

	ret = cpus_read(sysfs, &now);
	if (ret)
		return ret;

	for (i = 0; i < before->nr; i++) {
		if (before->cpu[i].online && !now.cpu[i].online &&
		    cpu_set_online(sysfs, i, true))
			ret = -EIO;
	}
	return ret;
}
