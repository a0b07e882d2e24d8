// SPDX-License-Identifier: GPL-2.0-only
/* lib/host/cpus.c: on a tree of files. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/cpus.h"
#include "unit.h"

static char dir[] = "/tmp/test_cpus-XXXXXX";

static void put(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (!text) {
		mkdir(path, 0755);
		return;
	}
	f = fopen(path, "w");
	if (f) {
		fputs(text, f);
		fclose(f);
	}
}

static char state_of(unsigned int cpu)
{
	char path[128], state = '?';
	int fd;

	snprintf(path, sizeof(path), "%s/cpu%u/online", dir, cpu);
	fd = open(path, O_RDONLY);
	if (fd >= 0) {
		if (read(fd, &state, 1) != 1)
			state = '?';
		close(fd);
	}
	return state;
}

/* CPU 0 has to stay, 1 and 2 share a package, 3 is offline, 5 is alone. */
static void make_tree(void)
{
	static const struct {
		const char *cpu;
		const char *online;
		const char *package;
	} cpus[] = {
		{ "cpu0", NULL, "0\n" }, { "cpu1", "1\n", "1\n" },
		{ "cpu2", "1\n", "1\n" }, { "cpu3", "0\n", NULL },
		{ "cpu5", "1\n", "2\n" },
	};
	char name[64];
	unsigned int i;

	for (i = 0; i < sizeof(cpus) / sizeof(cpus[0]); i++) {
		put(cpus[i].cpu, NULL);
		snprintf(name, sizeof(name), "%s/topology", cpus[i].cpu);
		put(name, NULL);
		snprintf(name, sizeof(name), "%s/online", cpus[i].cpu);
		if (cpus[i].online)
			put(name, cpus[i].online);
		snprintf(name, sizeof(name), "%s/topology/physical_package_id",
			 cpus[i].cpu);
		if (cpus[i].package)
			put(name, cpus[i].package);
	}
}

static void reads(void)
{
	struct cpus c;

	CHECK_EQ(cpus_read(dir, &c), 0);
	CHECK_EQ(c.nr, 6);
	CHECK(c.cpu[0].online && !c.cpu[0].can_offline && !c.cpu[0].package);
	CHECK(c.cpu[1].online && c.cpu[1].can_offline);
	CHECK(c.cpu[3].present && !c.cpu[3].online && !c.cpu[3].can_offline);
	CHECK_EQ(c.cpu[3].package, -1);
	CHECK(!c.cpu[4].present);
	CHECK_EQ(c.cpu[4].package, -1);
	CHECK_EQ(cpus_in_package(&c, 0), 1);
	CHECK_EQ(cpus_in_package(&c, 1), 2);
	CHECK_EQ(cpus_in_package(&c, 3), 0);
	CHECK_EQ(cpus_in_package(&c, -1), 0);
	CHECK_EQ(cpus_read("/nowhere", &c), -ENOENT);
}

static void can_offline(void)
{
	char why[64] = "";

	CHECK(cpus_can_offline(dir, why, sizeof(why)));
	CHECK(!cpus_can_offline("/nowhere", why, sizeof(why)));
	CHECK_STR(why, "/nowhere: No such file or directory");
}

static void come_back(void)
{
	struct cpus before;

	CHECK_EQ(cpus_read(dir, &before), 0);
	CHECK_EQ(cpu_set_online(dir, 1, false), 0);
	CHECK_EQ(cpu_set_online(dir, 5, false), 0);
	CHECK_EQ(state_of(1), '0');
	CHECK_EQ(cpus_bring_back(dir, &before), 0);
	CHECK_EQ(state_of(1), '1');
	CHECK_EQ(state_of(2), '1');
	CHECK_EQ(state_of(3), '0');
	CHECK_EQ(state_of(5), '1');
	CHECK_EQ(cpu_set_online(dir, 0, false), -ENOENT);
}

/* A CPU that stays offline is reported; the others are brought back. */
static void one_does_not(void)
{
	struct cpus before;

	CHECK_EQ(cpus_read(dir, &before), 0);
	before.cpu[4] = (struct cpu){ .present = true, .online = true };
	CHECK_EQ(cpu_set_online(dir, 5, false), 0);
	CHECK_EQ(cpus_bring_back(dir, &before), -EIO);
	CHECK_EQ(state_of(5), '1');
	CHECK_EQ(cpus_bring_back("/nowhere", &before), -ENOENT);
}

static void tree(void)
{
	CHECK(mkdtemp(dir));
	make_tree();
}

static void no_tree(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -r %s", dir);
	CHECK_EQ(system(command), 0);
}

UNIT_MAIN(
	{ "tree", tree },
	{ "reads", reads },
	{ "can_offline", can_offline },
	{ "come_back", come_back },
	{ "one_does_not", one_does_not },
	{ "no_tree", no_tree },
)
