// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memslots that are deleted and added again while a TD runs: the guest loses
 * the pages with the slot, although their backing stays.
 */
#include <stdio.h>
#include <unistd.h>

#include "kvm/gmem.h"
#include "subtests/tdx/guest_code/ve.h"
#include "subtests/tdx/tests.h"
#include "subtests/tdx/words.h"
#include "td.h"

#define SIZE_2M		(PAGES_2M * PAGE_SIZE)

/* Three slots on one guest_memfd; the middle one is deleted. */
#define PAGES		6
#define BEFORE		((gpa_t)(TD_GPA + SIZE_2M - 2 * PAGES * PAGE_SIZE))
#define DELETED		((gpa_t)(BEFORE + PAGES * PAGE_SIZE))
#define AFTER		((gpa_t)(DELETED + PAGES * PAGE_SIZE))
#define SHARED		((gpa_t)(TD_GPA + 2 * SIZE_2M))
#define FD_PAGES	(4 * PAGES)

enum { NOTHING, FIRST, SECOND, THIRD, HOST };

struct slots {
	struct guest_td g;
	struct td_area before, deleted, after, shared;
	int fd;
};

static void slots_new(struct slots *s, unsigned int nr_vcpus, void *guest)
{
	unsigned int i;

	guest_td_new(&s->g, nr_vcpus, guest, 0);
	s->fd = gmem_create(s->g.vm, FD_PAGES, 0);
	td_area_add_fd(s->g.tv, &s->before, BEFORE, PAGES, TD_AREA_FRESH,
		       s->fd, 0);
	td_area_add_fd(s->g.tv, &s->deleted, DELETED, PAGES, TD_AREA_FRESH,
		       s->fd, PAGES);
	td_area_add_fd(s->g.tv, &s->after, AFTER, PAGES, TD_AREA_FRESH,
		       s->fd, 2 * PAGES);
	td_area_add(s->g.tv, &s->shared, SHARED, PAGES, TD_AREA_SHARED);
	area_write(&s->shared, SHARED, PAGES, HOST);
	for (i = 0; i < nr_vcpus; i++)
		td_args(s->g.tv, i, 2, (u64)i, (u64)nr_vcpus);
	guest_td_start(&s->g);
}

static void slots_end(struct slots *s)
{
	guest_td_end(&s->g);
	kvm_close(s->fd);
}

/* Without libkvm's knowledge: it keeps the slot's userspace memory. */
static void slot_set(struct slots *s, const struct td_area *area, u64 size,
		     u64 fd_page)
{
	vm_set_user_memory_region2(s->g.vm, area->mem.slot, KVM_MEM_GUEST_MEMFD,
				   area->mem.gpa, size, area->hva,
				   area->mem.fd, fd_page * PAGE_SIZE);
}

static void slot_delete(struct slots *s, const struct td_area *area)
{
	slot_set(s, area, 0, area->mem.fd_page);
}

static void slot_restore(struct slots *s, const struct td_area *area)
{
	slot_set(s, area, area->mem.pages * PAGE_SIZE, area->mem.fd_page);
}

/* ---- while no vCPU runs -------------------------------------------------- */

static void check_kept(void)
{
	guest_words_check(td_private(BEFORE), PAGES, FIRST);
	guest_words_check(td_private(AFTER), PAGES, FIRST);
}

static void rewrite(u16 salt)
{
	guest_words_check(td_private(DELETED), PAGES, NOTHING);
	guest_words_write(td_private(DELETED), PAGES, salt);
	check_kept();
}

/* Without the slot the access is MMIO, which is #VE in the guest. */
static void peek_shared(void)
{
	gpa_t gpa = SHARED + PAGE_SIZE;
	u64 got;

	__GUEST_ASSERT(!ve_peek(td_shared(gpa), &got),
		       "gpa %#lx: %#lx (salt %u) is read without a memslot",
		       gpa, got, word_salt(got));
	__GUEST_ASSERT((ve_last()->gpa & PAGE_MASK) == (gpa | TD_SHARED),
		       "#VE has gpa %#lx, not %#lx", ve_last()->gpa,
		       (gpa_t)(gpa | TD_SHARED));
}

static void guest_of_slots(void)
{
	u64 got;

	td_on_ve(ve_accept);
	guest_at(0, BEFORE);
	td_accept(BEFORE, 3 * PAGES * PAGE_SIZE, NULL);
	guest_words_write(td_private(BEFORE), 3 * PAGES, FIRST);
	guest_words_check(td_shared(SHARED), PAGES, HOST);
	GUEST_SYNC(0);
	check_kept();
	GUEST_SYNC(1);
	guest_at(0, DELETED);
	rewrite(SECOND);
	GUEST_SYNC(2);
	rewrite(THIRD);
	GUEST_SYNC(3);
	rewrite(FIRST);
	GUEST_SYNC(4);
	guest_at(0, SHARED);
	peek_shared();
	GUEST_ASSERT(ve_peek(td_private(DELETED), &got));
	guest_words_check(td_private(DELETED), PAGES, FIRST);
	check_kept();
	GUEST_SYNC(5);
	guest_words_check(td_shared(SHARED + 2 * PAGE_SIZE), 1, HOST);
	GUEST_SYNC_ARGS(6, ve_peek(td_shared(SHARED + PAGE_SIZE), &got), 0, 0,
			0);
	GUEST_DONE();
}

static void run_to(struct slots *s, u64 stage)
{
	TEST_ASSERT_EQ(td_run_until_sync(s->g.tv, 0, NULL), stage);
}

/* Without a slot: a memory fault, also when repeated. */
static void no_slot(struct slots *s, u64 mapped)
{
	struct td_exit e;
	int i;

	slot_delete(s, &s->deleted);
	assert_mapped(s->g.vm, mapped - PAGES, "memslot at gpa %#lx deleted",
		      DELETED);
	run_to(s, 1);
	for (i = 0; i < 2; i++) {
		td_run(s->g.tv, 0, &e);
		guest_td_assert_fault(&s->g, 0, &e, DELETED, true,
				      "without a memslot, read");
	}
	slot_restore(s, &s->deleted);
	assert_mapped(s->g.vm, mapped - PAGES, "memslot added again");
}

/*
 * For a gpa touched without a slot KVM has an MMIO entry, which causes #VE in
 * the guest and no exit; up to 7.3.4 the entry survives a slot that is added
 * there. Not asserted, as no document specifies it.
 */
static void shared_slot_back(struct slots *s)
{
	struct ucall uc;

	slot_restore(s, &s->shared);
	TEST_ASSERT_EQ(td_run_until_sync(s->g.tv, 0, &uc), 6ul);
	if (!uc.args[2])
		printf("gpa %#lx: MMIO before its memslot was added, and still\n",
		       (gpa_t)(SHARED + PAGE_SIZE));
}

static void while_stopped(void)
{
	struct slots s;
	u64 mapped;

	slots_new(&s, 1, guest_of_slots);
	run_to(&s, 0);
	mapped = guest_td_mapped(&s.g);
	no_slot(&s, mapped);
	run_to(&s, 2);
	assert_mapped(s.g.vm, mapped, "all accepted again");

	/* Added and deleted before a guest's access, then with other pages. */
	slot_delete(&s, &s.deleted);
	slot_restore(&s, &s.deleted);
	run_to(&s, 3);
	slot_delete(&s, &s.deleted);
	slot_set(&s, &s.deleted, PAGES * PAGE_SIZE, 3 * PAGES);
	run_to(&s, 4);
	assert_mapped(s.g.vm, mapped, "all accepted, from other pages");

	slot_delete(&s, &s.shared);
	assert_mapped(s.g.vm, mapped - PAGES, "shared memslot deleted");
	run_to(&s, 5);
	shared_slot_back(&s);
	td_run_until_done(s.g.tv, 0);
	slots_end(&s);
}

/* ---- while vCPUs read on ------------------------------------------------- */

#define ROUNDS		6

static void read_until_gone(unsigned int vcpu, u64 round)
{
	gpa_t gpa = DELETED + round % PAGES * PAGE_SIZE;
	const u64 *word = td_private(gpa);

	guest_at(vcpu, gpa);
	guest_say(vcpu, round);
	do {
		guest_word_check(word, round, NOTHING, "memslot deleted soon");
	} while (guest_heard() != round);
	guest_word_check(word, NOTHING, NOTHING, "memslot was deleted");
}

static void guest_reads_on(u64 vcpu, u64 nr)
{
	u64 round;

	td_on_ve(ve_accept);
	if (!vcpu) {
		guest_words_write(td_private(BEFORE), PAGES, FIRST);
		guest_words_write(td_private(AFTER), PAGES, FIRST);
	}
	for (round = 1; round <= ROUNDS; round++) {
		if (!vcpu)
			guest_words_write(td_private(DELETED), PAGES, round);
		guest_meet(nr);
		read_until_gone(vcpu, round);
		guest_words_check(td_private(DELETED), PAGES, NOTHING);
		check_kept();
		guest_meet(nr);
	}
	GUEST_DONE();
}

/* The slot is deleted now, but soon back. */
static int wait_for_slot(struct td_vm *tv, const struct td_convert *c)
{
	unsigned long *faults = tv->arg;

	TEST_ASSERT(!c->by_mapgpa && c->to_private && c->gpa >= DELETED &&
		    c->gpa < DELETED + PAGES * PAGE_SIZE,
		    "gpa %#lx, size %#lx is to become %s", c->gpa, c->size,
		    c->to_private ? "private" : "shared");
	__atomic_fetch_add(faults, 1, __ATOMIC_RELAXED);
	sched_yield();
	return 0;
}

static void *delete_under_readers(void *arg)
{
	struct slots *s = arg;
	u64 round;

	for (round = 1; round <= ROUNDS; round++) {
		guest_td_wait(&s->g, round);
		slot_delete(s, &s->deleted);
		/* For some time the readers have no slot. */
		if (round % 2)
			usleep(2000);
		slot_restore(s, &s->deleted);
		guest_td_say(&s->g, round);
	}
	return NULL;
}

static void while_running(void)
{
	unsigned long faults = 0;
	pthread_t thread;
	struct slots s;

	slots_new(&s, guest_td_vcpus(), guest_reads_on);
	s.g.tv->convert_faults = true;
	s.g.tv->convert = wait_for_slot;
	s.g.tv->arg = &faults;
	TEST_ASSERT(!pthread_create(&thread, NULL, delete_under_readers, &s),
		    "a thread");
	td_run_all(s.g.tv, NULL, NULL);
	pthread_join(thread, NULL);
	printf("%u deletions under %u vCPUs, %lu memory faults\n", ROUNDS,
	       s.g.nr_vcpus, faults);
	slots_end(&s);
}

void memslot_delete(const struct subtest_args *args)
{
	while_stopped();
	while_running();
}
