// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers that both a TD and its host use are separate: they survive exits of
 * every kind, migration between CPUs, and another vCPU on the same CPU. The
 * host is this program: each KVM_RUN must keep a pattern in its registers.
 */
#include <asm/prctl.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "subtests/tdx/guest_code/state_fill.h"
#include "subtests/tdx/tests.h"
#include "tdx/guest.h"
#include "tdx/vm.h"

#define ROUNDS		5
#define VCPUS		2
#define GPA_FRESH	TD_GPA
#define GPA_SHARED	(TD_GPA + 0x40000000)
#define GPA_MMIO	0xd0002000ul
#define SPINS		300000

/* ---- guest --------------------------------------------------------------- */

static struct xstate_layout guest_layout;
static struct state_round guest_round[VCPUS];

static void assert_kept(const struct state_round *r)
{
	unsigned int i;
	int at = xstate_differs(&r->want, &r->got, &guest_layout);

	__GUEST_ASSERT(at < 0, "XSAVE area: byte %d is %#x, not %#x", at,
		       r->got.bytes[max(at, 0)], r->want.bytes[max(at, 0)]);
	for (i = 0; i < NR_STATE_REGS; i++)
		__GUEST_ASSERT(r->regs_got.r[i] == r->regs_want.r[i],
			       "%s is %#lx, not %#lx", state_reg_name(i),
			       r->regs_got.r[i], r->regs_want.r[i]);
}

static void guest_keeps(u64 vcpu)
{
	struct state_round *r = &guest_round[vcpu];
	u64 page = vcpu * ROUNDS * PAGE_SIZE;
	unsigned int i;

	td_apic_enable();
	cli();
	for (i = 0; i < ROUNDS; i++, page += PAGE_SIZE) {
		r->mask = guest_layout.mask;
		r->exits = (struct state_exits) {
			.fresh = GPA_FRESH + page,
			.shared = GPA_SHARED + page,
			.mmio = GPA_MMIO,
			.spins = SPINS,
		};
		xstate_fill(&r->want, &guest_layout, vcpu << 16 | i);
		state_regs_fill(&r->regs_want, vcpu << 16 | i, xgetbv(0));
		GUEST_ASSERT_EQ(state_round(r), 0ul);
		assert_kept(r);
	}
	GUEST_DONE();
}

/* ---- host ---------------------------------------------------------------- */

#define XCR0_HOST	0xe7	/* x87, SSE, AVX, AVX-512 */
#define XCR0_PKRU	BIT(9)
#define PKRU_KEY_0	3u	/* bits of the default key */

static struct xstate_layout host_layout;
static u64 host_xcr0;

struct host_round {
	struct xarea mine, want, got;
};

static u32 rdpkru_(void)
{
	u32 pkru, edx;

	asm volatile("rdpkru" : "=a" (pkru), "=d" (edx) : "c" (0));
	return pkru;
}

static void wrpkru_(u32 pkru)
{
	asm volatile("wrpkru" : : "a" (pkru), "c" (0), "d" (0));
}

/* In one asm: no compiler code between the pattern and the system call. */
static long kvm_run_with(struct host_round *h, long fd)
{
	long ret;

	asm volatile("movl %[low], %%eax\n\t"
		     "movl %[high], %%edx\n\t"
		     "xsave64 %[mine]\n\t"
		     "xrstor64 %[want]\n\t"
		     "movl %[nr], %%eax\n\t"
		     "xorl %%edx, %%edx\n\t"
		     "syscall\n\t"
		     "movq %%rax, %%r8\n\t"
		     "movl %[low], %%eax\n\t"
		     "movl %[high], %%edx\n\t"
		     "xsave64 %[got]\n\t"
		     "xrstor64 %[mine]\n\t"
		     "movq %%r8, %%rax\n\t"
		     : "=&a" (ret), [mine] "+m" (h->mine), [got] "+m" (h->got)
		     : [want] "m" (h->want), [nr] "i" (SYS_ioctl),
		       [low] "m" (*(u32 *)&host_layout.mask),
		       [high] "m" (*((u32 *)&host_layout.mask + 1)),
		       "D" (fd), "S" (KVM_RUN)
		     : "rcx", "rdx", "r8", "r11", "memory");
	return ret;
}

/* RDTSCP reads TSC_AUX, where the kernel keeps the CPU's number. */
static void assert_tsc_aux(void)
{
	unsigned int before, after, aux;

	syscall(SYS_getcpu, &before, NULL, NULL);
	asm volatile("rdtscp" : "=c" (aux) : : "eax", "edx");
	syscall(SYS_getcpu, &after, NULL, NULL);
	TEST_ASSERT(before != after || (aux & 0xfff) == before,
		    "TSC_AUX is %#x on CPU %u", aux, before);
}

static u64 get_base(int what)
{
	u64 base;

	TEST_ASSERT(!syscall(SYS_arch_prctl, what, &base), "arch_prctl");
	return base;
}

static u64 read_gs(void)
{
	u64 value;

	asm volatile("movq %%gs:0, %0" : "=r" (value));
	return value;
}

static void assert_host_kept(struct host_round *h, u64 fs, u64 *gs, u64 word)
{
	int at = xstate_differs(&h->want, &h->got, &host_layout);

	TEST_ASSERT(at < 0, "host's XSAVE area: byte %d is %#x, not %#x", at,
		    h->got.bytes[max(at, 0)], h->want.bytes[max(at, 0)]);
	TEST_ASSERT_EQ(xgetbv(0), host_xcr0);
	TEST_ASSERT_EQ(get_base(ARCH_GET_FS), fs);
	TEST_ASSERT_EQ(get_base(ARCH_GET_GS), (u64)gs);
	TEST_ASSERT_EQ(read_gs(), word);
	assert_tsc_aux();
}

/* KVM_RUN with a pattern in every register that user space has. */
static int enter_and_compare(struct td_vm *tv, unsigned int vcpu)
{
	static __thread u64 entries;
	static __thread u64 gs_word;
	static __thread struct host_round h;
	u64 fs = get_base(ARCH_GET_FS);
	u32 pkru = 0, mine = 0;
	long ret;

	gs_word = ++entries << 32 | vcpu;
	xstate_fill(&h.want, &host_layout, gs_word);
	TEST_ASSERT(!syscall(SYS_arch_prctl, ARCH_SET_GS, &gs_word),
		    "ARCH_SET_GS");
	if (host_xcr0 & XCR0_PKRU) {
		mine = rdpkru_();
		pkru = ((u32)entries * 0x9e3779b1 & ~PKRU_KEY_0) |
		       (mine & PKRU_KEY_0);
		wrpkru_(pkru);
	}
	ret = kvm_run_with(&h, tv->vcpus[vcpu].vcpu->fd);
	if (host_xcr0 & XCR0_PKRU) {
		TEST_ASSERT_EQ(rdpkru_(), pkru);
		wrpkru_(mine);
	}
	assert_host_kept(&h, fs, &gs_word, gs_word);
	return ret;
}

/* ---- where it runs ------------------------------------------------------- */

static unsigned int cpus[2], nr_cpus;

static void find_cpus(void)
{
	cpu_set_t set;
	int i;

	TEST_ASSERT(!sched_getaffinity(0, sizeof(set), &set), "affinity");
	for (i = 0; i < CPU_SETSIZE && nr_cpus < ARRAY_SIZE(cpus); i++)
		if (CPU_ISSET(i, &set))
			cpus[nr_cpus++] = i;
}

static void run_on(unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	TEST_ASSERT(!sched_setaffinity(0, sizeof(set), &set), "CPU %u: %s", cpu,
		    strerror(errno));
}

/* Another CPU for each entry. */
static int enter_migrating(struct td_vm *tv, unsigned int vcpu)
{
	static __thread unsigned int entries;

	run_on(cpus[entries++ % nr_cpus]);
	return enter_and_compare(tv, vcpu);
}

/* The first CPU for all vCPUs. */
static int enter_on_one(struct td_vm *tv, unsigned int vcpu)
{
	run_on(cpus[0]);
	return enter_and_compare(tv, vcpu);
}

struct survivor {
	struct td_area fresh, shared;
	unsigned long io, mmio;
};

/* Exits of the guest other than ucalls: any answer of user space. */
static void *run_vcpu(void *arg)
{
	struct td_vm *tv = ((void **)arg)[0];
	unsigned int vcpu = (unsigned long)((void **)arg)[1];
	struct td_exit e;
	char text[256];

	do {
		td_run(tv, vcpu, &e);
	} while (!e.error && e.cmd == UCALL_NONE &&
		 (e.reason == KVM_EXIT_IO || e.reason == KVM_EXIT_MMIO));
	if (e.cmd == UCALL_ABORT)
		REPORT_GUEST_ASSERT(e.uc);
	TEST_ASSERT(e.cmd == UCALL_DONE, "vCPU %u: %s", vcpu,
		    td_exit_text(tv, vcpu, &e, text, sizeof(text)));
	return NULL;
}

static void survive(unsigned int nr,
		    int (*enter)(struct td_vm *tv, unsigned int vcpu))
{
	struct td_vm *tv = td_new(nr, guest_keeps, NULL);
	u64 pages = nr * ROUNDS;
	void *args[VCPUS][2];
	struct survivor s;
	pthread_t thread[VCPUS];
	unsigned int i;

	td_area_add(tv, &s.fresh, GPA_FRESH, pages, TD_AREA_FRESH);
	td_area_add(tv, &s.shared, GPA_SHARED, pages, TD_AREA_SHARED);
	vm_install_exception_handler(tv->vm, STATE_VECTOR, state_irq);
	sync_global_to_guest(tv->vm, guest_layout);
	for (i = 0; i < nr; i++)
		td_args(tv, i, 1, (u64)i);
	td_load(tv);
	td_finalize(tv->td);
	tv->enter = enter;
	for (i = 0; i < nr; i++) {
		args[i][0] = tv;
		args[i][1] = (void *)(unsigned long)i;
		TEST_ASSERT(!pthread_create(&thread[i], NULL, run_vcpu,
					    args[i]), "a thread");
	}
	for (i = 0; i < nr; i++)
		pthread_join(thread[i], NULL);
	td_end(tv);
}

/* Control: a change of any byte of the state is detected. */
static void changes_are_found(void)
{
	static struct xarea a, b;
	unsigned int i, at, parts[] = { 0, 4, 24, 32, 41, 144, 153, 160, 415 };

	xstate_fill(&a, &host_layout, 1);
	for (i = 0; i < ARRAY_SIZE(parts) + XSTATE_COMPS; i++) {
		at = i < ARRAY_SIZE(parts) ? parts[i] :
		     host_layout.comp[i - ARRAY_SIZE(parts)].offset;
		if (!at && i)
			continue;
		b = a;
		b.bytes[at] ^= 1;
		TEST_ASSERT_EQ(xstate_differs(&a, &b, &host_layout), (int)at);
	}
	b = a;
	TEST_ASSERT(xstate_differs(&a, &b, &host_layout) < 0, "no change");
}

void fpu_and_msrs_survive(const struct subtest_args *args)
{
	struct td *td = td_create();

	xstate_layout(&guest_layout, td->caps->supported_xfam & TD_XFAM);
	td_free(td);
	host_xcr0 = xgetbv(0);
	xstate_layout(&host_layout, host_xcr0 & XCR0_HOST);
	printf("XSAVE components: guest %#lx, host %#lx%s\n", guest_layout.mask,
	       host_layout.mask, host_xcr0 & XCR0_PKRU ? " and PKRU" : "");
	changes_are_found();
	find_cpus();

	if (nr_cpus > 1)
		survive(1, enter_migrating);
	else
		printf("one CPU: no migration\n");
	if (td_max_vcpus() >= VCPUS)
		survive(VCPUS, enter_on_one);
	else
		printf("one vCPU at most: not two on one CPU\n");
}
