// SPDX-License-Identifier: GPL-2.0-only
/*
 * The speed of an actor in the race engine, compared with that of its calls
 * alone: the actor on two threads, and the same calls with the same arguments
 * in a bare loop, in turns. Each thread has its own VM and guest_memfd: on a
 * shared one, contention of its lock would decide.
 *
 *	bench_race [-m MS] [-n TURNS]
 *
 * Exit code: 0; 1 a step failed; 2 wrong call; 4 not possible here.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/number.h"
#include "kvm/suite.h"
#include "../../lib/race/actors/fixture.h"
#include "race/engine.h"

#define THREADS		2
#define TURNS_MAX	99
#define ARGUMENTS	4096	/* computed before, then reused */
#define BARE_LANE	400	/* of no actor */
#define HOLE		(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE)

/* The calls of an actor's step, and nothing else. */
struct range {
	u64 first;
	u64 nr;
};

typedef long bare_fn(struct fixture_vm *n, const struct range *r, u32 lane);

static long bare_dontneed(struct fixture_vm *n, const struct range *r, u32 lane)
{
	volatile u64 *word = lane_word(n->mem, r->first, lane);
	long ret;

	*word = 1;
	ret = madvise(n->mem + r->first * PAGE_SIZE, r->nr * PAGE_SIZE,
		      MADV_DONTNEED);
	(void)*word;
	return ret;
}

static long bare_hole(struct fixture_vm *n, const struct range *r, u32 lane)
{
	return fallocate(n->fd, HOLE, r->first * PAGE_SIZE,
			 r->nr * PAGE_SIZE);
}

static long bare_allocate(struct fixture_vm *n, const struct range *r, u32 lane)
{
	return fallocate(n->fd, FALLOC_FL_KEEP_SIZE, r->first * PAGE_SIZE,
			 r->nr * PAGE_SIZE);
}

static long bare_remap(struct fixture_vm *n, const struct range *r, u32 lane)
{
	size_t bytes = r->nr * PAGE_SIZE;
	volatile u64 *word;
	u8 *mem, *to;

	mem = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, n->fd,
		   r->first * PAGE_SIZE);
	word = lane_word(mem, 0, lane);
	*word = 1;
	word = lane_word(n->mem, r->first, lane);
	(void)*word;
	to = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, n->fd, 0);
	if (mremap(mem, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, to) != to)
		return -1;
	word = lane_word(to, 0, lane);
	*word = 1;
	word = lane_word(n->mem, r->first, lane);
	(void)*word;
	return munmap(to, bytes);
}

/* No call: mostly a present page. */
static long bare_write(struct fixture_vm *n, const struct range *r, u32 lane)
{
	volatile u64 *word = lane_word(n->mem, r->first, lane);

	(void)*word;
	*word = 1;
	return 0;
}

static const struct kind {
	const char *actor;
	bare_fn *bare;
} kinds[] = {
	{ "user_dontneed", bare_dontneed },
	{ "user_remap", bare_remap },
	{ "punch_hole", bare_hole },
	{ "fallocate", bare_allocate },
	{ "user_write", bare_write },
};

/* ---- the bare loop ------------------------------------------------------- */

struct bare {
	struct fixture_vm *n;
	bare_fn *fn;
	struct range ranges[ARGUMENTS];
	u32 lane;
	int cpu;
	pthread_t thread;
	unsigned long done;
};

static atomic_bool go, stop;

static void *bare_loop(void *arg)
{
	struct bare *b = arg;
	unsigned long i;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(b->cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
	while (!atomic_load(&go))
		sched_yield();
	for (i = 0; !atomic_load_explicit(&stop, memory_order_relaxed); i++) {
		if (b->fn(b->n, &b->ranges[i % ARGUMENTS], b->lane))
			break;
	}
	b->done = i;
	return NULL;
}

/* The CPU of the engine's thread @i. */
static int nth_cpu(int i)
{
	cpu_set_t allowed;
	int cpu;

	CPU_ZERO(&allowed);
	sched_getaffinity(0, sizeof(allowed), &allowed);
	for (cpu = 0, i %= CPU_COUNT(&allowed); cpu < CPU_SETSIZE; cpu++) {
		if (CPU_ISSET(cpu, &allowed) && !i--)
			break;
	}
	return cpu;
}

/* Each turn begins without pages. */
static void empty(struct fixture *fx)
{
	gmem_punch(fx->normal.fd, 0, fx->normal.pages);
}

static unsigned long bare_turn(struct fixture *fixtures,
			       const struct kind *kind, unsigned int ms)
{
	static struct bare b[THREADS];
	unsigned long done = 0, k;
	int i;

	atomic_store(&go, false);
	atomic_store(&stop, false);
	for (i = 0; i < THREADS; i++) {
		struct act a = {};

		empty(&fixtures[i]);
		prng_init(&a.prng, i, kind->actor);
		b[i].n = &fixtures[i].normal;
		for (k = 0; k < ARGUMENTS; k++)
			act_range(&a, b[i].n->pages, &b[i].ranges[k].first,
				  &b[i].ranges[k].nr);
		b[i].fn = kind->bare;
		b[i].lane = BARE_LANE + i;
		b[i].cpu = nth_cpu(i);
		TEST_ASSERT(!pthread_create(&b[i].thread, NULL, bare_loop,
					    &b[i]), "a thread");
	}
	atomic_store(&go, true);
	usleep(ms * 1000);
	atomic_store(&stop, true);
	for (i = 0; i < THREADS; i++) {
		pthread_join(b[i].thread, NULL);
		done += b[i].done;
	}
	return done;
}

/* ---- the engine ---------------------------------------------------------- */

static int step(void *arg, unsigned long round)
{
	struct act *a = arg;

	return a->actor->step(a);
}

static unsigned long race_turn(struct fixture *fixtures,
			       const struct kind *kind, unsigned int ms)
{
	struct race_thread threads[THREADS] = {};
	struct act acts[THREADS] = {};
	struct race race = {
		.threads = threads, .nr = THREADS, .ms = ms, .pinned = true,
		.stall_ms = 30000,
	};
	unsigned long done = 0;
	enum race_end end;
	int i;

	for (i = 0; i < THREADS; i++) {
		struct act *a = &acts[i];

		empty(&fixtures[i]);
		a->actor = &actors[actor_find(kind->actor)];
		a->fx = &fixtures[i];
		a->lane = 1 + i;
		a->lanes = actors;
		a->nr_lanes = nr_actors;
		prng_init(&a->prng, i, a->actor->name);
		if (a->actor->setup)
			a->actor->setup(a);
		/* Back to back: the period of some is for the mix. */
		threads[i].step = step;
		threads[i].arg = a;
		threads[i].name = a->actor->name;
	}
	end = race_go(&race);
	TEST_ASSERT(end == RACE_PASSED, "%s: %s %s", threads[race.who].name,
		    race.why, acts[race.who].why);
	for (i = 0; i < THREADS; i++) {
		done += threads[i].done;
		if (acts[i].actor->teardown)
			acts[i].actor->teardown(&acts[i]);
	}
	return done;
}

/* ---- both ---------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
	unsigned long x = *(const unsigned long *)a;
	unsigned long y = *(const unsigned long *)b;

	return (x > y) - (x < y);
}

static unsigned long median(unsigned long *v, unsigned long n)
{
	qsort(v, n, sizeof(*v), by_size);
	return v[n / 2];
}

static void compare(struct fixture *fixtures, const struct kind *kind,
		    unsigned int ms, unsigned long turns)
{
	unsigned long race[TURNS_MAX], bare[TURNS_MAX], i, r, b;

	for (i = 0; i < turns; i++) {
		bare[i] = bare_turn(fixtures, kind, ms);
		race[i] = race_turn(fixtures, kind, ms);
	}
	r = median(race, turns);
	b = median(bare, turns);
	printf("%-14s %9.0f steps/s, bare %9.0f: %3.0f %%, %.0f ns more a step\n",
	       kind->actor, r * 1000.0 / ms, b * 1000.0 / ms, 100.0 * r / b,
	       THREADS * ms * (1e6 / r - 1e6 / b));
}

static bool needs_are_met(void)
{
	uint64_t needs = NEEDS(KVM) | NEEDS(GMEM_SHARED);
	struct need_state state[NR_KVM_NEEDS] = {};
	char text[1024];

	needs_probe(kvm_needs, NR_KVM_NEEDS, needs, state);
	if (!needs_unmet(kvm_needs, NR_KVM_NEEDS, needs, state, text,
			 sizeof(text)))
		return true;
	fprintf(stderr, "bench_race: %s\n", text);
	return false;
}

int main(int argc, char **argv)
{
	unsigned long ms = 200, turns = 9;
	static struct fixture fixtures[THREADS];
	size_t i;
	int c;

	while ((c = getopt(argc, argv, "m:n:")) != -1) {
		if ((c != 'm' || number_parse(optarg, 10, 100000, &ms)) &&
		    (c != 'n' || number_parse(optarg, 1, TURNS_MAX, &turns))) {
			fprintf(stderr, "usage: bench_race [-m MS] [-n TURNS]\n");
			return 2;
		}
	}
	if (!needs_are_met())
		return 4;
	kvm_suite_setup();
	act_catch_faults();
	for (i = 0; i < THREADS; i++)
		fixture_create(&fixtures[i], FIXTURE_NORMAL, FIXTURE_PAGES);
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		compare(fixtures, &kinds[i], ms, turns);
	for (i = 0; i < THREADS; i++)
		fixture_free(&fixtures[i]);
	return 0;
}
