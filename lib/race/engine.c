// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads that collide on purpose. They spin until the start: wake-ups from a
 * futex would spread over more time than a step takes. A step costs a flag and
 * a count more, which the caller's thread watches.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/prng.h"
#include "race/engine.h"

#define WATCH_MS	20	/* between two checks of the counts */
#define KICK_MS		20	/* between two signals to stop */

/* One thread's state, until it is joined. */
struct runner {
	struct state *state;
	struct race_thread t;
	struct prng prng;
	pthread_t pthread;
	atomic_int tid;
	atomic_ulong steps;	/* begun */
	atomic_bool over;
	int cpu;		/* or -1 */
	/* The watcher's: the last change of @steps that it saw. */
	unsigned long seen;
	long long seen_ms;
};

/* Stays allocated if one of its threads cannot be ended. */
struct state {
	struct race *race;
	struct runner *runners;
	unsigned int nr;	/* started */
	unsigned long rounds;	/* 0: until told to stop */
	long long start_ns;
	atomic_uint ready;
	atomic_uint foreground;
	atomic_uint running;
	atomic_bool go;
	atomic_bool stop;
	pthread_mutex_t lock;
	pthread_cond_t ended;
	struct state *next;	/* next on abandoned */
};

/* States that stalled threads still use. */
static struct state *left_behind;

/* ---- in the threads ------------------------------------------------------ */

static bool goes_on(struct state *s, const struct runner *r)
{
	bool first = !r->t.done && !r->t.missed;

	if (atomic_load_explicit(&s->stop, memory_order_relaxed))
		return first && !s->rounds && !r->t.error;
	if (r->t.background)
		return first || atomic_load(&s->foreground);
	return !s->rounds || r->t.done + r->t.missed < s->rounds;
}

static void sleep_until(long long ns)
{
	struct timespec ts = { ns / 1000000000LL, ns % 1000000000LL };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

/* To the next multiple of the period; missed ones are skipped. */
static void wait_until_due(struct state *s, struct runner *r)
{
	long long period = r->t.period_us * 1000LL, now = clock_ns();
	long long due = now;

	if (period)
		due = s->start_ns +
		      ((now - s->start_ns) / period + 1) * period;
	if (r->t.bias_us)
		due += prng_below(&r->prng, r->t.bias_us * 1000ull + 1);
	if (due > now)
		sleep_until(due);
}

static void thread_steps(struct state *s, struct runner *r)
{
	bool waits = r->t.period_us || r->t.bias_us;
	int ret;

	while (goes_on(s, r)) {
		if (waits)
			wait_until_due(s, r);
		atomic_fetch_add_explicit(&r->steps, 1, memory_order_relaxed);
		ret = r->t.step(r->t.arg, r->t.done);
		if (ret < 0) {
			r->t.error = ret;
			atomic_store(&s->stop, true);
			return;
		}
		*(ret ? &r->t.missed : &r->t.done) += 1;
	}
}

static void pin_to(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	/* The CPU is offline now: run elsewhere. */
	sched_setaffinity(0, sizeof(set), &set);
}

static void *thread_main(void *arg)
{
	struct runner *r = arg;
	struct state *s = r->state;

	atomic_store(&r->tid, syscall(SYS_gettid));
	if (r->cpu >= 0)
		pin_to(r->cpu);
	atomic_fetch_add(&s->ready, 1);
	while (!atomic_load(&s->go))
		sched_yield();

	thread_steps(s, r);

	pthread_mutex_lock(&s->lock);
	if (!r->t.background)
		atomic_fetch_sub(&s->foreground, 1);
	atomic_store(&r->over, true);
	atomic_fetch_sub(&s->running, 1);
	pthread_cond_signal(&s->ended);
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* ---- the start ----------------------------------------------------------- */

/* The CPU that thread @i is to be on, or -1. */
static int cpu_of(const struct race *race, const cpu_set_t *allowed,
		  unsigned int i)
{
	unsigned int nr = CPU_COUNT(allowed), cpu;

	if (!race->pinned || !nr)
		return -1;
	for (cpu = 0, i %= nr; cpu < CPU_SETSIZE; cpu++) {
		if (CPU_ISSET(cpu, allowed) && !i--)
			return cpu;
	}
	return -1;
}

static struct state *state_new(struct race *race)
{
	struct state *s = calloc(1, sizeof(*s));
	pthread_condattr_t attr;

	if (!s)
		return NULL;

	s->runners = calloc(race->nr, sizeof(*s->runners));
	if (!s->runners) {
		free(s);
		return NULL;
	}
	s->race = race;
	s->rounds = race->ms ? 0 : race->rounds + !race->rounds;
	pthread_mutex_init(&s->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&s->ended, &attr);
	return s;
}

static void state_free(struct state *s)
{
	pthread_cond_destroy(&s->ended);
	pthread_mutex_destroy(&s->lock);
	free(s->runners);
	free(s);
}

static int start_one(struct state *s, const cpu_set_t *allowed)
{
	struct race_thread *t = &s->race->threads[s->nr];
	struct runner *r = &s->runners[s->nr];
	int ret;

	t->done = 0;
	t->missed = 0;
	t->error = 0;
	r->state = s;
	r->t = *t;
	r->cpu = cpu_of(s->race, allowed, s->nr);
	prng_init(&r->prng, s->race->seed, t->name ?: "");
	atomic_fetch_add(&s->foreground, !t->background);
	atomic_fetch_add(&s->running, 1);

	ret = pthread_create(&r->pthread, NULL, thread_main, r);
	if (!ret) {
		s->nr++;
		return 0;
	}
	atomic_fetch_sub(&s->running, 1);
	s->race->who = s->nr;
	snprintf(s->race->why, sizeof(s->race->why), "thread: %s",
		 strerror(ret));
	return -ret;
}

static int start_all(struct state *s)
{
	cpu_set_t allowed;
	int ret = 0;

	CPU_ZERO(&allowed);
	sched_getaffinity(0, sizeof(allowed), &allowed);
	while (s->nr < s->race->nr && !ret)
		ret = start_one(s, &allowed);
	while (atomic_load(&s->ready) < s->nr)
		sched_yield();

	/* The threads started so far make no step. */
	if (ret) {
		s->rounds = 1;
		atomic_store(&s->stop, true);
	}
	s->start_ns = clock_ns();
	atomic_store(&s->go, true);
	return ret;
}

/* ---- the watch ----------------------------------------------------------- */

static void wait_for_an_end(struct state *s, unsigned int ms)
{
	long long until = clock_ns() + ms * 1000000LL;
	struct timespec ts = { until / 1000000000LL, until % 1000000000LL };

	pthread_mutex_lock(&s->lock);
	if (atomic_load(&s->running))
		pthread_cond_timedwait(&s->ended, &s->lock, &ts);
	pthread_mutex_unlock(&s->lock);
}

/* Has the thread been in one step for too long? */
static bool stalls(const struct state *s, struct runner *r, long long now)
{
	unsigned long steps = atomic_load(&r->steps);
	long long idle_ms = (r->t.period_us + r->t.bias_us) / 1000;

	if (steps != r->seen || !r->seen_ms) {
		r->seen = steps;
		r->seen_ms = now;
	}
	return s->race->stall_ms && !atomic_load(&r->over) &&
	       now - r->seen_ms > s->race->stall_ms + idle_ms;
}

static void say_stall(struct state *s, unsigned int i)
{
	struct race *race = s->race;
	int n;

	race->who = i;
	n = snprintf(race->why, sizeof(race->why), "step %lu has no end: ",
		     atomic_load(&s->runners[i].steps));
	race_thread_state(atomic_load(&s->runners[i].tid), race->why + n,
			 sizeof(race->why) - n);
}

static bool any_stalls(struct state *s)
{
	long long now = clock_ms();
	unsigned int i;

	for (i = 0; i < s->nr; i++) {
		if (!stalls(s, &s->runners[i], now))
			continue;
		say_stall(s, i);
		return true;
	}
	return false;
}

/* Until all threads or the time are over; false if one stalls. */
static bool watch(struct state *s)
{
	long long end_ms = s->start_ns / 1000000 + s->race->ms;
	long long left = WATCH_MS;

	while (atomic_load(&s->running)) {
		if (s->race->ms && !atomic_load(&s->stop)) {
			left = end_ms - clock_ms();
			if (left <= 0)
				atomic_store(&s->stop, true);
		}
		if (atomic_load(&s->stop))
			return true;
		wait_for_an_end(s, s->race->ms && left < WATCH_MS ? left :
						WATCH_MS);
		if (any_stalls(s))
			return false;
	}
	return true;
}

static void nothing(int sig)
{
}

/* Without SA_RESTART: a signal ends an interruptible system call. */
static void kick(struct state *s)
{
	unsigned int i;

	for (i = 0; i < s->nr; i++) {
		if (!atomic_load(&s->runners[i].over))
			pthread_kill(s->runners[i].pthread, RACE_SIGNAL);
	}
}

/* After the stop flag: wait for all. False if one does not stop. */
static bool stop_all(struct state *s, bool kicks)
{
	struct sigaction sa = { .sa_handler = nothing };
	bool stalled = false;

	/* The handler stays: a signal may still be pending at the end. */
	if (kicks)
		sigaction(RACE_SIGNAL, &sa, NULL);
	atomic_store(&s->stop, true);
	while (atomic_load(&s->running) && !stalled) {
		wait_for_an_end(s, KICK_MS);
		stalled = any_stalls(s);
		if (kicks)
			kick(s);
	}
	return !stalled;
}

/* ---- the end ------------------------------------------------------------- */

static enum race_end judge(struct state *s, int error)
{
	struct race *race = s->race;
	unsigned int i;

	for (i = 0; i < s->nr; i++) {
		if (error || !s->runners[i].t.error)
			continue;
		error = s->runners[i].t.error;
		race->who = i;
		snprintf(race->why, sizeof(race->why), "step %lu: %s",
			 s->runners[i].t.done, strerror(-error));
	}
	race->error = error;
	if (error)
		return RACE_FAILED;

	for (i = 0; i < s->nr; i++) {
		if (s->runners[i].t.done || !s->runners[i].t.missed ||
		    s->runners[i].t.missed < race->starve)
			continue;
		race->who = i;
		snprintf(race->why, sizeof(race->why),
			 "none of %lu steps did anything",
			 s->runners[i].t.missed);
		return RACE_STARVED;
	}
	return RACE_PASSED;
}

static void hand_back(struct state *s)
{
	unsigned int i;

	for (i = 0; i < s->nr; i++)
		s->race->threads[i] = s->runners[i].t;
}

enum race_end race_go(struct race *race)
{
	struct state *s = state_new(race);
	enum race_end end;
	unsigned int i;
	bool ended;
	int error;

	race->who = 0;
	race->why[0] = '\0';
	race->error = s ? 0 : -ENOMEM;
	if (!s)
		return RACE_FAILED;

	error = start_all(s);
	/* After one stall, threads that do not stop end with the process. */
	ended = watch(s) && stop_all(s, race->stall_ms);
	atomic_store(&s->stop, true);
	if (!ended) {
		hand_back(s);
		s->next = left_behind;
		left_behind = s;
		return RACE_STALLED;
	}
	for (i = 0; i < s->nr; i++)
		pthread_join(s->runners[i].pthread, NULL);
	end = judge(s, error);
	hand_back(s);
	state_free(s);
	return end;
}

int race_run(struct race_thread *threads, unsigned int nr,
	     unsigned long rounds, unsigned int seconds)
{
	struct race race = {
		.threads = threads, .nr = nr, .rounds = rounds,
		.ms = seconds * 1000,
	};

	/* Without a bound there are no stalls, and starving is allowed. */
	race_go(&race);
	return race.error;
}
