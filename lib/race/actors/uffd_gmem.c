// SPDX-License-Identifier: GPL-2.0-only
/*
 * A mapping of the guest_memfd that a userfaultfd write-protects. For memory
 * that is neither anonymous nor shmem nor hugetlb the kernel allows only this
 * use (vma_can_userfault() in mm/userfaultfd.c): a write lifts the protection.
 */
#include <errno.h>
#include <linux/userfaultfd.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "fixture.h"
#include "uffd_delay.h"
#include "race/engine.h"

struct uffd_gmem {
	u8 *mem;
	int uffd;
};

void uffd_gmem_start(struct act *a)
{
	struct uffd_gmem *u = calloc(1, sizeof(*u));
	u64 pages = a->fx->normal.pages;

	TEST_ASSERT(u, "memory");
	a->data = u;
	u->mem = gmem_map(a->fx->normal.fd, pages);
	u->uffd = uffd_register(u->mem, pages * PAGE_SIZE,
				UFFD_FEATURE_WP_ASYNC, UFFDIO_REGISTER_MODE_WP);
}

void uffd_gmem_end(struct act *a)
{
	struct uffd_gmem *u = a->data;

	close(u->uffd);
	kvm_munmap(u->mem, a->fx->normal.pages * PAGE_SIZE);
	free(u);
}

/* EAGAIN: a fork or another change of the address space is in progress. */
int uffd_gmem(struct act *a)
{
	struct uffd_gmem *u = a->data;
	u64 first, nr, word, seen;
	struct uffdio_writeprotect wp = {
		.mode = UFFDIO_WRITEPROTECT_MODE_WP,
	};
	u64 *lane;
	int ret;

	act_range(a, a->fx->normal.pages, &first, &nr);
	lane = lane_word(u->mem, first, a->lane);
	wp.range.start = (u64)u->mem + first * PAGE_SIZE;
	wp.range.len = nr * PAGE_SIZE;
	if (act_write(lane, act_pattern(a, MEMORY_NORMAL, first)))
		return RACE_MISSED;
	ret = ACT_CALL(a, "UFFDIO_WRITEPROTECT",
		       ioctl(u->uffd, UFFDIO_WRITEPROTECT, &wp), EAGAIN);
	if (ret)
		return ret;
	word = act_pattern(a, MEMORY_NORMAL, first);
	if (act_write(lane, word) || act_read(lane, &seen))
		return RACE_MISSED;
	return act_last(a, seen, word, first);
}
