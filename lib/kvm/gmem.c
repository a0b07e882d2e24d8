// SPDX-License-Identifier: GPL-2.0-only
/* guest_memfd from the side of the host: create, map, fault, punch. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <linux/falloc.h>

#include "kvm/gmem.h"

int __gmem_create(struct kvm_vm *vm, u64 pages, u64 flags)
{
	int fd = __vm_create_guest_memfd(vm, pages * PAGE_SIZE, flags);

	return fd < 0 ? -errno : fd;
}

int gmem_create(struct kvm_vm *vm, u64 pages, u64 flags)
{
	int fd = __gmem_create(vm, pages, flags);

	TEST_ASSERT(fd >= 0, "guest_memfd of %lu pages, flags %#lx: %s",
		    pages, flags, strerror(-fd));
	return fd;
}

int __gmem_map(int fd, u64 pages, int map_flags, u8 **mem)
{
	void *map = mmap(NULL, pages * PAGE_SIZE, PROT_READ | PROT_WRITE,
			 map_flags, fd, 0);

	*mem = map == MAP_FAILED ? NULL : map;
	return *mem ? 0 : -errno;
}

u8 *gmem_map(int fd, u64 pages)
{
	u8 *mem;
	int ret;

	ret = __gmem_map(fd, pages, MAP_SHARED, &mem);
	TEST_ASSERT(!ret, "mmap of a guest_memfd: %s", strerror(-ret));
	return mem;
}

int __gmem_punch(int fd, u64 first, u64 pages)
{
	int ret = fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			    first * PAGE_SIZE, pages * PAGE_SIZE);

	return ret ? -errno : 0;
}

void gmem_punch(int fd, u64 first, u64 pages)
{
	int ret = __gmem_punch(fd, first, pages);

	TEST_ASSERT(!ret, "PUNCH_HOLE of %lu pages from %lu: %s", pages, first,
		    strerror(-ret));
}

/* Never zero, and different for each page and seed. */
u64 gmem_pattern(u64 seed, u64 page)
{
	return (seed << 32 | page) + 1;
}

void gmem_write_pattern(u8 *mem, u64 pages, u64 seed)
{
	u64 i;

	/* One access that reads and writes: one write fault. */
	for (i = 0; i < pages; i++) {
		u64 *word = (u64 *)(mem + i * PAGE_SIZE);
		u64 old = __atomic_exchange_n(word, gmem_pattern(seed, i),
					      __ATOMIC_RELAXED);

		if (old)
			TEST_FAIL("page %lu is %#lx before its first write", i,
				  old);
	}
}

static void check_page(const u8 *mem, u64 page, u64 want)
{
	const volatile u64 *word;

	word = (const volatile u64 *)(mem + page * PAGE_SIZE);
	TEST_ASSERT(*word == want, "page %lu is %#lx, not %#lx", page, *word,
		    want);
}

void gmem_check(const u8 *mem, u64 pages, u64 seed)
{
	u64 i;

	for (i = 0; i < pages; i++)
		check_page(mem, i, gmem_pattern(seed, i));
}

void gmem_check_zero(const u8 *mem, u64 pages)
{
	u64 i;

	for (i = 0; i < pages; i++)
		check_page(mem, i, 0);
}

u64 minor_faults(void)
{
	struct rusage usage;

	TEST_ASSERT(!getrusage(RUSAGE_SELF, &usage), "getrusage()");
	return usage.ru_minflt;
}

void shared_gmem_create(struct shared_gmem *g, u64 pages)
{
	g->pages = pages;
	g->vm = vm_create_barebones();
	g->fd = gmem_create(g->vm, pages, GMEM_SHARED);
	g->mem = gmem_map(g->fd, pages);
}

void shared_gmem_free(struct shared_gmem *g)
{
	kvm_munmap(g->mem, g->pages * PAGE_SIZE);
	kvm_close(g->fd);
	kvm_vm_free(g->vm);
}
