// SPDX-License-Identifier: GPL-2.0-only
/* A TD and its host that share words without exits, and a watchdog. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "subtests/tdx/tests.h"
#include "subtests/tdx/words.h"
#include "td.h"

#define WATCH_STEP_US	50000
#define WATCH_STEPS	200	/* 10 s */

unsigned int guest_td_vcpus(void)
{
	return min(td_max_vcpus(), GUEST_VCPUS_MAX);
}

/* ---- one memory ---------------------------------------------------------- */

enum { SALT_HOST = 0xa110, SALT_GUEST };

typedef void (*guest_fn)(u64 a, u64 b, u64 c, u64 d, u64 e, u64 f);
static guest_fn guest_main;

static gpa_t hello_gpa(const struct guest_ctl *ctl, const u64 *hello)
{
	return GUEST_CTL_GPA + ((u8 *)hello - (u8 *)ctl);
}

/* Otherwise each side would wait for the other for ever. */
static void guest_enter(u64 a, u64 b, u64 c, u64 d, u64 e, u64 f)
{
	struct guest_ctl *ctl = guest_ctl();
	u64 *mine = &ctl->hello_guest[td_vcpu_index()];

	guest_word_check(&ctl->hello_host, SALT_HOST, SALT_HOST,
			 "memory shared with the host");
	WRITE_ONCE(*mine, word_of(hello_gpa(ctl, mine), SALT_GUEST));
	guest_main(a, b, c, d, e, f);
}

static void say_hello(struct guest_td *g)
{
	g->ctl->hello_host = word_of(hello_gpa(g->ctl, &g->ctl->hello_host),
				     SALT_HOST);
}

/* A vCPU that never ran has written nothing. */
static void assert_hello(struct guest_td *g)
{
	char text[WORD_TEXT];
	u64 *hello, want;
	unsigned int i;

	for (i = 0; i < g->nr_vcpus; i++) {
		hello = &g->ctl->hello_guest[i];
		want = word_of(hello_gpa(g->ctl, hello), SALT_GUEST);
		if (!*hello && !g->tv->vcpus[i].thread)
			continue;
		word_text(text, hello_gpa(g->ctl, hello), *hello, want);
		TEST_ASSERT(*hello == want, "memory shared with vCPU %u: %s",
			    i, text);
	}
}

/* ---- the host's side ----------------------------------------------------- */

void guest_td_new(struct guest_td *g, unsigned int nr_vcpus, void *guest,
		  u64 attributes)
{
	const struct td_opts opts = { .attributes = attributes };

	*g = (struct guest_td) { .nr_vcpus = nr_vcpus };
	g->tv = td_new(nr_vcpus, guest_enter, &opts);
	g->vm = g->tv->vm;
	guest_main = guest;
	sync_global_to_guest(g->vm, guest_main);
	td_area_add(g->tv, &g->ctl_area, GUEST_CTL_GPA, 1, TD_AREA_SHARED);
	g->ctl = (struct guest_ctl *)g->ctl_area.hva;
	*g->ctl = (struct guest_ctl) {};
	say_hello(g);
}

/*
 * A vCPU whose fault is never resolved stays in KVM_RUN until the subtest's
 * time is over: print the gpa before. This is no assertion.
 */
static void *watch(void *arg)
{
	struct guest_td *g = arg;
	u64 last[GUEST_VCPUS_MAX] = {}, at;
	unsigned int same[GUEST_VCPUS_MAX] = {}, i;

	while (!READ_ONCE(g->ended)) {
		usleep(WATCH_STEP_US);
		for (i = 0; i < g->nr_vcpus; i++) {
			at = READ_ONCE(g->ctl->at[i]);
			same[i] = at && at == last[i] ? same[i] + 1 : 0;
			last[i] = at;
			if (same[i] == WATCH_STEPS)
				fprintf(stderr, "vCPU %u: still at gpa %#lx\n",
					i, at);
		}
	}
	return NULL;
}

void guest_td_start(struct guest_td *g)
{
	td_load(g->tv);
	td_finalize(g->tv->td);
	TEST_ASSERT(!pthread_create(&g->watch, NULL, watch, g), "a thread");
}

void guest_td_end(struct guest_td *g)
{
	WRITE_ONCE(g->ended, true);
	pthread_join(g->watch, NULL);
	assert_hello(g);
	td_end(g->tv);
}

u64 guest_td_mapped(struct guest_td *g)
{
	struct page_counts c;

	page_counts_read(g->vm, &c);
	return page_counts_sum(&c);
}

void guest_td_say(struct guest_td *g, u64 value)
{
	__atomic_store_n(&g->ctl->host, value, __ATOMIC_RELEASE);
}

/* Sleep, as the vCPUs may keep all CPUs busy. */
void guest_td_wait_for(struct guest_td *g, unsigned int vcpu, u64 value)
{
	while (__atomic_load_n(&g->ctl->guest[vcpu], __ATOMIC_ACQUIRE) != value)
		usleep(100);
}

void guest_td_wait(struct guest_td *g, u64 value)
{
	unsigned int i;

	for (i = 0; i < g->nr_vcpus; i++)
		guest_td_wait_for(g, i, value);
}

void guest_td_assert_fault(struct guest_td *g, unsigned int vcpu,
			   const struct td_exit *e, gpa_t gpa, bool private,
			   const char *what)
{
	struct kvm_run *run = g->tv->vcpus[vcpu].vcpu->run;
	u64 flags = private ? KVM_MEMORY_EXIT_FLAG_PRIVATE : 0;
	char text[256];

	TEST_ASSERT(e->error == -EFAULT && e->cmd == UCALL_NONE &&
		    e->reason == KVM_EXIT_MEMORY_FAULT,
		    "%s of gpa %#lx: %s", what, gpa,
		    td_exit_text(g->tv, vcpu, e, text, sizeof(text)));
	TEST_ASSERT(run->memory_fault.flags == flags &&
		    run->memory_fault.gpa == gpa &&
		    run->memory_fault.size == PAGE_SIZE,
		    "%s of gpa %#lx: memory fault at gpa %#llx, size %#llx, flags %#llx",
		    what, gpa, run->memory_fault.gpa, run->memory_fault.size,
		    run->memory_fault.flags);
}

void *area_hva(const struct td_area *area, gpa_t gpa)
{
	return area->hva + (gpa - area->mem.gpa);
}

void area_write(const struct td_area *area, gpa_t gpa, u64 pages, u16 salt)
{
	words_write(area_hva(area, gpa), gpa, pages, salt);
}

void area_check(const struct td_area *area, gpa_t gpa, u64 pages, u16 salt,
		const char *when)
{
	char text[WORD_TEXT];

	TEST_ASSERT(words_check(area_hva(area, gpa), gpa, pages, salt, text),
		    "%s: the host's memory, %s", when, text);
}

/* In the guest's own memory: each barrier adds nr to it. */
static u64 met;

void guest_meet(unsigned int nr)
{
	u64 mine = __atomic_add_fetch(&met, 1, __ATOMIC_SEQ_CST);
	u64 all = (mine + nr - 1) / nr * nr;

	while (__atomic_load_n(&met, __ATOMIC_SEQ_CST) < all)
		cpu_relax();
}

static void *kick(void *arg)
{
	/* Most likely after KVM_RUN has begun; correct in any case. */
	usleep(20000);
	td_kick(arg, 0);
	return NULL;
}

void td_kicked_out(struct td_vm *tv)
{
	pthread_t thread;
	struct td_exit e;

	td_run_until_sync(tv, 0, NULL);
	TEST_ASSERT(!pthread_create(&thread, NULL, kick, tv), "a thread");
	td_run_until_exit(tv, 0, KVM_EXIT_INTR, EINTR, &e);
	pthread_join(thread, NULL);
	td_end(tv);
}
