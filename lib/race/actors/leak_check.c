// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a mix has leaked when its process is gone. A leaked reference to a VM
 * keeps the VM and all its memslots; one to a page keeps the page, and only the
 * machine's free memory may show it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/free_pages.h"
#include "host/kvm_vms.h"
#include "leak_check.h"
#include "race/actors/actors.h"
#include "softtdx/stats.h"

#define DEBUGFS		"/sys/kernel/debug"
#define PROC		"/proc"

/*
 * The rest of the machine changes the number by less: in the lab by 30 pages in
 * seconds, by 150 in minutes.
 */
#define PAGES_LOST	512

/* Deferred work, such as closing files of io_uring, may hold a VM. */
#define SETTLE_ROUNDS	50
#define SETTLE_US	100000

/*
 * Free pages are the whole machine's: they count only in the lab, without other
 * users, and without actors that lose pages for good.
 */
static bool pages_countable(uint64_t set)
{
	return !(set & actors_that_hurt()) && !access(SOFTTDX_DIR, R_OK);
}

void leak_check_begin(struct leak_check *check, uint64_t set, bool pages)
{
	char name[32];

	check->vms = kvm_vms_orphaned(DEBUGFS, PROC, name, sizeof(name));
	check->pages = 0;
	if (pages && pages_countable(set))
		free_pages_read(PROC, &check->pages);
}

static unsigned int vms_after(unsigned int before, char *name, size_t size)
{
	unsigned int i, vms = 0;

	for (i = 0; i < SETTLE_ROUNDS; i++) {
		if (i)
			usleep(SETTLE_US);
		vms = kvm_vms_orphaned(DEBUGFS, PROC, name, size);
		if (vms <= before)
			return 0;
	}
	return vms - before;
}

static bool pages_are_lost(const struct leak_check *before, char *why,
			   size_t size)
{
	uint64_t now;
	int ret;

	if (before->pages < PAGES_LOST)
		return false;
	ret = free_pages_settle(PROC, before->pages - PAGES_LOST, &now);
	if (ret) {
		snprintf(why, size, "free pages: %s", strerror(-ret));
		return true;
	}
	printf("free pages: %" PRIu64 " before, %" PRIu64 " after\n",
	       before->pages, now);
	snprintf(why, size, "%" PRIu64 " pages are lost",
		 before->pages - now);
	/* The last check takes longest. */
	return now + PAGES_LOST < before->pages && !free_pages_late(PROC);
}

bool leak_check_end(const struct leak_check *before, char *why, size_t size)
{
	unsigned int vms;
	char name[32];

	vms = vms_after(before->vms, name, sizeof(name));
	if (vms) {
		snprintf(why, size, "VMs outlive their users: %u, such as %s",
			 vms, name);
		return true;
	}
	return pages_are_lost(before, why, size);
}
