// SPDX-License-Identifier: GPL-2.0-only
/* lib/host/kvm_vms.c on folders that look like debugfs and /proc. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/kvm_vms.h"
#include "unit.h"

static char root[] = "/tmp/kvm_vms.XXXXXX";
static char made[16][128];
static int nr_made;

static void folder(const char *name)
{
	char *path = made[nr_made++];

	snprintf(path, sizeof(made[0]), "%s/%s", root, name);
	CHECK(!mkdir(path, 0700));
}

static void remove_all(void)
{
	while (nr_made)
		CHECK(!rmdir(made[--nr_made]));
	CHECK(!rmdir(root));
}

static void finds_orphans(void)
{
	char debugfs[64], proc[64], name[32] = "";

	CHECK(mkdtemp(root));
	snprintf(debugfs, sizeof(debugfs), "%s/debug", root);
	snprintf(proc, sizeof(proc), "%s/proc", root);
	CHECK_EQ(kvm_vms_orphaned(debugfs, proc, name, sizeof(name)), 0);

	folder("debug");
	folder("debug/kvm");
	folder("proc");
	CHECK_EQ(kvm_vms_orphaned(debugfs, proc, name, sizeof(name)), 0);
	folder("debug/kvm/12-3");
	folder("debug/kvm/mmu_unsync");
	folder("debug/kvm/7");
	folder("proc/12");
	CHECK_EQ(kvm_vms_orphaned(debugfs, proc, name, sizeof(name)), 0);
	CHECK_STR(name, "");
	/* The whole number counts: 12 exists, 123 and 1 do not. */
	folder("debug/kvm/123-3");
	CHECK_EQ(kvm_vms_orphaned(debugfs, proc, name, sizeof(name)), 1);
	CHECK_STR(name, "123-3");
	folder("debug/kvm/1-14");
	CHECK_EQ(kvm_vms_orphaned(debugfs, proc, name, sizeof(name)), 2);
	remove_all();
}

UNIT_MAIN(
	{ "finds_orphans", finds_orphans },
)
