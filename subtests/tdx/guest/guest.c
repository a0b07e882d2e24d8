// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDs that run: guest code that reports, fails and ends as in any VM. Guest
 * functions are next to the host's code that drives them.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "subtests/tdx/tests.h"
#include "td.h"
#include "tdx/guest.h"
#include "tdx/vm.h"

#define ROUNDS		10
#define VCPUS_MAX	4u
#define SALT		0x5a1700ul
#define PORT		0x4e8

/* ---- what any VM can do -------------------------------------------------- */

/* Code for any VM; in a TD some of it causes #VE. */
static void guest_anywhere(u64 salt)
{
	u32 eax, ebx, ecx, edx, vendor[3], i, value = 0;
	u8 byte;

	GUEST_PRINTF("salt %lx\n", salt);
	for (i = 0; i < ROUNDS; i++)
		GUEST_SYNC(salt + i);

	cpuid(0, &eax, &vendor[0], &vendor[2], &vendor[1]);
	GUEST_ASSERT(!memcmp(vendor, "GenuineIntel", sizeof(vendor)));
	/* A leaf that the VMM answers, not the TDX module. */
	cpuid(0x40000000, &eax, &ebx, &ecx, &edx);
	GUEST_ASSERT_EQ(ebx, 0x4b4d564bu);	/* "KVMK" */

	asm volatile("outl %0, %w1" : : "a" (0x12345678), "d" (PORT));
	asm volatile("inb %w1, %0" : "=a" (byte) : "d" (PORT));
	GUEST_ASSERT_EQ(byte, 0x5au);
	asm volatile("inl %w1, %0" : "=a" (value) : "d" (PORT));
	GUEST_ASSERT_EQ(value, 0xcafef00du);
	GUEST_DONE();
}

static void assert_io(struct kvm_vcpu *vcpu, u8 direction, u8 size)
{
	struct kvm_run *run = vcpu->run;

	TEST_ASSERT_KVM_EXIT_REASON(vcpu, KVM_EXIT_IO);
	TEST_ASSERT(run->io.port == PORT && run->io.direction == direction &&
		    run->io.size == size && run->io.count == 1,
		    "port %#x, direction %u, size %u, count %u", run->io.port,
		    run->io.direction, run->io.size, run->io.count);
}

static void *io_data(struct kvm_vcpu *vcpu)
{
	return (u8 *)vcpu->run + vcpu->run->io.data_offset;
}

static void td_does_what_any_vm_does(void)
{
	struct td_vm *tv = td_new(1, guest_anywhere, NULL);
	struct kvm_vcpu *vcpu = tv->vcpus[0].vcpu;
	struct td_exit e;
	unsigned int i;

	td_args(tv, 0, 1, SALT);
	td_load(tv);
	td_finalize(tv->td);
	for (i = 0; i < ROUNDS; i++)
		TEST_ASSERT_EQ(td_run_until_sync(tv, 0, NULL), SALT + i);

	td_run_until_exit(tv, 0, KVM_EXIT_IO, 0, &e);
	assert_io(vcpu, KVM_EXIT_IO_OUT, 4);
	TEST_ASSERT_EQ(*(u32 *)io_data(vcpu), 0x12345678u);
	td_run_until_exit(tv, 0, KVM_EXIT_IO, 0, &e);
	assert_io(vcpu, KVM_EXIT_IO_IN, 1);
	*(u8 *)io_data(vcpu) = 0x5a;
	td_run_until_exit(tv, 0, KVM_EXIT_IO, 0, &e);
	assert_io(vcpu, KVM_EXIT_IO_IN, 4);
	*(u32 *)io_data(vcpu) = 0xcafef00d;
	td_run_until_done(tv, 0);
	td_end(tv);
}

/* The same function in a normal VM, by libkvm alone. */
static void normal_vm_still_runs(void)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	struct ucall uc;
	unsigned int i;

	vm = vm_create_with_one_vcpu(&vcpu, guest_anywhere);
	vcpu_args_set(vcpu, 1, SALT);
	vcpu_run(vcpu);
	TEST_ASSERT_EQ(get_ucall(vcpu, &uc), (u64)UCALL_PRINTF);
	for (i = 0; i < ROUNDS; i++) {
		vcpu_run(vcpu);
		TEST_ASSERT_EQ(get_ucall(vcpu, &uc), (u64)UCALL_SYNC);
		TEST_ASSERT_EQ(td_sync_value(&uc), SALT + i);
	}
	vcpu_run(vcpu);
	assert_io(vcpu, KVM_EXIT_IO_OUT, 4);
	vcpu_run(vcpu);
	*(u8 *)io_data(vcpu) = 0x5a;
	vcpu_run(vcpu);
	*(u32 *)io_data(vcpu) = 0xcafef00d;
	vcpu_run(vcpu);
	TEST_ASSERT_EQ(get_ucall(vcpu, &uc), (u64)UCALL_DONE);
	kvm_vm_free(vm);
}

/* ---- several vCPUs ------------------------------------------------------- */

static u64 guest_seen;

static void guest_counts(u64 salt, u32 nr_vcpus)
{
	struct tdg_info info;
	unsigned int i;

	GUEST_ASSERT_EQ(tdg_vp_info(&info), 0ul);
	GUEST_ASSERT_EQ(info.gpaw, (u32)TDX_GPA_WIDTH);
	GUEST_ASSERT_EQ(info.nr_vcpus, nr_vcpus);
	GUEST_ASSERT_EQ(salt, SALT + info.index);
	for (i = 0; i < ROUNDS; i++) {
		__atomic_fetch_add(&guest_seen, 1, __ATOMIC_SEQ_CST);
		GUEST_SYNC(info.index << 16 | i);
	}
	/* All of them share one memory. */
	while (__atomic_load_n(&guest_seen, __ATOMIC_SEQ_CST) <
	       nr_vcpus * ROUNDS)
		cpu_relax();
	GUEST_DONE();
}

static void count_sync(struct td_vm *tv, unsigned int vcpu,
		       const struct ucall *uc, void *arg)
{
	unsigned int *rounds = arg;

	TEST_ASSERT_EQ(td_sync_value(uc), (u64)(vcpu << 16 | rounds[vcpu]));
	rounds[vcpu]++;
}

static void several_vcpus(void)
{
	unsigned int nr = min(td_max_vcpus(), VCPUS_MAX);
	unsigned int rounds[VCPUS_MAX] = {}, i;
	struct td_vm *tv;

	tv = td_new(nr, guest_counts, NULL);
	for (i = 0; i < nr; i++)
		td_args(tv, i, 2, SALT + i, (u64)nr);
	td_load(tv);
	td_finalize(tv->td);
	td_run_all(tv, count_sync, rounds);
	printf("%u vCPUs\n", nr);
	for (i = 0; i < nr; i++)
		TEST_ASSERT_EQ(rounds[i], (unsigned int)ROUNDS);
	/* The guest's private memory is not in the host's. */
	TEST_ASSERT_EQ(guest_seen, 0ul);
	td_end(tv);
}

/* ---- guest code that fails ----------------------------------------------- */

static void guest_asserts(u64 value)
{
	GUEST_ASSERT_EQ(value, 0x11ul);
	GUEST_DONE();
}

static void guest_faults(void)
{
	*(volatile u64 *)0x123000;
	GUEST_DONE();
}

static void guest_returns(void)
{
}

/* A failed assertion of the guest is @what, from this file. */
static void assert_reported(void *guest, u64 arg, const char *what)
{
	struct td_vm *tv = td_new(1, guest, NULL);
	struct td_exit e;
	char text[256];

	td_args(tv, 0, 1, arg);
	td_load(tv);
	td_finalize(tv->td);
	td_run(tv, 0, &e);
	td_exit_text(tv, 0, &e, text, sizeof(text));
	TEST_ASSERT(e.cmd == UCALL_ABORT && strstr(e.uc.buffer, what),
		    "guest reports '%s', not '%s'", text, what);
	printf("reported: %s\n", text);
	td_end(tv);
}

/* ---- a vCPU without an exit ---------------------------------------------- */

static void guest_loops(void)
{
	GUEST_SYNC(0);
	for (;;)
		cpu_relax();
}

void td_runs(const struct subtest_args *args)
{
	td_does_what_any_vm_does();
	normal_vm_still_runs();
	several_vcpus();
	assert_reported(guest_asserts, 0x10, "0x10 != 0x11");
	assert_reported(guest_faults, 0, "Unhandled exception '0xe'");
	assert_reported(guest_returns, 0, "Unhandled exception '0x6'");
	td_kicked_out(td_start(1, guest_loops));
}
