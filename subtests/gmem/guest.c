// SPDX-License-Identifier: GPL-2.0-only
/* A mapped guest_memfd shared with a running guest, and with a child. */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kvm/gmem.h"
#include "subtests/gmem/tests.h"
#include "ucall_common.h"

#define GUEST_GPA	0x100000000ul	/* above slot 0 and the APIC page */
#define GUEST_SLOT	1

/* Runs in the guest. */
static void guest_expect(u64 *mem, u64 pages, u64 seed)
{
	u64 i, want;

	for (i = 0; i < pages; i++) {
		want = seed ? gmem_pattern(seed, i) : 0;
		__GUEST_ASSERT(mem[i * 512] == want,
			       "page %lu is 0x%lx, not 0x%lx", i, mem[i * 512],
			       want);
	}
}

static void guest_write(u64 *mem, u64 pages, u64 seed)
{
	u64 i;

	for (i = 0; i < pages; i++)
		mem[i * 512] = gmem_pattern(seed, i);
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

void host_and_guest_see_the_same_page(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 16);
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	u64 word, i;
	int fd;
	u8 *mem;

	/* With page tables for these pages. */
	vm = __vm_create_shape_with_one_vcpu(VM_SHAPE_DEFAULT, &vcpu, pages,
					     guest_code);
	fd = gmem_create(vm, pages, GMEM_SHARED);
	mem = gmem_map(fd, pages);
	vm_set_user_memory_region2(vm, GUEST_SLOT, KVM_MEM_GUEST_MEMFD,
				   GUEST_GPA, pages * PAGE_SIZE, mem, fd, 0);
	virt_map(vm, GUEST_GPA, GUEST_GPA, pages);
	vcpu_args_set(vcpu, 2, GUEST_GPA, pages);

	/* First touched by the host, written by the guest. */
	gmem_write_pattern(mem, pages, 1);
	run_guest_until(vcpu, UCALL_SYNC);
	gmem_check(mem, pages, 2);

	/* Freed by a hole, then first touched by the guest. */
	gmem_punch(fd, 0, pages);
	run_guest_until(vcpu, UCALL_SYNC);
	gmem_check(mem, pages, 3);

	/* Written by the host while the guest has it mapped. */
	for (i = 0; i < pages; i++) {
		word = gmem_pattern(4, i);
		*(volatile u64 *)(mem + i * PAGE_SIZE) = word;
	}
	run_guest_until(vcpu, UCALL_DONE);

	kvm_munmap(mem, pages * PAGE_SIZE);
	kvm_close(fd);
	kvm_vm_free(vm);
}

void fork_sees_it(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 16);
	struct shared_gmem g;
	int status;
	pid_t pid;

	shared_gmem_create(&g, 2 * pages);
	gmem_write_pattern(g.mem, pages, 1);

	/* The child reads the first half and first touches the other one. */
	pid = fork();
	TEST_ASSERT(pid >= 0, "fork: %s", strerror(errno));
	if (!pid) {
		gmem_check(g.mem, pages, 1);
		gmem_punch(g.fd, 0, pages);
		gmem_write_pattern(g.mem, pages, 2);
		gmem_write_pattern(g.mem + pages * PAGE_SIZE, pages, 3);
		_exit(0);
	}
	TEST_ASSERT_EQ(waitpid(pid, &status, 0), pid);
	TEST_ASSERT(!status, "the child ended with status %#x", status);

	gmem_check(g.mem, pages, 2);
	gmem_check(g.mem + pages * PAGE_SIZE, pages, 3);
	shared_gmem_free(&g);
}
