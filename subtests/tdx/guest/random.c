// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest that passes garbage to the TDX module and to its VMM: random leaves
 * of TDCALL and TDVMCALL, random registers, from a printed seed. It may kill
 * itself in any way, and mostly survives; it must not harm the host, which the
 * verdict on the kernel's log shows.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "race/engine.h"
#include "subtests/tdx/tests.h"
#include "tdx/guest.h"
#include "tdx/vm.h"

#define CALLS		1000	/* of a TD, if it survives so many */
#define TDS		3
#define PAGES		16
#define GPA_FRESH	TD_GPA
#define GPA_INIT	(TD_GPA + 0x40000000)
#define GPA_SHARED	(TD_GPA + 0x80000000)
#define GPA_COMMON	(TD_GPA + 0xc0000000)

#define LEAVES		32

/* In shared memory: the present call, in case that it does not return. */
struct common {
	u64 calls;
	u64 rax;
	struct tdcall_regs regs;
	u64 leaves[LEAVES];	/* calls by leaf, all higher in the last */
	u64 vmcalls;
	u64 ok, refused;
	u64 nmis;
};

static volatile struct common *common(void)
{
	return td_shared(GPA_COMMON);
}

/* ---- what to pass -------------------------------------------------------- */

struct rng {
	u64 s;
};

static u64 next(struct rng *r)
{
	r->s ^= r->s << 13;
	r->s ^= r->s >> 7;
	r->s ^= r->s << 17;
	return r->s * 0x2545f4914f6cdd1dull;
}

static u64 below(struct rng *r, u64 n)
{
	return next(r) % n;
}

/* Mostly an address of one of the test's pages. */
static u64 random_gpa(struct rng *r)
{
	static const u64 areas[] = { GPA_FRESH, GPA_INIT, GPA_SHARED };
	u64 gpa = areas[below(r, 3)] + below(r, PAGES) * PAGE_SIZE;

	switch (below(r, 16)) {
	case 0:
		return next(r);
	case 1:
		return next(r) & PAGE_MASK;
	case 2:
		return gpa + below(r, PAGE_SIZE);
	case 3:
		return gpa + below(r, 8);
	case 4:
		return below(r, 16) ? gpa : TD_SHARED - PAGE_SIZE;
	case 5:
	case 6:
	case 7:
		return gpa | TD_SHARED;
	default:
		return gpa;
	}
}

static u64 random_value(struct rng *r)
{
	switch (below(r, 10)) {
	case 0:
		return next(r);
	case 1:
		return ~0ull >> below(r, 64);
	case 2:
		return BIT_ULL(below(r, 64));
	case 3:
	case 4:
		return below(r, 16);
	case 5:
		return below(r, 0x1000);
	case 6:
		return below(r, 64) * PAGE_SIZE;
	case 7:
		return 0;
	default:
		return random_gpa(r);
	}
}

static void random_regs(struct rng *r, struct tdcall_regs *regs)
{
	u64 *reg = (u64 *)regs;
	unsigned int i;

	for (i = 0; i < sizeof(*regs) / sizeof(*reg); i++)
		reg[i] = random_value(r);
}

/* Known sub-functions, and MSRs and leaves with effects. */
static void random_vmcall(struct rng *r, struct tdcall_regs *regs)
{
	static const u64 nrs[] = {
		TDVMCALL_CPUID, TDVMCALL_HLT, TDVMCALL_IO, TDVMCALL_RDMSR,
		TDVMCALL_WRMSR, TDVMCALL_MMIO, TDVMCALL_GET_INFO,
		TDVMCALL_MAP_GPA, TDVMCALL_GET_QUOTE, TDVMCALL_FATAL_ERROR,
		TDVMCALL_EVENT_NOTIFY, 65, 0x10005,
	};
	static const u32 msrs[] = {
		0x10, 0x1b, 0x3a, 0x6e0, 0x8b, 0xfe, 0x174, 0x179, 0x17a,
		0x1a0, 0x1fc, 0x200, 0x277, 0x2ff, 0x400, 0x4d0, 0x4b564d05,
		0xc0000080, 0xc0000082,
	};

	if (below(r, 8))
		regs->rcx = (next(r) & TDVMCALL_ALL) | TDVMCALL_R10_R15;
	if (!below(r, 8))
		return;		/* unchanged: mostly a hypercall */
	regs->r10 = 0;
	regs->r11 = below(r, 8) ? nrs[below(r, ARRAY_SIZE(nrs))] : next(r);
	if (!below(r, 4))
		return;

	switch (regs->r11) {
	case TDVMCALL_IO:
	case TDVMCALL_MMIO:
		regs->r12 = 1 << below(r, 4);
		regs->r13 = below(r, 2);
		break;
	case TDVMCALL_RDMSR:
	case TDVMCALL_WRMSR:
		regs->r12 = below(r, 2) ? msrs[below(r, ARRAY_SIZE(msrs))] :
					  0x800 + below(r, 0x40);
		break;
	case TDVMCALL_MAP_GPA:
		regs->r12 = random_gpa(r);
		regs->r13 = below(r, PAGES) * PAGE_SIZE;
	}
}

static u64 random_leaf(struct rng *r)
{
	if (!below(r, 16))
		return next(r);
	if (!below(r, 16))
		return below(r, LEAVES) | BIT_ULL(16 + below(r, 48));
	/* Half of them to the VMM. */
	return below(r, 2) ? TDG_VP_VMCALL : below(r, LEAVES);
}

/* ---- guest --------------------------------------------------------------- */

#define HANDLER	__attribute__((target("general-regs-only")))

static HANDLER void guest_nmi(struct ex_regs *regs)
{
	common()->nmis++;
}

/*
 * The report overwrites its target, and a missing page would be an endless
 * fault: only in the test's own memory.
 */
static void spare_oneself(struct rng *r, u64 rax, struct tdcall_regs *regs)
{
	if ((u16)rax == TDG_MR_REPORT || (u16)rax == TDG_MEM_PAGE_ACCEPT)
		regs->rcx = (regs->rcx & ~PAGE_MASK) |
			    (random_gpa(r) & PAGE_MASK);
	/* Not to the ucall GPA. */
	if ((regs->r14 & ~TD_SHARED) >> 12 == TD_UCALL_GPA >> 12)
		regs->r14 = 0;
}

static void guest_random(u64 seed, u64 calls)
{
	volatile struct common *c = common();
	struct rng r = { seed * 2 + 1 };
	struct tdcall_regs regs;
	u64 i, rax, status;

	for (i = 0; i < calls; i++) {
		rax = random_leaf(&r);
		random_regs(&r, &regs);
		if (rax == TDG_VP_VMCALL)
			random_vmcall(&r, &regs);
		spare_oneself(&r, rax, &regs);
		c->rax = rax;
		c->regs = regs;
		c->leaves[min((u64)(u16)rax, (u64)LEAVES - 1)]++;
		status = tdcall(rax, &regs);
		c->ok += !status;
		c->refused += !!status;
		c->calls = i + 1;
	}
	GUEST_DONE();
}

/* ---- host ---------------------------------------------------------------- */

struct random_td {
	struct td_vm *tv;
	struct td_area fresh, init, shared, common;
	u64 seed;
	volatile bool over;
};

/* Convert what it requests within the test's areas, nothing else. */
static int convert(struct td_vm *tv, const struct td_convert *c)
{
	static const u64 areas[] = { GPA_FRESH, GPA_INIT, GPA_SHARED };
	struct common *shared = tv->arg;
	unsigned int i;

	if (c->by_mapgpa && shared->calls % 5 == 0)
		return EAGAIN;
	for (i = 0; i < ARRAY_SIZE(areas); i++)
		if (c->gpa >= areas[i] && c->size <= PAGES * PAGE_SIZE &&
		    c->gpa + c->size <= areas[i] + PAGES * PAGE_SIZE)
			return td_convert_default(tv, c);
	return EINVAL;
}

/* Wakes the guest from HLT, as nothing else does. Gives up in the end. */
static void *watch(void *arg)
{
	struct random_td *t = arg;
	struct kvm_msi nmi = { .address_lo = 0xfee00000, .data = APIC_DM_NMI };
	volatile struct common *c = (struct common *)t->common.hva;
	unsigned int still = 0;
	u64 calls = 0;

	while (!t->over) {
		usleep(20000);
		still = c->calls == calls ? still + 1 : 0;
		calls = c->calls;
		if (still)
			__vm_ioctl(t->tv->vm, KVM_SIGNAL_MSI, &nmi);
		if (still == 500)
			td_kick(t->tv, 0);
	}
	return NULL;
}

static void random_start(struct random_td *t, u64 seed)
{
	t->tv = td_new(1, guest_random, NULL);
	t->seed = seed;
	t->over = false;
	td_area_add(t->tv, &t->fresh, GPA_FRESH, PAGES, TD_AREA_FRESH);
	td_area_add(t->tv, &t->init, GPA_INIT, PAGES, TD_AREA_INIT);
	td_area_add(t->tv, &t->shared, GPA_SHARED, PAGES, TD_AREA_SHARED);
	td_area_add(t->tv, &t->common, GPA_COMMON, 1, TD_AREA_SHARED);
	vm_install_exception_handler(t->tv->vm, NMI_VECTOR, guest_nmi);
	t->tv->convert = convert;
	t->tv->convert_faults = true;
	t->tv->arg = t->common.hva;
	td_args(t->tv, 0, 2, seed, (u64)CALLS);
	td_load(t->tv);
	td_finalize(t->tv->td);
}

/* User space answers exits with garbage as well. */
static bool goes_on(struct random_td *t, const struct td_exit *e)
{
	struct kvm_run *run = t->tv->vcpus[0].vcpu->run;
	volatile struct common *c = (struct common *)t->common.hva;

	if (e->error || e->cmd != UCALL_NONE)
		return false;

	switch (e->reason) {
	case KVM_EXIT_HYPERCALL:
		run->hypercall.ret = EINVAL;
		return true;
	case KVM_EXIT_TDX:
		run->tdx.unknown.ret = c->calls;
		return true;
	case KVM_EXIT_IO:
	case KVM_EXIT_MMIO:
	case KVM_EXIT_SYSTEM_EVENT:
		return true;
	}
	return false;
}

static void print_end(struct random_td *t, const struct td_exit *e)
{
	volatile struct common *c = (struct common *)t->common.hva;
	char text[256];
	unsigned int i;

	printf("seed %lu: %lu calls, %lu with status 0, %lu NMIs; end: %s\n",
	       t->seed, c->calls, c->ok, c->nmis,
	       td_exit_text(t->tv, 0, e, text, sizeof(text)));
	if (e->cmd == UCALL_DONE)
		return;

	printf("  last: rax %#lx", c->rax);
	for (i = 0; i < sizeof(c->regs) / sizeof(u64); i++)
		printf(" %#lx", ((volatile u64 *)&c->regs)[i]);
	printf("\n");
}

/*
 * Ends that a guest can cause: its own assertions (an exception), a triple
 * fault, memory outside of all memslots, and HLT without an event.
 */
static bool end_is_known(const struct td_exit *e)
{
	if (e->error)
		return e->error == -EINTR || e->error == -EFAULT;
	return e->cmd == UCALL_DONE || e->cmd == UCALL_ABORT ||
	       e->reason == KVM_EXIT_SHUTDOWN;
}

static u64 random_run(struct random_td *t)
{
	pthread_t thread;
	struct td_exit e;

	TEST_ASSERT(!pthread_create(&thread, NULL, watch, t), "a thread");
	do {
		td_run(t->tv, 0, &e);
	} while (goes_on(t, &e));
	t->over = true;
	pthread_join(thread, NULL);
	print_end(t, &e);
	TEST_ASSERT(end_is_known(&e), "an end that no guest can cause");
	return ((struct common *)t->common.hva)->calls;
}

void random_tdcalls(const struct subtest_args *args)
{
	u64 seed = args->seed, leaves[LEAVES] = {}, calls = 0;
	struct random_td t;
	struct rounds r;
	unsigned int i;

	if (!seed)
		TEST_ASSERT(getrandom(&seed, sizeof(seed), 0) == sizeof(seed),
			    "getrandom()");
	seed &= LONG_MAX;
	printf("--seed %lu\n", seed);
	rounds_start(&r, args_or(args->iterations, TDS), args->duration_s);
	while (rounds_next(&r)) {
		random_start(&t, seed++);
		calls += random_run(&t);
		for (i = 0; i < LEAVES; i++)
			leaves[i] += ((struct common *)t.common.hva)->leaves[i];
		td_end(t.tv);
	}
	printf("%lu calls, by leaf:", calls);
	for (i = 0; i < LEAVES; i++)
		printf(" %lu", leaves[i]);
	printf("\n");
	TEST_ASSERT(calls, "no call returned");
}
