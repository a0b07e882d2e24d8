// SPDX-License-Identifier: GPL-2.0-only
/*
 * One mix: a fixture, a thread for each actor, in a process of its own, since
 * it may end by an assertion or a signal, or never.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fixture.h"
#include "leak_check.h"
#include "race/actors/mix.h"
#include "runner/child.h"

/* Beside its length: to create and free the fixture on a slow machine. */
#define SETUP_S		60

/* An actor starves that missed so many steps and made none. */
#define STARVE		1000

struct trial {
	const struct mix *m;
	struct mix_result *r;	/* shared with the process */
	struct fixture fx;
	struct act acts[ACTORS_MAX];
	struct race_thread threads[ACTORS_MAX];
	unsigned int nr;
};

static int step(void *arg, unsigned long round)
{
	struct act *a = arg;

	return a->actor->step(a);
}

static void assign_lanes(struct trial *t)
{
	unsigned int i;

	for (i = 0; i < nr_actors; i++) {
		struct race_thread *thread = &t->threads[t->nr];
		struct act *a = &t->acts[t->nr];

		if (!(t->m->set & 1ull << i))
			continue;
		a->actor = &actors[i];
		a->fx = &t->fx;
		a->lane = i + 1;
		a->lanes = actors;
		a->nr_lanes = nr_actors;
		prng_init(&a->prng, t->m->seed, actors[i].name);
		thread->step = step;
		thread->arg = a;
		thread->name = actors[i].name;
		thread->period_us = actors[i].period_us;
		thread->bias_us = actors[i].bias_us;
		t->nr++;
	}
}

static void fail(struct mix_result *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void fail(struct mix_result *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(r->why, sizeof(r->why), fmt, ap);
	va_end(ap);
	r->failed = true;
}

static void judge(struct trial *t, const struct race *race, enum race_end end)
{
	const char *name = t->threads[race->who].name;
	unsigned int i;

	for (i = 0; i < t->nr; i++) {
		unsigned int actor = t->acts[i].lane - 1;

		t->r->done[actor] = t->threads[i].done;
		t->r->missed[actor] = t->threads[i].missed;
	}
	switch (end) {
	case RACE_PASSED:
		break;
	case RACE_FAILED:
		fail(t->r, "%s: step %lu: %s", name,
		     t->threads[race->who].done,
		     *t->acts[race->who].why ? t->acts[race->who].why :
					       race->why);
		break;
	case RACE_STALLED:
		fail(t->r, "%s stalls: %s", name, race->why);
		break;
	case RACE_STARVED:
		fail(t->r, "%s starves: %s", name, race->why);
		break;
	}
}

static unsigned int open_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned int nr = 0;

	while (dir && readdir(dir))
		nr++;
	if (dir)
		closedir(dir);
	return nr;
}

static void set_up(struct trial *t, bool up)
{
	unsigned int i;

	for (i = 0; i < t->nr; i++) {
		struct act *a = &t->acts[i];
		void (*fn)(struct act *a) = up ? a->actor->setup :
						 a->actor->teardown;

		if (fn)
			fn(a);
	}
}

static int trial_process(void *arg)
{
	struct trial *t = arg;
	struct race race = {
		.threads = t->threads, .ms = t->m->ms, .pinned = true,
		.rounds = t->m->rounds, .seed = t->m->seed,
		.stall_ms = t->m->stall_ms, .starve = STARVE,
	};
	unsigned int before;

	/* libkvm reads it once and keeps it. */
	kvm_get_supported_cpuid();
	before = open_files();
	act_catch_faults();
	assign_lanes(t);
	race.nr = t->nr;
	fixture_create(&t->fx, actors_fixture(t->m->set),
		     t->m->pages ?: FIXTURE_PAGES);
	set_up(t, true);
	judge(t, &race, race_go(&race));
	/* After a failure no state is sure: it ends with the process. */
	if (t->r->failed)
		_exit(1);
	set_up(t, false);
	fixture_free(&t->fx);
	if (open_files() != before)
		fail(t->r, "%u files open before, %u after", before,
		     open_files());
	return t->r->failed;
}

/* What the process itself could not report. */
static void judge_end(struct mix_result *r, const struct child_result *c,
		      unsigned int timeout_s)
{
	if (c->stuck) {
		r->ends_it = true;
		if (!r->failed)
			fail(r, "no end in %u s, and SIGKILL did not end it",
			     timeout_s);
	} else if (r->failed) {
		return;
	} else if (c->timed_out) {
		fail(r, "no end in %u s", timeout_s);
	} else if (!c->exited) {
		fail(r, "killed by signal %d (%s)", c->sig, strsignal(c->sig));
	} else if (c->code) {
		fail(r, "exit code %d%s", c->code,
		     c->code == 254 ? " (assertion, see above)" : "");
	} else if (c->leftovers) {
		fail(r, "left processes behind");
	}
}

static void judge_leaks(struct mix_result *r, const struct leak_check *check)
{
	char why[128];

	if (leak_check_end(check, why, sizeof(why)) && !r->failed)
		fail(r, "%s", why);
}

void mix_run(const struct mix *m, struct mix_result *result)
{
	struct mix_result *r = kvm_mmap(sizeof(*r), PROT_READ | PROT_WRITE,
					MAP_SHARED | MAP_ANONYMOUS, -1);
	struct trial *t = calloc(1, sizeof(*t));
	struct child_opts o = { .fn = trial_process, .arg = t };
	struct child_result c;
	struct leak_check check;
	int ret;

	TEST_ASSERT(t, "memory");
	t->m = m;
	t->r = r;
	/* By count its length is unknown; a stall still ends it. */
	if (m->ms)
		o.timeout_s = m->ms / 1000 + 2 * m->stall_ms / 1000 + SETUP_S;
	fflush(NULL);
	leak_check_begin(&check, m->set, !m->brief);
	ret = child_run(&o, &c);
	TEST_ASSERT(!ret, "process of a mix: %s", strerror(-ret));
	judge_end(r, &c, o.timeout_s);
	/* A process that cannot be ended keeps what it has. */
	if (!r->ends_it)
		judge_leaks(r, &check);
	*result = *r;
	kvm_munmap(r, sizeof(*r));
	free(t);
}
