// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holes in the guest_memfd of a TD that runs: the guest loses the page at once,
 * on every vCPU; then its gpa has fresh memory, and all other pages are
 * unchanged.
 */
#include <stdio.h>

#include "kvm/gmem.h"
#include "subtests/tdx/guest_code/ve.h"
#include "subtests/tdx/tests.h"
#include "subtests/tdx/words.h"
#include "td.h"

#define SIZE_2M		(PAGES_2M * PAGE_SIZE)

/* Around a 2 MiB boundary, and not at the start of its guest_memfd. */
#define GPA		((gpa_t)(TD_GPA + SIZE_2M - 9 * PAGE_SIZE))
#define PAGES		24
#define FD_PAGE		5
#define PAGE_GPA(i)	(GPA + (i) * PAGE_SIZE)

struct holed {
	struct guest_td g;
	struct td_area area;
	int fd;
};

static void holed_new(struct holed *h, unsigned int nr_vcpus, void *guest)
{
	unsigned int i;

	guest_td_new(&h->g, nr_vcpus, guest, 0);
	h->fd = gmem_create(h->g.vm, FD_PAGE + PAGES, 0);
	td_area_add_fd(h->g.tv, &h->area, GPA, PAGES, TD_AREA_FRESH, h->fd,
		       FD_PAGE);
	for (i = 0; i < nr_vcpus; i++)
		td_args(h->g.tv, i, 2, (u64)i, (u64)nr_vcpus);
	guest_td_start(&h->g);
}

static void holed_end(struct holed *h)
{
	guest_td_end(&h->g);
	kvm_close(h->fd);
}

static void punch(struct holed *h, u64 page, u64 pages)
{
	gpa_t gpa = PAGE_GPA(page);

	gmem_punch(h->fd, FD_PAGE + page, pages);
	TEST_ASSERT(td_alive(h->g.tv->td),
		    "hole at gpa %#lx, %lu pages: KVM has killed the VM", gpa,
		    pages);
}

/* ---- one after the other ------------------------------------------------- */

/* Holes, in order: at both ends, in the middle, across it, twice. */
static const struct hole {
	u64 page, pages;
	bool by_accept;
} holes[] = {
	{ 0, 1, false }, { PAGES - 1, 1, false }, { 4, 1, true },
	{ 7, 5, false }, { 8, 2, true }, { 8, 1, false }, { 0, PAGES, true },
};

static void refill(const struct hole *h, u16 salt)
{
	gpa_t gpa = PAGE_GPA(h->page);
	u64 seen = ve_seen();

	if (h->by_accept)
		td_accept(gpa, h->pages * PAGE_SIZE, NULL);
	guest_words_check(td_private(gpa), h->pages, 0);
	__GUEST_ASSERT(ve_seen() == seen + (h->by_accept ? 0 : h->pages),
		       "gpa %#lx, %lu pages: %lu #VE", gpa, h->pages,
		       ve_seen() - seen);
	guest_words_write(td_private(gpa), h->pages, salt);
}

/* Each page's last word; the other pages are read before and after. */
static void check_others(const u16 *salt, const struct hole *h)
{
	u64 i;

	for (i = 0; i < PAGES; i++) {
		if (i >= h->page && i < h->page + h->pages)
			continue;
		guest_at(0, PAGE_GPA(i));
		guest_words_check(td_private(PAGE_GPA(i)), 1, salt[i]);
	}
}

static void guest_sees_holes(void)
{
	u16 salt[PAGES];
	u64 i, j;

	td_on_ve(ve_accept);
	td_accept(GPA, PAGES * PAGE_SIZE, NULL);
	guest_words_write(td_private(GPA), PAGES, 1);
	for (i = 0; i < PAGES; i++)
		salt[i] = 1;
	guest_at(0, GPA);
	for (i = 0; i < ARRAY_SIZE(holes); i++) {
		GUEST_SYNC(2 * i);
		check_others(salt, &holes[i]);
		GUEST_SYNC(2 * i + 1);
		refill(&holes[i], i + 2);
		for (j = 0; j < holes[i].pages; j++)
			salt[holes[i].page + j] = i + 2;
		check_others(salt, &holes[i]);
	}
	GUEST_SYNC(2 * i);
	GUEST_DONE();
}

static void one_by_one(void)
{
	const struct hole *hole;
	u64 mapped = 0, i;
	struct holed h;
	gpa_t gpa;

	holed_new(&h, 1, guest_sees_holes);
	for (i = 0; i < ARRAY_SIZE(holes); i++) {
		hole = &holes[i];
		gpa = PAGE_GPA(hole->page);
		TEST_ASSERT_EQ(td_run_until_sync(h.g.tv, 0, NULL), 2 * i);
		if (!i)
			mapped = guest_td_mapped(&h.g);
		assert_mapped(h.g.vm, mapped, "before hole %lu", i);
		punch(&h, hole->page, hole->pages);
		assert_mapped(h.g.vm, mapped - hole->pages,
			      "hole at gpa %#lx, %lu pages", gpa,
			      hole->pages);
		TEST_ASSERT_EQ(td_run_until_sync(h.g.tv, 0, NULL), 2 * i + 1);
		assert_mapped(h.g.vm, mapped - hole->pages,
			      "the others read, hole at gpa %#lx", gpa);
	}
	td_run_until_sync(h.g.tv, 0, NULL);
	assert_mapped(h.g.vm, mapped, "all holes filled");
	td_run_until_done(h.g.tv, 0);
	holed_end(&h);
}

/* ---- while vCPUs read on without an exit --------------------------------- */

#define ROUNDS		12
#define PUNCHED(round)	(((round) * 5 + 2) % PAGES)

/* Before the hole a vCPU may see the page, afterwards never again. */
static void read_until_punched(unsigned int vcpu, u64 round)
{
	gpa_t gpa = PAGE_GPA(PUNCHED(round));
	const u64 *word = td_private(gpa);

	guest_at(vcpu, gpa);
	guest_say(vcpu, 2 * round);
	do {
		guest_word_check(word, round, 0, "hole is due");
	} while (guest_heard() != 2 * round + 1);
	guest_word_check(word, 0, 0, "hole is there");
	guest_words_check(word, 1, 0);
	guest_say(vcpu, 2 * round + 1);
	/* Until the host has seen it, which would wait for ever otherwise. */
	while (guest_heard() != 2 * round + 2)
		cpu_relax();
}

static void guest_reads_on(u64 vcpu, u64 nr)
{
	u64 round, i;

	td_on_ve(ve_accept);
	for (round = 1; round <= ROUNDS; round++) {
		if (!vcpu)
			guest_words_write(td_private(GPA), PAGES, round);
		guest_meet(nr);
		read_until_punched(vcpu, round);
		guest_meet(nr);
		for (i = 0; i < PAGES; i++)
			guest_words_check(td_private(PAGE_GPA(i)), 1,
					  i == PUNCHED(round) ? 0 : round);
		guest_meet(nr);
	}
	GUEST_DONE();
}

/* No KVM_RUN on this thread: only the hole makes the vCPUs exit. */
static void *punch_under_readers(void *arg)
{
	struct holed *h = arg;
	u64 round;

	for (round = 1; round <= ROUNDS; round++) {
		guest_td_wait(&h->g, 2 * round);
		punch(h, PUNCHED(round), 1);
		guest_td_say(&h->g, 2 * round + 1);
		guest_td_wait(&h->g, 2 * round + 1);
		guest_td_say(&h->g, 2 * round + 2);
	}
	return NULL;
}

static void run_with(struct holed *h, void *(*fn)(void *arg))
{
	pthread_t thread;

	TEST_ASSERT(!pthread_create(&thread, NULL, fn, h), "a thread");
	td_run_all(h->g.tv, NULL, NULL);
	pthread_join(thread, NULL);
}

static void readers_lose_it_at_once(void)
{
	struct holed h;

	holed_new(&h, guest_td_vcpus(), guest_reads_on);
	run_with(&h, punch_under_readers);
	printf("%u holes under %u vCPUs that read on\n", ROUNDS,
	       h.g.nr_vcpus);
	holed_end(&h);
}

/* ---- at any time --------------------------------------------------------- */

/*
 * The first pages are the vCPUs' own and stay. Holes free the others at any
 * time: each word there is that of its place, or zero since the last hole.
 */
#define KEPT		(2 * GUEST_VCPUS_MAX)
#define STORM_HOLES	48

static void check_own(unsigned int vcpu, u16 salt)
{
	u64 i;

	for (i = 2 * vcpu; i < 2 * vcpu + 2; i++)
		guest_words_check(td_private(PAGE_GPA(i)), 1, salt);
}

static void write_punched(unsigned int vcpu, u64 page)
{
	gpa_t gpa = PAGE_GPA(page) + vcpu * sizeof(u64);
	u64 *word = td_private(gpa);

	guest_at(vcpu, gpa);
	guest_word_check(word, 1, 0, "holes at any time");
	WRITE_ONCE(*word, word_of(gpa, 1));
}

static void guest_in_storm(u64 vcpu, u64 nr)
{
	u16 salt = 1;
	u64 i;

	td_on_ve(ve_accept);
	guest_words_write(td_private(PAGE_GPA(2 * vcpu)), 2, salt);
	guest_say(vcpu, 1);
	for (i = vcpu; guest_heard() != 1; i++) {
		write_punched(vcpu, KEPT + i % (PAGES - KEPT));
		check_own(vcpu, salt);
		salt = 1 + i % 1000;
		guest_words_write(td_private(PAGE_GPA(2 * vcpu)), 2, salt);
	}
	check_own(vcpu, salt);
	guest_meet(nr);
	GUEST_DONE();
}

static void *storm(void *arg)
{
	struct holed *h = arg;
	unsigned int seed = 1;
	u64 i, page, pages;

	guest_td_wait(&h->g, 1);
	for (i = 0; i < STORM_HOLES; i++) {
		page = KEPT + rand_r(&seed) % (PAGES - KEPT);
		pages = 1 + rand_r(&seed) % (PAGES - page);
		punch(h, page, pages);
		sched_yield();
	}
	guest_td_say(&h->g, 1);
	return NULL;
}

/* Counts agree: a last hole leaves no page. */
static void holes_in_a_storm(void)
{
	struct holed h;
	u64 mapped;

	holed_new(&h, guest_td_vcpus(), guest_in_storm);
	run_with(&h, storm);
	punch(&h, KEPT, PAGES - KEPT);
	mapped = guest_td_mapped(&h.g);
	punch(&h, 0, 2 * h.g.nr_vcpus);
	assert_mapped(h.g.vm, mapped - 2 * h.g.nr_vcpus,
		      "the pages that were kept");
	punch(&h, 0, PAGES);
	assert_mapped(h.g.vm, mapped - 2 * h.g.nr_vcpus, "no page is left");
	holed_end(&h);
}

void punch_hole_then_fault(const struct subtest_args *args)
{
	one_by_one();
	readers_lose_it_at_once();
	holes_in_a_storm();
}
