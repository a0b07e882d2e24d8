// SPDX-License-Identifier: GPL-2.0-only
/*
 * guest_memfd that user space can map: faults, holes, sharing with a running
 * guest and with a forked process. All of it is the ground that in-place
 * conversion stands on, and each first touch of a mapping goes through
 * kvm_gmem_fault_user_mapping(), which from in-place conversion on takes the
 * file's invalidate_lock under mmap_lock.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gmem.h"
#include "kvm_compat.h"
#include "kvm_suite.h"
#include "race.h"
#include "ucall_common.h"

#define GUEST_GPA	0x100000000ul	/* above slot 0 and the APIC page */
#define GUEST_SLOT	1

static void expect_sigbus(u8 *page)
{
	TEST_EXPECT_SIGBUS((void)READ_ONCE(*page));
	TEST_EXPECT_SIGBUS(WRITE_ONCE(*page, 0xaa));
}

static void init_shared_fault(const struct subtest_args *args)
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

static void fault_every_page(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 512);
	struct shared_gmem g;
	u64 faults;
	u8 *again;

	shared_gmem_create(&g, pages);
	faults = minor_faults();
	gmem_stamp(g.mem, pages, 1);
	faults = minor_faults() - faults;
	TEST_ASSERT(faults >= pages, "%lu faults for %lu pages", faults, pages);
	gmem_check(g.mem, pages, 1);

	/* Unmapped is not freed: it is found again, here and elsewhere. */
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

/* Start at a page of its own, so that both orders of any two pages occur. */
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

/* Two threads that were given different pages would lose a count. */
static void assert_counts(const struct shared_gmem *g, u64 threads)
{
	u64 i;

	for (i = 0; i < g->pages; i++) {
		u64 count = *(u64 *)(g->mem + i * PAGE_SIZE);

		TEST_ASSERT(count == threads, "page %lu: %lu of %lu threads", i,
			    count, threads);
	}
}

static void fault_threads(const struct subtest_args *args)
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

	/* Not for want of a page: with one it is the same. */
	kvm_fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, pages * PAGE_SIZE);
	expect_sigbus(mem);
	expect_sigbus(mem + (pages - 1) * PAGE_SIZE);

	kvm_munmap(mem, pages * PAGE_SIZE);
	kvm_close(fd);
}

static void fault_private_sigbus(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 4);
	struct shared_gmem g;
	struct kvm_vm *vm;

	/* The same accesses to shared memory of the same VM are fine. */
	shared_gmem_create(&g, pages);
	private_sigbus(g.vm, pages);
	gmem_stamp(g.mem, pages, 1);
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

static void fault_beyond_end_sigbus(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 4);
	struct shared_gmem g;
	u8 *mem;

	shared_gmem_create(&g, pages);
	mem = gmem_map(g.fd, 2 * pages);
	gmem_stamp(mem, pages, 1);
	expect_sigbus(mem + pages * PAGE_SIZE);
	expect_sigbus(mem + (2 * pages - 1) * PAGE_SIZE);
	gmem_check(mem, pages, 1);

	kvm_munmap(mem, 2 * pages * PAGE_SIZE);
	shared_gmem_free(&g);
}

static void punch_hole_refault(const struct subtest_args *args)
{
	u64 part = args_or(args->pages, 16), pages = 3 * part;
	struct shared_gmem g;
	u8 *hole, *after, *again;

	shared_gmem_create(&g, pages);
	again = gmem_map(g.fd, pages);
	hole = g.mem + part * PAGE_SIZE;
	after = g.mem + 2 * part * PAGE_SIZE;
	gmem_stamp(g.mem, part, 1);
	gmem_stamp(hole, part, 2);
	gmem_stamp(after, part, 3);

	/* Mapped twice, and neither mapping may keep what is gone. */
	gmem_check(again + part * PAGE_SIZE, part, 2);
	gmem_punch(g.fd, part, part);
	gmem_check_zero(hole, part);
	gmem_check_zero(again + part * PAGE_SIZE, part);
	gmem_check(g.mem, part, 1);
	gmem_check(after, part, 3);

	gmem_stamp(hole, part, 4);
	gmem_check(again + part * PAGE_SIZE, part, 4);
	gmem_check(g.mem, part, 1);
	gmem_check(again + 2 * part * PAGE_SIZE, part, 3);

	kvm_munmap(again, pages * PAGE_SIZE);
	shared_gmem_free(&g);
}

static void mmap_refused_without_flag(const struct subtest_args *args)
{
	struct kvm_vm *vm = vm_create_barebones();
	int without = gmem_create(vm, 1, 0);
	int with = gmem_create(vm, 1, GMEM_SHARED);
	u8 *mem;

	TEST_ASSERT_EQ(__gmem_map(without, 1, MAP_SHARED, &mem), -ENODEV);
	TEST_ASSERT_EQ(__gmem_map(with, 1, MAP_PRIVATE, &mem), -EINVAL);
	TEST_ASSERT_EQ(__gmem_map(with, 1, MAP_SHARED, &mem), 0);
	gmem_stamp(mem, 1, 1);

	kvm_munmap(mem, PAGE_SIZE);
	kvm_close(without);
	kvm_close(with);
	kvm_vm_free(vm);
}

/* Runs in the guest. */
static void guest_expect(u64 *mem, u64 pages, u64 seed)
{
	u64 i, want;

	for (i = 0; i < pages; i++) {
		want = seed ? gmem_stamp_of(seed, i) : 0;
		__GUEST_ASSERT(mem[i * 512] == want,
			       "page %lu is 0x%lx, not 0x%lx", i, mem[i * 512],
			       want);
	}
}

static void guest_write(u64 *mem, u64 pages, u64 seed)
{
	u64 i;

	for (i = 0; i < pages; i++)
		mem[i * 512] = gmem_stamp_of(seed, i);
}

static void guest_code(u64 *mem, u64 pages)
{
	guest_expect(mem, pages, 1);
	guest_write(mem, pages, 2);
	GUEST_SYNC(1);

	guest_expect(mem, pages, 0);
	guest_write(mem, pages, 3);
	GUEST_SYNC(2);

	guest_expect(mem, pages, 4);
	GUEST_DONE();
}

static void run_guest_until(struct kvm_vcpu *vcpu, u64 cmd)
{
	struct ucall uc;

	vcpu_run(vcpu);
	if (get_ucall(vcpu, &uc) == UCALL_ABORT)
		REPORT_GUEST_ASSERT(uc);
	TEST_ASSERT(uc.cmd == cmd, "the guest called %lu, not %lu", uc.cmd,
		    cmd);
}

static void host_and_guest_see_the_same_page(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 16);
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	u64 stamp, i;
	int fd;
	u8 *mem;

	/* With page tables for as many pages. */
	vm = __vm_create_shape_with_one_vcpu(VM_SHAPE_DEFAULT, &vcpu, pages,
					     guest_code);
	fd = gmem_create(vm, pages, GMEM_SHARED);
	mem = gmem_map(fd, pages);
	vm_set_user_memory_region2(vm, GUEST_SLOT, KVM_MEM_GUEST_MEMFD,
				   GUEST_GPA, pages * PAGE_SIZE, mem, fd, 0);
	virt_map(vm, GUEST_GPA, GUEST_GPA, pages);
	vcpu_args_set(vcpu, 2, GUEST_GPA, pages);

	/* First touched by the host, written by the guest. */
	gmem_stamp(mem, pages, 1);
	run_guest_until(vcpu, UCALL_SYNC);
	gmem_check(mem, pages, 2);

	/* Taken from both, first touched by the guest. */
	gmem_punch(fd, 0, pages);
	run_guest_until(vcpu, UCALL_SYNC);
	gmem_check(mem, pages, 3);

	/* Written by the host while the guest has it mapped. */
	for (i = 0; i < pages; i++) {
		stamp = gmem_stamp_of(4, i);
		*(volatile u64 *)(mem + i * PAGE_SIZE) = stamp;
	}
	run_guest_until(vcpu, UCALL_DONE);

	kvm_munmap(mem, pages * PAGE_SIZE);
	kvm_close(fd);
	kvm_vm_free(vm);
}

static void fork_sees_it(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 16);
	struct shared_gmem g;
	int status;
	pid_t pid;

	shared_gmem_create(&g, 2 * pages);
	gmem_stamp(g.mem, pages, 1);

	/* The child reads what was there and first touches the other half. */
	pid = fork();
	TEST_ASSERT(pid >= 0, "fork: %s", strerror(errno));
	if (!pid) {
		gmem_check(g.mem, pages, 1);
		gmem_punch(g.fd, 0, pages);
		gmem_stamp(g.mem, pages, 2);
		gmem_stamp(g.mem + pages * PAGE_SIZE, pages, 3);
		_exit(0);
	}
	TEST_ASSERT_EQ(waitpid(pid, &status, 0), pid);
	TEST_ASSERT(!status, "the child ended with status %#x", status);

	gmem_check(g.mem, pages, 2);
	gmem_check(g.mem + pages * PAGE_SIZE, pages, 3);
	shared_gmem_free(&g);
}

/*
 * The capability's number differs between all posted versions, so ask the
 * ioctl itself: for an empty range, which changes nothing. A file without it
 * answers ENOTTY, and so does one whose KVM has the feature turned off.
 */
static void conversion(const struct subtest_args *args)
{
	struct kvm_memory_attributes2 attr = {
		.attributes = KVM_MEMORY_ATTRIBUTE_PRIVATE,
	};
	struct kvm_vm *vm = vm_create_barebones();
	int fd = gmem_create(vm, 1, 0);
	int ret;

	ret = ioctl(fd, KVM_SET_MEMORY_ATTRIBUTES2, &attr);
	if (ret && errno == ENOTTY)
		subtest_skip("KVM_SET_MEMORY_ATTRIBUTES2, called on a guest_memfd, gave ENOTTY: no in-place conversion here");

	TEST_ASSERT(ret && errno == EINVAL,
		    "KVM_SET_MEMORY_ATTRIBUTES2 for an empty range: %d, %s",
		    ret, strerror(errno));
	subtest_skip("KVM_SET_MEMORY_ATTRIBUTES2, called on a guest_memfd, gave EINVAL for an empty range: in-place conversion is there, not covered yet");
}

#define SHARED	(NEEDS(KVM) | NEEDS(GMEM_SHARED))

static const struct subtest subtests[] = {
	{ "init_shared_fault", "first touch of a shared page, as in the report",
	  SHARED, 30, init_shared_fault },
	{ "fault_every_page", "each page is its own and stays what it is",
	  SHARED, 60, fault_every_page },
	{ "fault_threads", "threads first touch the same pages at once",
	  SHARED, 120, fault_threads },
	{ "fault_private_sigbus", "without INIT_SHARED a touch is SIGBUS",
	  SHARED, 30, fault_private_sigbus },
	{ "fault_beyond_end_sigbus", "past the end a touch is SIGBUS",
	  SHARED, 30, fault_beyond_end_sigbus },
	{ "punch_hole_refault", "a hole reads zero in all mappings",
	  SHARED, 30, punch_hole_refault },
	{ "mmap_refused_without_flag", "mmap wants MMAP and MAP_SHARED",
	  SHARED, 30, mmap_refused_without_flag },
	{ "host_and_guest_see_the_same_page", "a running VM and its VMM",
	  SHARED, 60, host_and_guest_see_the_same_page },
	{ "fork_sees_it", "a forked process shares the pages",
	  SHARED, 30, fork_sees_it },
	{ "conversion", "is there in-place conversion, by asking for it",
	  NEEDS(KVM) | NEEDS(GMEM), 30, conversion },
};

int main(int argc, char **argv)
{
	const struct suite suite = KVM_SUITE(
		"guest_memfd mapped by user space: faults, holes, sharing.",
		subtests);

	return suite_main(&suite, argc, argv);
}
