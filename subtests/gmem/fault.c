// SPDX-License-Identifier: GPL-2.0-only
/*
 * guest_memfd that user space can map: first touches, holes, and memory that
 * must not be touched. Each first touch goes through
 * kvm_gmem_fault_user_mapping(), which in kernels with in-place conversion
 * takes the file's invalidate_lock under mmap_lock.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "kvm/gmem.h"
#include "kvm/suite.h"
#include "race/engine.h"
#include "subtests/gmem/tests.h"

static void expect_sigbus(u8 *page)
{
	TEST_EXPECT_SIGBUS((void)READ_ONCE(*page));
	TEST_EXPECT_SIGBUS(WRITE_ONCE(*page, 0xaa));
}

void init_shared_fault(const struct subtest_args *args)
{
	struct shared_gmem g;
	u64 faults, i;
	u8 *again;

	shared_gmem_create(&g, 1);
	faults = minor_faults();
	memset(g.mem, 0xaa, PAGE_SIZE);
	TEST_ASSERT(minor_faults() > faults, "the first touch did not fault");

	again = gmem_map(g.fd, 1);
	for (i = 0; i < PAGE_SIZE; i++)
		TEST_ASSERT(again[i] == 0xaa, "byte %lu is %#x", i, again[i]);

	kvm_munmap(again, PAGE_SIZE);
	shared_gmem_free(&g);
}

void fault_every_page(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 512);
	struct shared_gmem g;
	u64 faults;
	u8 *again;

	shared_gmem_create(&g, pages);
	faults = minor_faults();
	gmem_write_pattern(g.mem, pages, 1);
	faults = minor_faults() - faults;
	TEST_ASSERT(faults >= pages, "%lu faults for %lu pages", faults, pages);
	gmem_check(g.mem, pages, 1);

	/* Unmapped is not freed: both mappings find the contents again. */
	TEST_ASSERT(!madvise(g.mem, pages * PAGE_SIZE, MADV_DONTNEED),
		    "MADV_DONTNEED: %s", strerror(errno));
	gmem_check(g.mem, pages, 1);
	again = gmem_map(g.fd, pages);
	gmem_check(again, pages, 1);

	kvm_munmap(again, pages * PAGE_SIZE);
	shared_gmem_free(&g);
}

struct counting_thread {
	struct shared_gmem *g;
	u64 first;
};

/* Each thread starts at another page: both orders of any two pages occur. */
static int count_in_each_page(void *arg, unsigned long round)
{
	struct counting_thread *t = arg;
	u64 i;

	for (i = 0; i < t->g->pages; i++) {
		u64 page = (t->first + i) % t->g->pages;

		__atomic_fetch_add((u64 *)(t->g->mem + page * PAGE_SIZE), 1,
				   __ATOMIC_RELAXED);
	}
	return 0;
}

/* If two threads got different pages, a count would be lost. */
static void assert_counts(const struct shared_gmem *g, u64 threads)
{
	u64 i;

	for (i = 0; i < g->pages; i++) {
		u64 count = *(u64 *)(g->mem + i * PAGE_SIZE);

		TEST_ASSERT(count == threads, "page %lu: %lu of %lu threads", i,
			    count, threads);
	}
}

void fault_threads(const struct subtest_args *args)
{
	unsigned int threads = args_or(args->threads, 4);
	struct race_thread race[SUBTEST_THREADS_MAX] = {};
	struct counting_thread counting[SUBTEST_THREADS_MAX];
	struct shared_gmem g;
	struct rounds r;
	unsigned int i;

	shared_gmem_create(&g, args_or(args->pages, 64));
	for (i = 0; i < threads; i++) {
		counting[i].g = &g;
		counting[i].first = i * g.pages / threads;
		race[i].step = count_in_each_page;
		race[i].arg = &counting[i];
	}

	rounds_start(&r, args_or(args->iterations, 20), args->duration_s);
	while (rounds_next(&r)) {
		int ret = race_run(race, threads, 1, 0);

		TEST_ASSERT(!ret, "race: %s", strerror(-ret));
		assert_counts(&g, threads);
		gmem_punch(g.fd, 0, g.pages);
	}
	shared_gmem_free(&g);
}

static void private_sigbus(struct kvm_vm *vm, u64 pages)
{
	int fd = gmem_create(vm, pages, GUEST_MEMFD_FLAG_MMAP);
	u8 *mem = gmem_map(fd, pages);

	expect_sigbus(mem);
	expect_sigbus(mem + (pages - 1) * PAGE_SIZE);

	/* Not for lack of a page: with one it is the same. */
	kvm_fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, pages * PAGE_SIZE);
	expect_sigbus(mem);
	expect_sigbus(mem + (pages - 1) * PAGE_SIZE);

	kvm_munmap(mem, pages * PAGE_SIZE);
	kvm_close(fd);
}

void fault_private_sigbus(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 4);
	struct shared_gmem g;
	struct kvm_vm *vm;

	/* The same accesses to shared memory of the same VM succeed. */
	shared_gmem_create(&g, pages);
	private_sigbus(g.vm, pages);
	gmem_write_pattern(g.mem, pages, 1);
	gmem_check(g.mem, pages, 1);
	shared_gmem_free(&g);

	if (!(kvm_check_cap(KVM_CAP_VM_TYPES) & BIT(KVM_X86_SW_PROTECTED_VM))) {
		printf("no software-protected VMs: not tried on one\n");
		return;
	}
	vm = vm_create_barebones_type(KVM_X86_SW_PROTECTED_VM);
	private_sigbus(vm, pages);
	kvm_vm_free(vm);
}

void fault_beyond_end_sigbus(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 4);
	struct shared_gmem g;
	u8 *mem;

	shared_gmem_create(&g, pages);
	mem = gmem_map(g.fd, 2 * pages);
	gmem_write_pattern(mem, pages, 1);
	expect_sigbus(mem + pages * PAGE_SIZE);
	expect_sigbus(mem + (2 * pages - 1) * PAGE_SIZE);
	gmem_check(mem, pages, 1);

	kvm_munmap(mem, 2 * pages * PAGE_SIZE);
	shared_gmem_free(&g);
}

void punch_hole_refault(const struct subtest_args *args)
{
	u64 part = args_or(args->pages, 16), pages = 3 * part;
	struct shared_gmem g;
	u8 *hole, *after, *again;

	shared_gmem_create(&g, pages);
	again = gmem_map(g.fd, pages);
	hole = g.mem + part * PAGE_SIZE;
	after = g.mem + 2 * part * PAGE_SIZE;
	gmem_write_pattern(g.mem, part, 1);
	gmem_write_pattern(hole, part, 2);
	gmem_write_pattern(after, part, 3);

	/* Mapped twice; neither mapping may keep a freed page. */
	gmem_check(again + part * PAGE_SIZE, part, 2);
	gmem_punch(g.fd, part, part);
	gmem_check_zero(hole, part);
	gmem_check_zero(again + part * PAGE_SIZE, part);
	gmem_check(g.mem, part, 1);
	gmem_check(after, part, 3);

	gmem_write_pattern(hole, part, 4);
	gmem_check(again + part * PAGE_SIZE, part, 4);
	gmem_check(g.mem, part, 1);
	gmem_check(again + 2 * part * PAGE_SIZE, part, 3);

	kvm_munmap(again, pages * PAGE_SIZE);
	shared_gmem_free(&g);
}

void mmap_refused_without_flag(const struct subtest_args *args)
{
	struct kvm_vm *vm = vm_create_barebones();
	int without = gmem_create(vm, 1, 0);
	int with = gmem_create(vm, 1, GMEM_SHARED);
	u8 *mem;

	TEST_ASSERT_EQ(__gmem_map(without, 1, MAP_SHARED, &mem), -ENODEV);
	TEST_ASSERT_EQ(__gmem_map(with, 1, MAP_PRIVATE, &mem), -EINVAL);
	TEST_ASSERT_EQ(__gmem_map(with, 1, MAP_SHARED, &mem), 0);
	gmem_write_pattern(mem, 1, 1);

	kvm_munmap(mem, PAGE_SIZE);
	kvm_close(without);
	kvm_close(with);
	kvm_vm_free(vm);
}
