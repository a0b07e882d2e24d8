// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/race/engine.c: each thread makes its steps, the first error stops them
 * all, and a thread that stalls is reported by name and state.
 */
#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/prng.h"
#include "race/engine.h"
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

/* Wait for the other one: on a busy machine it may start late. */
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

	/* The control: alone there is no overlap. */
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

static void failure_is_named(void)
{
	struct race_thread t[2] = {
		{ .step = endless_step, .name = "endless" },
		{ .step = failing_step, .name = "failing" },
	};
	struct race race = { .threads = t, .nr = 2, .ms = 60000 };

	CHECK_EQ(race_go(&race), RACE_FAILED);
	CHECK_EQ(race.who, 1);
	CHECK_EQ(race.error, -EIO);
	CHECK_STR(race.why, "step 3: Input/output error");
}

static int pipe_fds[2];

/* A call that RACE_SIGNAL interrupts is repeated: a stall. */
static int stalling_step(void *arg, unsigned long round)
{
	char byte;

	if (round < 2)
		return 0;
	while (read(pipe_fds[0], &byte, 1) < 0 && errno == EINTR)
		;
	return 0;
}

/* The same, but the signal ends the step. */
static int waiting_step(void *arg, unsigned long round)
{
	char byte;

	return read(pipe_fds[0], &byte, 1) < 0 && errno == EINTR ?
	       RACE_MISSED : 0;
}

static void stall_is_named(void)
{
	struct race_thread t[2] = {
		{ .step = endless_step, .name = "endless" },
		{ .step = stalling_step, .name = "stalling" },
	};
	struct race race = {
		.threads = t, .nr = 2, .ms = 60000, .stall_ms = 300,
	};
	long long start = clock_ms();
	char want[32];

	CHECK(!pipe(pipe_fds));
	CHECK_EQ(race_go(&race), RACE_STALLED);
	CHECK(clock_ms() - start < 30000);
	CHECK_EQ(race.who, 1);
	CHECK(t[0].done > 0);
	CHECK_EQ(t[1].done, 2);
	CHECK(strstr(race.why, "step 3 has no end: tid "));
	CHECK(strstr(race.why, "state S"));
	snprintf(want, sizeof(want), "syscall %d,", SYS_read);
	CHECK(strstr(race.why, want));
	if (geteuid() == 0)
		CHECK(strstr(race.why, "pipe_read"));
	/*
	 * End the stall: the thread holds memory, which the sanitizers check.
	 */
	CHECK_EQ(write(pipe_fds[1], "..", 2), 2);
	usleep(200000);
}

/* The control: a long step within the bound is no stall. */
static void slow_is_no_stall(void)
{
	struct race_thread t[2] = {
		{ .step = slow_step, .name = "slow" },
		{ .step = count_step, .name = "late", .period_us = 400000 },
	};
	struct race race = {
		.threads = t, .nr = 2, .rounds = 2, .stall_ms = 30000,
	};

	CHECK_EQ(race_go(&race), RACE_PASSED);
	CHECK_EQ(t[0].done, 2);
	race.rounds = 3;
	race.nr = 1;
	race.threads = &t[1];
	race.stall_ms = 100;
	CHECK_EQ(race_go(&race), RACE_PASSED);
	CHECK_EQ(t[1].done, 3);
}

/* A wait that a signal can interrupt is ended. */
static void waiting_is_ended(void)
{
	struct race_thread t[2] = {
		{ .step = waiting_step, .name = "waiting", .background = true },
		{ .step = count_step, .name = "count" },
	};
	struct race race = {
		.threads = t, .nr = 2, .ms = 50, .stall_ms = 30000,
	};

	CHECK(!pipe(pipe_fds));
	CHECK_EQ(race_go(&race), RACE_STARVED);
	CHECK_EQ(race.who, 0);
	CHECK(t[1].done > 0);
}

static int refused_step(void *arg, unsigned long round)
{
	atomic_fetch_add(&steps, 1);
	return arg && atomic_load(&steps) > 3 ? 0 : RACE_MISSED;
}

static void starved_is_named(void)
{
	struct race_thread t[2] = {
		{ .step = count_step, .name = "count" },
		{ .step = refused_step, .name = "refused" },
	};
	struct race race = { .threads = t, .nr = 2, .rounds = 5 };

	CHECK_EQ(race_go(&race), RACE_STARVED);
	CHECK_EQ(race.who, 1);
	CHECK_EQ(t[1].done, 0);
	CHECK_EQ(t[1].missed, 5);
	CHECK_STR(race.why, "none of 5 steps did anything");

	/* One step that succeeds is enough. */
	atomic_store(&steps, 0);
	t[1].arg = &steps;
	race.threads = &t[1];
	race.nr = 1;
	CHECK_EQ(race_go(&race), RACE_PASSED);
	CHECK_EQ(t[1].done, 2);
	CHECK_EQ(t[1].missed, 3);
}

/* Seven periods of 20 ms: at least 120 ms, and no bound from above. */
static void period(void)
{
	struct race_thread t[1] = {
		{ .step = count_step, .name = "p", .period_us = 20000 },
	};
	struct race race = { .threads = t, .nr = 1, .rounds = 7 };
	long long start = clock_ms();

	CHECK_EQ(race_go(&race), RACE_PASSED);
	CHECK_EQ(t[0].done, 7);
	CHECK(clock_ms() - start >= 120);

	/* The control: without a period, far more in that time. */
	t[0].period_us = 0;
	race.ms = 120;
	CHECK_EQ(race_go(&race), RACE_PASSED);
	CHECK(t[0].done > 100);
}

static int cpu_step(void *arg, unsigned long round)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	sched_getaffinity(0, sizeof(set), &set);
	if (CPU_COUNT(&set) != 1)
		return RACE_MISSED;
	*(int *)arg = sched_getcpu();
	return 0;
}

static void pinned(void)
{
	int cpu[2] = { -1, -1 };
	struct race_thread t[2] = {
		{ .step = cpu_step, .arg = &cpu[0] },
		{ .step = cpu_step, .arg = &cpu[1] },
	};
	struct race race = {
		.threads = t, .nr = 2, .rounds = 10, .pinned = true,
	};
	cpu_set_t set;

	CPU_ZERO(&set);
	sched_getaffinity(0, sizeof(set), &set);
	CHECK_EQ(race_go(&race), RACE_PASSED);
	CHECK(CPU_ISSET(cpu[0], &set) && CPU_ISSET(cpu[1], &set));
	CHECK((cpu[0] != cpu[1]) == (CPU_COUNT(&set) > 1));

	/* The control: left alone, a thread may run on all of them. */
	race.pinned = false;
	if (CPU_COUNT(&set) > 1)
		CHECK_EQ(race_go(&race), RACE_STARVED);
}

static void stack_names(void)
{
	char text[64];

	race_stack_names("[<0>] futex_wait+0x12/0x200\n"
			 "[<0>] kvm_x+0x1/0x2 [kvm]\n[<0>] 0xffffffff81000000\n",
			 text, sizeof(text));
	CHECK_STR(text, "futex_wait < kvm_x < 0xffffffff81000000");
	race_stack_names("", text, sizeof(text));
	CHECK_STR(text, "");
	race_stack_names("[<0", text, sizeof(text));
	CHECK_STR(text, "");
	race_stack_names("a+0x1/0x2\nb\n\nc", text, sizeof(text));
	CHECK_STR(text, "a < b < c");
	/* Too long: what does not fit is left out, none is cut. */
	race_stack_names("[<0>] aaaaaaaaaaaa+1\n[<0>] b+1\n", text, 10);
	CHECK_STR(text, "b");
}

static void seed_repeats(void)
{
	struct prng a, b, c;
	int i, equal = 0;

	prng_init(&a, 7, "punch_hole");
	prng_init(&b, 7, "punch_hole");
	prng_init(&c, 7, "punch_holf");
	for (i = 0; i < 100; i++) {
		uint64_t x = prng_below(&a, 1000);

		CHECK(x < 1000);
		CHECK_EQ(prng_below(&b, 1000), x);
		equal += prng_below(&c, 1000) == x;
	}
	CHECK(equal < 10);
	prng_init(&b, 8, "punch_hole");
	CHECK(prng_next(&a) != prng_next(&b));
	CHECK_EQ(prng_below(&a, 0), 0);
}

UNIT_MAIN(
	{ "counted", counted },
	{ "timed", timed },
	{ "timed_at_least_once", timed_at_least_once },
	{ "error_stops_all", error_stops_all },
	{ "overlap", overlap },
	{ "background_follows", background_follows },
	{ "failure_is_named", failure_is_named },
	{ "slow_is_no_stall", slow_is_no_stall },
	{ "waiting_is_ended", waiting_is_ended },
	{ "starved_is_named", starved_is_named },
	{ "period", period },
	{ "pinned", pinned },
	{ "stack_names", stack_names },
	{ "seed_repeats", seed_repeats },
	{ "stall_is_named", stall_is_named },
)
