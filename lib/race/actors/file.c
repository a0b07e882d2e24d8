// SPDX-License-Identifier: GPL-2.0-only
/* The guest_memfd as a file: holes, allocation, calls that it refuses. */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/falloc.h>

#include "fixture.h"
#include "race/engine.h"

#define HOLE	(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE)

static int hole(struct act *a, struct fixture_vm *n)
{
	u64 first, nr;

	act_range(a, n->pages, &first, &nr);
	return ACT_CALL(a, "PUNCH_HOLE",
			fallocate(n->fd, HOLE, first * PAGE_SIZE,
				  nr * PAGE_SIZE));
}

int gmem_hole(struct act *a)
{
	return hole(a, &a->fx->normal);
}

int private_hole(struct act *a)
{
	return hole(a, &a->fx->private);
}

int in_place_hole(struct act *a)
{
	return hole(a, &a->fx->in_place);
}

/* KVM checks for a signal before each page. */
int gmem_allocate(struct act *a)
{
	struct fixture_vm *n = &a->fx->normal;
	u64 first, nr;

	act_range(a, n->pages, &first, &nr);
	return ACT_CALL(a, "fallocate",
			fallocate(n->fd, FALLOC_FL_KEEP_SIZE,
				  first * PAGE_SIZE, nr * PAGE_SIZE), EINTR);
}

/* Its size never changes, and holes are of whole pages. */
int gmem_truncate(struct act *a)
{
	struct fixture_vm *n = &a->fx->normal;
	u64 page = prng_below(&a->prng, n->pages) * PAGE_SIZE;

	switch (prng_below(&a->prng, 6)) {
	case 0:
		return act_refused(a, "ftruncate", ftruncate(n->fd, page),
				   EINVAL);
	case 1:
		return act_refused(a, "ftruncate (same size)",
				   ftruncate(n->fd, n->pages * PAGE_SIZE),
				   EINVAL);
	case 2:
		return act_refused(a, "fallocate without KEEP_SIZE",
				   fallocate(n->fd, 0, page, PAGE_SIZE),
				   EOPNOTSUPP);
	case 3:
		return act_refused(a, "fallocate of half a page",
				   fallocate(n->fd, FALLOC_FL_KEEP_SIZE, page,
					     PAGE_SIZE / 2), EINVAL);
	case 4:
		return act_refused(a, "COLLAPSE_RANGE",
				   fallocate(n->fd, FALLOC_FL_COLLAPSE_RANGE,
					     page, PAGE_SIZE), EOPNOTSUPP);
	}
	return act_refused(a, "PUNCH_HOLE of half a page",
			   fallocate(n->fd, HOLE, page, PAGE_SIZE / 2), EINVAL);
}

/* A file that is bound and mapped, touched, and closed in any order. */
static int life(struct act *a, struct kvm_userspace_memory_region2 *slot)
{
	struct fixture_vm *n = &a->fx->normal;
	u8 *mem;
	int ret, end;

	ret = ACT_CALL(a, "memslot on a new guest_memfd",
		       ioctl(n->vm->fd, KVM_SET_USER_MEMORY_REGION2, slot));
	if (ret)
		return ret;
	if (__gmem_map(slot->guest_memfd, 1, MAP_SHARED, &mem))
		return ACT_CALL(a, "mmap of a new guest_memfd", -1);
	if (prng_below(&a->prng, 2)) {
		close(slot->guest_memfd);
		slot->guest_memfd = -1;
	}
	if (*(u64 *)mem)
		return act_fail(a, -EILSEQ, "a new guest_memfd holds %#lx",
				*(u64 *)mem);
	ret = act_write(mem, 1);
	slot->memory_size = 0;
	end = ACT_CALL(a, "memslot deleted",
		       ioctl(n->vm->fd, KVM_SET_USER_MEMORY_REGION2, slot));
	munmap(mem, PAGE_SIZE);
	return ret ? RACE_MISSED : end;
}

int gmem_life(struct act *a)
{
	struct fixture_vm *n = &a->fx->normal;
	int fd = __gmem_create(n->vm, 1, GMEM_SHARED), ret;
	struct kvm_userspace_memory_region2 slot = {
		.slot = PART_SLOT(NR_PARTS),
		.flags = KVM_MEM_GUEST_MEMFD,
		.guest_phys_addr = part_gpa(a->fx, NR_PARTS),
		.memory_size = PAGE_SIZE,
		.userspace_addr = (u64)n->mem,
		.guest_memfd = fd,
	};

	errno = -fd;
	if (fd < 0)
		return ACT_CALL(a, "KVM_CREATE_GUEST_MEMFD", -1);
	ret = life(a, &slot);
	if ((int)slot.guest_memfd >= 0)
		close(fd);
	return ret;
}
