// SPDX-License-Identifier: GPL-2.0-only
/* lib/race.c: each thread does its share, the first error stops them all. */
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include "clock.h"
#include "race.h"
#include "unit.h"

static atomic_ulong steps;
static atomic_int inside, together;

static int count_step(void *arg, unsigned long round)
{
	atomic_fetch_add(&steps, 1);
	return 0;
}

static void counted(void)
{
	struct race_thread t[4] = {};
	int i;

	for (i = 0; i < 4; i++)
		t[i].step = count_step;
	atomic_store(&steps, 0);
	CHECK_EQ(race_run(t, 4, 100, 0), 0);
	CHECK_EQ(atomic_load(&steps), 400);
	for (i = 0; i < 4; i++) {
		CHECK_EQ(t[i].done, 100);
		CHECK_EQ(t[i].error, 0);
	}
}

static void timed(void)
{
	struct race_thread t[2] = {
		{ .step = count_step }, { .step = count_step },
	};
	long long start = clock_ms();

	CHECK_EQ(race_run(t, 2, 1, 1), 0);
	CHECK(clock_ms() - start >= 1000);
	CHECK(clock_ms() - start < 3000);
	CHECK(t[0].done > 1 && t[1].done > 1);
}

static int slow_step(void *arg, unsigned long round)
{
	usleep(1200000);
	return 0;
}

/* A step longer than the time is still made once. */
static void timed_at_least_once(void)
{
	struct race_thread t[1] = { { .step = slow_step } };

	CHECK_EQ(race_run(t, 1, 0, 1), 0);
	CHECK_EQ(t[0].done, 1);
}

static int failing_step(void *arg, unsigned long round)
{
	return round == 3 ? -EIO : 0;
}

static int endless_step(void *arg, unsigned long round)
{
	usleep(1000);
	return 0;
}

static void error_stops_all(void)
{
	struct race_thread t[2] = {
		{ .step = endless_step }, { .step = failing_step },
	};

	CHECK_EQ(race_run(t, 2, ~0UL, 0), -EIO);
	CHECK_EQ(t[1].done, 3);
	CHECK_EQ(t[1].error, -EIO);
	CHECK_EQ(t[0].error, 0);
}

/* Wait for the other a while: a busy machine may keep it from running. */
static int meeting_step(void *arg, unsigned long round)
{
	int tries = 1000;

	atomic_fetch_add(&inside, 1);
	while (!atomic_load(&together) && tries--) {
		usleep(1000);
		if (atomic_load(&inside) > 1)
			atomic_store(&together, 1);
	}
	atomic_fetch_sub(&inside, 1);
	return 0;
}

/* They do run at the same time, also from the first step on. */
static void overlap(void)
{
	struct race_thread t[2] = {
		{ .step = meeting_step }, { .step = meeting_step },
	};

	atomic_store(&together, 0);
	CHECK_EQ(race_run(t, 2, 1, 0), 0);
	CHECK_EQ(atomic_load(&together), 1);

	/* The control: alone it meets nobody. */
	atomic_store(&together, 0);
	CHECK_EQ(race_run(t, 1, 1, 0), 0);
	CHECK_EQ(atomic_load(&together), 0);
}

static int foreground_step(void *arg, unsigned long round)
{
	usleep(20000);
	return 0;
}

static void background_follows(void)
{
	struct race_thread t[2] = {
		{ .step = endless_step, .background = true },
		{ .step = foreground_step },
	};

	CHECK_EQ(race_run(t, 2, 5, 0), 0);
	CHECK_EQ(t[1].done, 5);
	CHECK(t[0].done > 5);

	/* Without the flag it keeps to the count. */
	t[0].background = false;
	CHECK_EQ(race_run(t, 2, 5, 0), 0);
	CHECK_EQ(t[0].done, 5);

	/* Alone in the background: one step, not none and not for ever. */
	t[0].background = true;
	CHECK_EQ(race_run(t, 1, 5, 0), 0);
	CHECK_EQ(t[0].done, 1);
}

UNIT_MAIN(
	{ "counted", counted },
	{ "timed", timed },
	{ "timed_at_least_once", timed_at_least_once },
	{ "error_stops_all", error_stops_all },
	{ "overlap", overlap },
	{ "background_follows", background_follows },
)
