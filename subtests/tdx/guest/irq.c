// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts and NMIs of a TD: KVM cannot inject them, it posts them, and the
 * guest's HLT is a TDVMCALL. Each one must arrive exactly once and wake a
 * halted vCPU: each round waits for one event, so that a lost one is a subtest
 * without end. Only NMIs are sent again, after a while: one just before HLT
 * does not end it, on any CPU.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "subtests/tdx/tests.h"
#include "tdx/guest.h"
#include "tdx/vm.h"

#define ROUNDS		20
#define GPA_COMMON	TD_GPA
#define VECTOR		0x41
#define GSI		5
#define MSI_ADDRESS	0xfee00000
#define MSI_NMI		APIC_DM_NMI

/* Memory that guest and host share. */
struct common {
	u64 irqs[2], nmis[2];	/* taken, by vCPU */
	u64 round;		/* the guest's present one, from 1 */
	u64 done;		/* rounds */
	u64 halted;		/* times that HLT returned */
};

static volatile struct common *common(void)
{
	return td_shared(GPA_COMMON);
}

/* ---- guest --------------------------------------------------------------- */

/* Exceptions save no SSE register, and an NMI must not cause a #VE. */
#define HANDLER	__attribute__((target("general-regs-only")))

/* Set if there is more than one vCPU. */
static bool guest_many;

static HANDLER void guest_irq(struct ex_regs *regs)
{
	volatile struct common *c = common();

	c->irqs[guest_many ? x2apic_read_reg(APIC_ID) : 0]++;
	x2apic_write_reg(APIC_EOI, 0);
}

static HANDLER void guest_nmi(struct ex_regs *regs)
{
	volatile struct common *c = common();

	c->nmis[0]++;
}

enum how { SLEEPS, SPINS, SLEEPS_BLOCKED };

static void wait_asleep(volatile u64 *count, u64 from)
{
	volatile struct common *c = common();

	cli();
	while (*count == from) {
		safe_halt();
		c->halted++;
		cli();
	}
	sti();
}

static void wait_spinning(volatile u64 *count, u64 from)
{
	sti();
	while (*count == from)
		cpu_relax();
}

/* An interrupt comes first and stays pending, then the NMI. */
static void wait_blocked(volatile struct common *c)
{
	u64 irqs = c->irqs[0], nmis = c->nmis[0];

	c->round++;
	cli();
	while (c->nmis[0] == nmis) {
		asm volatile("hlt");
		c->halted++;
	}
	GUEST_ASSERT_EQ(c->irqs[0], irqs);
	wait_spinning(&c->irqs[0], irqs);
}

struct waker {
	const char *name;
	enum how how;
	bool nmi;		/* wait for one, otherwise for an interrupt */
	void (*wake)(struct td_vm *tv, int eventfd);
};

static const struct waker wakers[];
#define NR_WAKERS	9

static void guest_wait(volatile struct common *c, const struct waker *w)
{
	volatile u64 *count = w->nmi ? &c->nmis[0] : &c->irqs[0];
	u64 from = *count;

	c->round++;
	if (w->how == SLEEPS)
		wait_asleep(count, from);
	else
		wait_spinning(count, from);
}

static void guest_woken(void)
{
	volatile struct common *c = common();
	unsigned int i;

	td_apic_enable();
	for (i = 0; i < NR_WAKERS * ROUNDS; i++) {
		const struct waker *w = &wakers[i / ROUNDS];

		if (w->how == SLEEPS_BLOCKED)
			wait_blocked(c);
		else
			guest_wait(c, w);
		cli();
		c->done++;
	}
	GUEST_DONE();
}

/* ---- host ---------------------------------------------------------------- */

static void send_msi(struct td_vm *tv, u32 data)
{
	struct kvm_msi msi = { .address_lo = MSI_ADDRESS, .data = data };

	TEST_ASSERT(__vm_ioctl(tv->vm, KVM_SIGNAL_MSI, &msi) == 1,
		    "MSI of data %#x: not delivered", data);
}

static void wake_msi(struct td_vm *tv, int eventfd)
{
	send_msi(tv, VECTOR);
}

static void wake_nmi(struct td_vm *tv, int eventfd)
{
	volatile struct common *c = tv->arg;
	u64 done = c->done;
	unsigned int i;

	while (c->done == done) {
		send_msi(tv, MSI_NMI);
		for (i = 0; i < 1000 && c->done == done; i++)
			usleep(100);
	}
}

static void wake_line(struct td_vm *tv, int eventfd)
{
	struct kvm_irq_level line = { .irq = GSI, .level = 1 };

	vm_ioctl(tv->vm, KVM_IRQ_LINE, &line);
}

static void wake_irqfd(struct td_vm *tv, int eventfd)
{
	u64 one = 1;

	TEST_ASSERT(write(eventfd, &one, sizeof(one)) == sizeof(one),
		    "eventfd: %s", strerror(errno));
}

static void wake_blocked(struct td_vm *tv, int eventfd)
{
	volatile struct common *c = tv->arg;
	u64 halted = c->halted;

	send_msi(tv, VECTOR);
	/* It must not wake in this time; proves less on a slow machine. */
	usleep(20000);
	TEST_ASSERT(c->halted == halted,
		    "HLT with interrupts blocked ends by one");
	wake_nmi(tv, eventfd);
}

static const struct waker wakers[NR_WAKERS] = {
	{ "MSI, asleep", SLEEPS, false, wake_msi },
	{ "MSI, running", SPINS, false, wake_msi },
	{ "IRQ_LINE, asleep", SLEEPS, false, wake_line },
	{ "IRQ_LINE, running", SPINS, false, wake_line },
	{ "irqfd, asleep", SLEEPS, false, wake_irqfd },
	{ "irqfd, running", SPINS, false, wake_irqfd },
	{ "NMI, asleep", SLEEPS, true, wake_nmi },
	{ "NMI, running", SPINS, true, wake_nmi },
	{ "NMI, asleep with interrupts blocked", SLEEPS_BLOCKED, true,
	  wake_blocked },
};

/* The I/O APIC is in user space: KVM routes its GSIs to MSIs. */
static int route_gsi(struct kvm_vm *vm)
{
	struct kvm_irq_routing *routing = kvm_gsi_routing_create();
	int fd = eventfd(0, EFD_CLOEXEC);

	routing->entries[routing->nr++] = (struct kvm_irq_routing_entry) {
		.gsi = GSI,
		.type = KVM_IRQ_ROUTING_MSI,
		.u.msi = { .address_lo = MSI_ADDRESS, .data = VECTOR },
	};
	kvm_gsi_routing_write(vm, routing);
	TEST_ASSERT(fd >= 0, "eventfd: %s", strerror(errno));
	kvm_assign_irqfd(vm, GSI, fd);
	return fd;
}

static void *run_all(void *arg)
{
	td_run_all(arg, NULL, NULL);
	return NULL;
}

static void wait_for(volatile u64 *value, u64 until)
{
	while (*value != until)
		usleep(100);
}

/* Halted, about to halt, or running: by chance. */
static void chance_delay(void)
{
	usleep(rand() % 3000);
}

static struct td_vm *irq_td(unsigned int nr_vcpus, void *guest,
			    struct td_area *area)
{
	struct td_vm *tv = td_new(nr_vcpus, guest, NULL);

	td_area_add(tv, area, GPA_COMMON, 1, TD_AREA_SHARED);
	vm_install_exception_handler(tv->vm, VECTOR, guest_irq);
	vm_install_exception_handler(tv->vm, NMI_VECTOR, guest_nmi);
	tv->arg = area->hva;
	td_load(tv);
	td_finalize(tv->td);
	return tv;
}

static void woken_by_host(void)
{
	volatile struct common *c;
	struct td_area area;
	struct td_vm *tv = irq_td(1, guest_woken, &area);
	int fd = route_gsi(tv->vm);
	pthread_t thread;
	unsigned int i;

	c = tv->arg;
	TEST_ASSERT(!pthread_create(&thread, NULL, run_all, tv), "a thread");
	for (i = 0; i < NR_WAKERS * ROUNDS; i++) {
		wait_for(&c->round, i + 1);
		chance_delay();
		wakers[i / ROUNDS].wake(tv, fd);
		wait_for(&c->done, i + 1);
		if (i % ROUNDS == ROUNDS - 1)
			printf("%s: %u rounds, %lu times out of HLT so far\n",
			       wakers[i / ROUNDS].name, ROUNDS, c->halted);
	}
	pthread_join(thread, NULL);
	TEST_ASSERT_EQ(c->irqs[0], 7ul * ROUNDS);
	printf("%lu NMIs for %u rounds\n", c->nmis[0], 3 * ROUNDS);
	kvm_close(fd);
	td_end(tv);
}

/* ---- vCPUs that wake each other ------------------------------------------ */

static void send_ipi(u32 to, u32 what)
{
	x2apic_write_reg(APIC_ICR, (u64)to << 32 | APIC_INT_ASSERT | what);
}

/* Ping-pong; each halts in half of the rounds, in turn with the other. */
static void guest_ipi(void)
{
	volatile struct common *c = common();
	u32 me = td_vcpu_index();
	u64 i;

	td_apic_enable();
	/* From now on the handler reads its vCPU's number. */
	guest_many = true;
	cli();
	GUEST_SYNC(me);
	for (i = 1; i <= ROUNDS; i++) {
		if (!me)
			send_ipi(1, VECTOR);
		if (i >> me & 1)
			wait_asleep(&c->irqs[me], i - 1);
		else
			wait_spinning(&c->irqs[me], i - 1);
		cli();
		if (me)
			send_ipi(0, VECTOR);
	}

	/* Self-IPIs: by ICR, and by SELF_IPI, which needs no VMM. */
	send_ipi(me, VECTOR);
	wait_asleep(&c->irqs[me], ROUNDS);
	cli();
	x2apic_write_reg(APIC_SELF_IPI, VECTOR);
	wait_spinning(&c->irqs[me], ROUNDS + 1);
	GUEST_DONE();
}

/* Both have enabled their APIC before one sends. */
static void meet(struct td_vm *tv, unsigned int vcpu, const struct ucall *uc,
		 void *barrier)
{
	pthread_barrier_wait(barrier);
}

static void woken_by_ipi(void)
{
	pthread_barrier_t barrier;
	struct td_area area;
	struct td_vm *tv;
	struct common *c;

	if (td_max_vcpus() < 2) {
		printf("one CPU: no IPIs\n");
		return;
	}
	tv = irq_td(2, guest_ipi, &area);
	c = tv->arg;
	pthread_barrier_init(&barrier, NULL, 2);
	td_run_all(tv, meet, &barrier);
	pthread_barrier_destroy(&barrier);
	TEST_ASSERT_EQ(c->irqs[0], ROUNDS + 2ul);
	TEST_ASSERT_EQ(c->irqs[1], ROUNDS + 2ul);
	printf("IPIs: %u rounds, %lu times out of HLT\n", ROUNDS, c->halted);
	td_end(tv);
}

/* ---- interrupts off ------------------------------------------------------ */

#define SPINS		2000000

/* Pending during many interrupts of the host. */
static void guest_waits_with_interrupts_off(void)
{
	volatile struct common *c = common();
	u64 i;

	td_apic_enable();
	cli();
	x2apic_write_reg(APIC_SELF_IPI, VECTOR);
	for (i = 0; i < SPINS; i++)
		GUEST_ASSERT_EQ(c->irqs[0], 0ul);
	wait_spinning(&c->irqs[0], 0);
	GUEST_DONE();
}

static void taken_when_on(void)
{
	struct td_area area;
	struct td_vm *tv = irq_td(1, guest_waits_with_interrupts_off, &area);
	struct common *c = tv->arg;

	td_run_until_done(tv, 0);
	TEST_ASSERT_EQ(c->irqs[0], 1ul);
	td_end(tv);
}

/* ---- its own timer ------------------------------------------------------- */

static void guest_timer(void)
{
	volatile struct common *c = common();
	u64 i;

	td_apic_enable();
	cli();
	x2apic_write_reg(APIC_LVTT, APIC_LVT_TIMER_ONESHOT | VECTOR);
	for (i = 1; i <= ROUNDS; i++) {
		x2apic_write_reg(APIC_TMICT, 100000 * (i % 4 + 1));
		if (i & 1)
			wait_asleep(&c->irqs[0], i - 1);
		else
			wait_spinning(&c->irqs[0], i - 1);
		cli();
	}
	GUEST_DONE();
}

static void woken_by_timer(void)
{
	struct td_area area;
	struct td_vm *tv = irq_td(1, guest_timer, &area);
	struct common *c = tv->arg;

	td_run_until_done(tv, 0);
	TEST_ASSERT_EQ(c->irqs[0], (u64)ROUNDS);
	printf("APIC timer: %u rounds\n", ROUNDS);
	td_end(tv);
}

void hlt_and_wake(const struct subtest_args *args)
{
	woken_by_host();
	woken_by_ipi();
	taken_when_on();
	woken_by_timer();
}
