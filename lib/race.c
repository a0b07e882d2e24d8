// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads that collide on purpose. They wait for the start by spinning: a
 * wake-up from a futex would spread them over more time than a step takes.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "clock.h"
#include "race.h"

struct race {
	atomic_uint ready;
	atomic_uint foreground;
	atomic_bool go;
	atomic_bool stop;
	unsigned long rounds;
	unsigned int seconds;
	long long end_ns;
};

struct race_start {
	struct race *race;
	struct race_thread *thread;
	pthread_t pthread;
};

static bool goes_on(struct race *race, const struct race_thread *t)
{
	if (atomic_load_explicit(&race->stop, memory_order_relaxed))
		return false;
	if (t->background)
		return !t->done || atomic_load(&race->foreground);
	if (race->seconds)
		return !t->done || clock_ns() < race->end_ns;
	return t->done < race->rounds;
}

static void *race_main(void *arg)
{
	struct race_start *start = arg;
	struct race_thread *t = start->thread;
	struct race *race = start->race;

	atomic_fetch_add(&race->ready, 1);
	while (!atomic_load(&race->go))
		sched_yield();

	while (goes_on(race, t)) {
		t->error = t->step(t->arg, t->done);
		if (t->error) {
			atomic_store(&race->stop, true);
			break;
		}
		t->done++;
	}
	if (!t->background)
		atomic_fetch_sub(&race->foreground, 1);
	return NULL;
}

static unsigned int race_start(struct race *race, struct race_start *starts,
			       struct race_thread *threads, unsigned int nr,
			       int *error)
{
	unsigned int i;

	*error = 0;
	for (i = 0; i < nr && !*error; i++) {
		threads[i].done = 0;
		threads[i].error = 0;
		atomic_fetch_add(&race->foreground, !threads[i].background);
		starts[i].race = race;
		starts[i].thread = &threads[i];
		*error = -pthread_create(&starts[i].pthread, NULL, race_main,
					 &starts[i]);
	}
	return *error ? i - 1 : i;
}

int race_run(struct race_thread *threads, unsigned int nr,
	     unsigned long rounds, unsigned int seconds)
{
	struct race race = { .rounds = rounds, .seconds = seconds };
	struct race_start *starts;
	unsigned int i, started;
	int error;

	starts = calloc(nr, sizeof(*starts));
	if (!starts)
		return -ENOMEM;

	started = race_start(&race, starts, threads, nr, &error);
	while (!error && atomic_load(&race.ready) < started)
		sched_yield();

	race.end_ns = clock_ns() + seconds * 1000000000LL;
	if (error)
		atomic_store(&race.stop, true);
	atomic_store(&race.go, true);

	for (i = 0; i < started; i++) {
		pthread_join(starts[i].pthread, NULL);
		if (!error)
			error = threads[i].error;
	}
	free(starts);
	return error;
}
