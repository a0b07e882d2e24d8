// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest touches memory as private that is shared, or the reverse: KVM exits
 * with KVM_EXIT_MEMORY_FAULT. If the VMM converts it, the guest goes on; if
 * not, the next KVM_RUN has the same exit.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "kvm/gmem.h"
#include "subtests/tdx/guest_code/ve.h"
#include "subtests/tdx/tests.h"
#include "subtests/tdx/words.h"
#include "td.h"

enum { NOTHING, GUEST, HOST, GUEST_AGAIN };

/* Accesses of the guest, each to a page of the other kind. */
enum how {
	READS_SHARED, WRITES_SHARED, CHANGES_SHARED,
	READS_PRIVATE, WRITES_PRIVATE, CHANGES_PRIVATE, ACCEPTS,
	NR_HOW
};

static const char *const how_text[NR_HOW] = {
	[READS_SHARED] = "shared read", [WRITES_SHARED] = "shared write",
	[CHANGES_SHARED] = "shared atomic operation",
	[READS_PRIVATE] = "private read", [WRITES_PRIVATE] = "private write",
	[CHANGES_PRIVATE] = "private atomic operation",
	[ACCEPTS] = "accept",
};

static bool how_private(enum how how)
{
	return how >= READS_PRIVATE;
}

/* A page each, not adjacent: a neighbour's GPA cannot be right by chance. */
static gpa_t how_gpa(enum how how)
{
	return TD_GPA + (how * 3 + 1) * PAGE_SIZE;
}

#define PAGES	(NR_HOW * 3 + 1)

/* Not at the page's start: KVM must report the page's GPA. */
static void do_it(enum how how)
{
	bool private = how_private(how);
	gpa_t gpa = how_gpa(how);
	u64 *word = (private ? td_private(gpa) : td_shared(gpa)) + 0xab8;
	u64 status;

	switch (how) {
	case READS_SHARED:
	case READS_PRIVATE:
		READ_ONCE(*word);
		break;
	case WRITES_SHARED:
		WRITE_ONCE(*word, word_of(gpa + 0xab8, HOST));
		break;
	case WRITES_PRIVATE:
		WRITE_ONCE(*word, 0);
		break;
	case CHANGES_SHARED:
	case CHANGES_PRIVATE:
		/* A compiler may replace an atomic OR of 0 by a fence. */
		asm volatile("lock orq $0, %0" : "+m"(*word));
		break;
	default:
		status = td_accept_page(gpa, TDX_LEVEL_4K);
		__GUEST_ASSERT(!status, "accept of gpa %#lx: status %#lx", gpa,
			       status);
	}
}

/* First as its own kind, so that it is mapped; then as the other one. */
static void guest_mixes(void)
{
	enum how how;
	gpa_t gpa;
	void *view;

	td_on_ve(ve_accept);
	for (how = 0; how < NR_HOW; how++) {
		gpa = how_gpa(how);
		guest_at(0, gpa);
		if (how_private(how)) {
			guest_words_check(td_shared(gpa), 1, HOST);
		} else {
			td_accept(gpa, PAGE_SIZE, NULL);
			guest_words_write(td_private(gpa), 1, GUEST);
		}
		GUEST_SYNC(how);
		do_it(how);
		view = how_private(how) ? td_private(gpa) : td_shared(gpa);
		guest_words_check(view, 1, how_private(how) ? NOTHING : HOST);
		guest_words_write(view, 1, GUEST_AGAIN);
	}
	GUEST_DONE();
}

static void convert(struct guest_td *g, gpa_t gpa, bool to_private)
{
	if (to_private)
		vm_mem_set_private(g->vm, gpa, PAGE_SIZE);
	else
		vm_mem_set_shared(g->vm, gpa, PAGE_SIZE);
}

/* Without a conversion: the same exit again, and nothing is mapped. */
static void drive_one(struct guest_td *g, struct td_area *area, enum how how)
{
	gpa_t gpa = how_gpa(how);
	struct td_exit e;
	u64 mapped;
	int i;

	TEST_ASSERT_EQ(td_run_until_sync(g->tv, 0, NULL), (u64)how);
	mapped = guest_td_mapped(g);
	for (i = 0; i < 3; i++) {
		td_run(g->tv, 0, &e);
		guest_td_assert_fault(g, 0, &e, gpa, how_private(how),
				      how_text[how]);
		assert_mapped(g->vm, mapped, "%s of gpa %#lx, refused",
			      how_text[how], gpa);
	}
	area_write(area, gpa, 1, HOST);
	convert(g, gpa, how_private(how));
	assert_mapped(g->vm, mapped - 1, "gpa %#lx converted", gpa);
}

static void each_way(void)
{
	struct td_area area;
	struct guest_td g;
	enum how how;

	guest_td_new(&g, 1, guest_mixes, 0);
	td_area_add(g.tv, &area, TD_GPA, PAGES, TD_AREA_FRESH);
	area_write(&area, TD_GPA, PAGES, HOST);
	for (how = 0; how < NR_HOW; how++)
		convert(&g, how_gpa(how), !how_private(how));
	guest_td_start(&g);
	for (how = 0; how < NR_HOW; how++)
		drive_one(&g, &area, how);
	td_run_until_done(g.tv, 0);
	for (how = 0; how < NR_HOW; how++)
		area_check(&area, how_gpa(how), 1,
			   how_private(how) ? HOST : GUEST_AGAIN,
			   how_text[how]);
	guest_td_end(&g);
}

/* ---- the VMM converts without a request of the guest --------------------- */

#define TAKEN_GPA	TD_GPA
#define TAKEN_PAGES	6

/* Reads on without an exit; the old word must not show after the conversion. */
static void guest_reads_on(u64 vcpu, u64 nr)
{
	const u64 *word = td_private(TAKEN_GPA + 3 * PAGE_SIZE);
	gpa_t gpa = td_gpa(word);

	td_on_ve(ve_accept);
	guest_at(vcpu, gpa);
	if (!vcpu) {
		td_accept(TAKEN_GPA, TAKEN_PAGES * PAGE_SIZE, NULL);
		guest_words_write(td_private(TAKEN_GPA), TAKEN_PAGES, GUEST);
	}
	guest_meet(nr);
	guest_say(vcpu, 1);
	do {
		guest_word_check(word, GUEST, NOTHING, "about to be taken");
	} while (guest_heard() != 1);
	guest_word_check(word, NOTHING, NOTHING, "taken");
	guest_words_check(td_private(TAKEN_GPA), 3, GUEST);
	guest_words_check(td_private(gpa), 1, NOTHING);
	guest_words_check(td_private(gpa + PAGE_SIZE), 2, GUEST);
	guest_meet(nr);
	GUEST_DONE();
}

struct taker {
	struct guest_td *g;
	gpa_t gpa;
	unsigned int faults;
};

/* Shared and private again while they read, before they are notified. */
static void *take(void *arg)
{
	struct taker *t = arg;

	guest_td_wait(t->g, 1);
	vm_mem_set_shared(t->g->vm, t->gpa, PAGE_SIZE);
	usleep(1000);
	vm_mem_set_private(t->g->vm, t->gpa, PAGE_SIZE);
	guest_td_say(t->g, 1);
	return NULL;
}

/* Exits in between: just repeat KVM_RUN until the page is private. */
static int count_fault(struct td_vm *tv, const struct td_convert *c)
{
	struct taker *t = tv->arg;

	TEST_ASSERT(!c->by_mapgpa && c->to_private && c->gpa == t->gpa &&
		    c->size == PAGE_SIZE,
		    "gpa %#lx, size %#lx is to become %s", c->gpa, c->size,
		    c->to_private ? "private" : "shared");
	__atomic_fetch_add(&t->faults, 1, __ATOMIC_RELAXED);
	return 0;
}

static void taken_while_running(void)
{
	struct taker t = { .gpa = TAKEN_GPA + 3 * PAGE_SIZE };
	struct td_area area;
	struct guest_td g;
	pthread_t thread;
	unsigned int i;

	guest_td_new(&g, guest_td_vcpus(), guest_reads_on, 0);
	td_area_add(g.tv, &area, TAKEN_GPA, TAKEN_PAGES, TD_AREA_FRESH);
	for (i = 0; i < g.nr_vcpus; i++)
		td_args(g.tv, i, 2, (u64)i, (u64)g.nr_vcpus);
	t.g = &g;
	g.tv->convert_faults = true;
	g.tv->convert = count_fault;
	g.tv->arg = &t;
	guest_td_start(&g);
	TEST_ASSERT(!pthread_create(&thread, NULL, take, &t), "a thread");
	td_run_all(g.tv, NULL, NULL);
	pthread_join(thread, NULL);
	printf("%u memory faults by %u vCPUs\n", t.faults, g.nr_vcpus);
	guest_td_end(&g);
}

/* ---- each access another kind, converted by the default ------------------ */

#define TURNS	8

static void guest_alternates(u64 vcpu, u64 nr)
{
	gpa_t gpa = TD_GPA + vcpu * PAGE_SIZE;
	unsigned int i;

	td_on_ve(ve_accept);
	guest_meet(nr);
	for (i = 0; i < TURNS; i++) {
		guest_at(vcpu, gpa);
		guest_words_check(td_private(gpa), 1, NOTHING);
		guest_words_write(td_private(gpa), 1, 0x100);
		guest_words_check(td_shared(gpa), 1, i);
		guest_words_write(td_shared(gpa), 1, i + 1);
	}
	guest_meet(nr);
	GUEST_DONE();
}

static void alternate(void)
{
	struct td_area area;
	struct guest_td g;
	unsigned int i;

	guest_td_new(&g, guest_td_vcpus(), guest_alternates, 0);
	td_area_add(g.tv, &area, TD_GPA, GUEST_VCPUS_MAX, TD_AREA_SHARED);
	for (i = 0; i < g.nr_vcpus; i++)
		td_args(g.tv, i, 2, (u64)i, (u64)g.nr_vcpus);
	g.tv->convert_faults = true;
	guest_td_start(&g);
	td_run_all(g.tv, NULL, NULL);
	TEST_ASSERT_EQ(g.tv->conversions, 2ul * TURNS * g.nr_vcpus);
	area_check(&area, TD_GPA, g.nr_vcpus, TURNS, "after the last turn");
	guest_td_end(&g);
}

void implicit_conversion(const struct subtest_args *args)
{
	each_way();
	taken_while_running();
	alternate();
}
