// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shared memory while both sides use it: messages through rings, without an
 * exit of the guest, and pages that the host replaces meanwhile.
 */
#include <stdio.h>
#include <unistd.h>

#include "kvm/gmem.h"
#include "subtests/tdx/guest_code/ve.h"
#include "subtests/tdx/tests.h"
#include "subtests/tdx/words.h"
#include "td.h"

#define SIZE_2M		(PAGES_2M * PAGE_SIZE)

/* ---- rings --------------------------------------------------------------- */

/* Each vCPU and its thread of the host have two, one for each direction. */
#define SLOTS		32
#define SLOT_WORDS	20	/* so that some cross pages */
#define MESSAGES	600

struct ring {
	u64 head __attribute__((aligned(64)));	/* messages put in */
	u64 tail __attribute__((aligned(64)));	/* messages taken out */
	u64 slots[SLOTS][SLOT_WORDS];
};

#define RING_PAGES	((sizeof(struct ring) + PAGE_SIZE - 1) / PAGE_SIZE)
#define VCPU_PAGES	(2 * RING_PAGES)
#define RINGS_GPA	((gpa_t)(TD_GPA + SIZE_2M - 3 * PAGE_SIZE))

enum { TO_GUEST, TO_HOST };

/* In no message. */
#define SALT_HOST	0xffff

static gpa_t ring_gpa(unsigned int vcpu, int way)
{
	return RINGS_GPA + (vcpu * VCPU_PAGES + way * RING_PAGES) * PAGE_SIZE;
}

/* The words of a message hold its number. */
static u16 salt_of(u64 message)
{
	return 1 + message * 331 % 65534;
}

static bool ring_full(struct ring *r)
{
	return r->head - __atomic_load_n(&r->tail, __ATOMIC_ACQUIRE) == SLOTS;
}

static bool ring_empty(struct ring *r)
{
	return __atomic_load_n(&r->head, __ATOMIC_ACQUIRE) == r->tail;
}

static void ring_put(struct ring *r, gpa_t ring_gpa)
{
	u64 *slot = r->slots[r->head % SLOTS];
	gpa_t gpa = ring_gpa + ((u8 *)slot - (u8 *)r);
	unsigned int i;

	for (i = 0; i < SLOT_WORDS; i++)
		slot[i] = word_of(gpa + i * sizeof(u64), salt_of(r->head));
	__atomic_store_n(&r->head, r->head + 1, __ATOMIC_RELEASE);
}

/* False, with a text, if the message is not the expected one. */
static bool ring_take(struct ring *r, gpa_t ring_gpa, char *text)
{
	u64 *slot = r->slots[r->tail % SLOTS], want;
	gpa_t gpa = ring_gpa + ((u8 *)slot - (u8 *)r);
	unsigned int i;

	for (i = 0; i < SLOT_WORDS; i++) {
		want = word_of(gpa + i * sizeof(u64), salt_of(r->tail));
		if (slot[i] != want) {
			word_text(text, gpa + i * sizeof(u64), slot[i], want);
			return false;
		}
	}
	__atomic_store_n(&r->tail, r->tail + 1, __ATOMIC_RELEASE);
	return true;
}

/* The rings hold the host's words; clear them, which the host checks. */
static void guest_clears(unsigned int vcpu)
{
	void *rings = td_shared(ring_gpa(vcpu, TO_GUEST));

	guest_at(vcpu, td_gpa(rings));
	guest_words_check(rings, VCPU_PAGES, SALT_HOST);
	guest_words_write(rings, VCPU_PAGES, 0);
	GUEST_SYNC(0);
}

/* One message is sent for each that is received. */
static void guest_exchanges(u64 vcpu, u64 nr)
{
	struct ring *in = td_shared(ring_gpa(vcpu, TO_GUEST));
	struct ring *out = td_shared(ring_gpa(vcpu, TO_HOST));
	char text[WORD_TEXT];
	u64 i;

	guest_clears(vcpu);
	guest_meet(nr);
	for (i = 0; i < MESSAGES; i++) {
		guest_at(vcpu, td_gpa(in) + i);
		while (ring_empty(in))
			cpu_relax();
		if (!ring_take(in, td_gpa(in), text))
			GUEST_FAIL("vCPU %lu, message %lu: %s", vcpu, i, text);
		while (ring_full(out))
			cpu_relax();
		ring_put(out, td_gpa(out));
	}
	GUEST_ASSERT(ring_empty(in));
	guest_at(vcpu, 0);
	guest_meet(nr);
	GUEST_DONE();
}

struct peer {
	struct td_area *area;
	unsigned int vcpu;
	pthread_t thread;
};

static void *exchange(void *arg)
{
	struct peer *p = arg;
	gpa_t out_gpa = ring_gpa(p->vcpu, TO_GUEST);
	gpa_t in_gpa = ring_gpa(p->vcpu, TO_HOST);
	struct ring *out = area_hva(p->area, out_gpa);
	struct ring *in = area_hva(p->area, in_gpa);
	char text[WORD_TEXT];

	while (in->tail < MESSAGES) {
		while (out->head < MESSAGES && !ring_full(out))
			ring_put(out, out_gpa);
		while (!ring_empty(in))
			TEST_ASSERT(ring_take(in, in_gpa, text),
				    "from vCPU %u, message %lu: %s", p->vcpu,
				    in->tail, text);
		sched_yield();
	}
	return NULL;
}

static void start_peer(struct td_vm *tv, unsigned int vcpu,
		       const struct ucall *uc, void *arg)
{
	struct peer *p = (struct peer *)arg + vcpu;

	area_check(p->area, ring_gpa(vcpu, TO_GUEST), VCPU_PAGES, 0,
		   "cleared by the guest");
	TEST_ASSERT(!pthread_create(&p->thread, NULL, exchange, p),
		    "a thread");
}

static void messages_both_ways(void)
{
	struct peer peers[GUEST_VCPUS_MAX];
	struct td_area area;
	struct guest_td g;
	unsigned int i;

	guest_td_new(&g, guest_td_vcpus(), guest_exchanges, 0);
	td_area_add(g.tv, &area, RINGS_GPA, GUEST_VCPUS_MAX * VCPU_PAGES,
		    TD_AREA_SHARED);
	area_write(&area, RINGS_GPA, GUEST_VCPUS_MAX * VCPU_PAGES, SALT_HOST);
	for (i = 0; i < g.nr_vcpus; i++) {
		td_args(g.tv, i, 2, (u64)i, (u64)g.nr_vcpus);
		peers[i] = (struct peer) { .area = &area, .vcpu = i };
	}
	guest_td_start(&g);
	td_run_all(g.tv, start_peer, peers);
	for (i = 0; i < g.nr_vcpus; i++)
		pthread_join(peers[i].thread, NULL);
	printf("%u vCPUs, %u messages each way\n", g.nr_vcpus, MESSAGES);
	guest_td_end(&g);
}

/* ---- pages that the host replaces ---------------------------------------- */

#define PAGES		6
#define PAGES_GPA	((gpa_t)(TD_GPA + 2 * SIZE_2M))
#define ROUNDS		8
#define REPLACED(round)	(PAGES_GPA + (round) * 5 % PAGES * PAGE_SIZE)

/* It reads the old page or the new one, and then only the new one. */
static void read_until_replaced(unsigned int vcpu, u64 round)
{
	gpa_t gpa = REPLACED(round);
	const u64 *word = td_shared(gpa);

	guest_at(vcpu, gpa);
	guest_say(vcpu, round);
	/* The host's fresh memory is zero before it is written. */
	do {
		if (READ_ONCE(*word))
			guest_word_check(word, round, round + 1, "replaced");
	} while (guest_heard() != round);
	guest_word_check(word, round + 1, round + 1, "after it was replaced");
	guest_words_check(word, 1, round + 1);
}

static void guest_reads_on(u64 vcpu, u64 nr)
{
	u64 round, i;

	for (round = 1; round <= ROUNDS; round++) {
		for (i = 0; i < PAGES; i++)
			guest_words_check(td_shared(PAGES_GPA + i * PAGE_SIZE),
					  1, round);
		guest_meet(nr);
		read_until_replaced(vcpu, round);
		guest_meet(nr);
		/* The host has the same page. */
		if (!vcpu)
			guest_words_write(td_shared(REPLACED(round)), 1,
					  round + 2);
		guest_say(vcpu, 1000 + round);
		guest_wait(1000 + round);
	}
	GUEST_DONE();
}

struct replacer {
	struct guest_td *g;
	struct td_area *area;
};

/* The page itself is freed, not only its contents. */
static void replace(struct td_area *area, gpa_t gpa, u16 salt)
{
	void *hva = area_hva(area, gpa);

	TEST_ASSERT(!madvise(hva, PAGE_SIZE, MADV_DONTNEED), "MADV_DONTNEED");
	area_write(area, gpa, 1, salt);
}

static void *replace_under_readers(void *arg)
{
	struct replacer *r = arg;
	u64 round;

	for (round = 1; round <= ROUNDS; round++) {
		gpa_t gpa = REPLACED(round);

		guest_td_wait(r->g, round);
		replace(r->area, gpa, round + 1);
		guest_td_say(r->g, round);
		guest_td_wait(r->g, 1000 + round);
		area_check(r->area, gpa, 1, round + 2,
			   "the guest has written to it");
		area_write(r->area, PAGES_GPA, PAGES, round + 1);
		guest_td_say(r->g, 1000 + round);
	}
	return NULL;
}

static void replaced_pages(void)
{
	struct td_area area;
	struct replacer r;
	struct guest_td g;
	pthread_t thread;
	unsigned int i;

	guest_td_new(&g, guest_td_vcpus(), guest_reads_on, 0);
	td_area_add(g.tv, &area, PAGES_GPA, PAGES, TD_AREA_SHARED);
	area_write(&area, PAGES_GPA, PAGES, 1);
	for (i = 0; i < g.nr_vcpus; i++)
		td_args(g.tv, i, 2, (u64)i, (u64)g.nr_vcpus);
	r = (struct replacer) { .g = &g, .area = &area };
	guest_td_start(&g);
	TEST_ASSERT(!pthread_create(&thread, NULL, replace_under_readers, &r),
		    "a thread");
	td_run_all(g.tv, NULL, NULL);
	pthread_join(thread, NULL);
	guest_td_end(&g);
}

void shared_memory_between_td_and_host(const struct subtest_args *args)
{
	messages_both_ways();
	replaced_pages();
}
