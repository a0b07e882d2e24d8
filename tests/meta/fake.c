// SPDX-License-Identifier: GPL-2.0-only
/*
 * A test program built from the suite's own runtime, without KVM, with one
 * subtest for each way in which a subtest can end. runner.sh checks its output.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runner/announce.h"
#include "runner/suite.h"

enum { NEED_SUN, NEED_RAIN, NEED_SNOW, NEED_WARN, NEED_LAMP };

static bool need_sun(char *why, size_t size)
{
	snprintf(why, size, "night");
	return !getenv("FAKE_NIGHT");
}

static bool need_rain(char *why, size_t size)
{
	snprintf(why, size, "blue sky");
	return false;
}

static bool need_snow(char *why, size_t size)
{
	snprintf(why, size, "21 degrees");
	return false;
}

/* FAKE_KMSG names the file in place of the kernel's log. */
static const char *fake_kmsg(void)
{
	return getenv("FAKE_KMSG") ?: "/nowhere/kmsg";
}

static bool need_warn(char *why, size_t size)
{
	return announce_possible(fake_kmsg(), fake_kmsg(), "/nowhere", why,
				 size);
}

/* FAKE_LAMP names the file in place of what a subtest changes. */
static void set_lamp(const char *state)
{
	FILE *f = fopen(getenv("FAKE_LAMP"), "w");

	fputs(state, f);
	fclose(f);
}

static bool need_lamp(char *why, size_t size)
{
	snprintf(why, size, "no FAKE_LAMP");
	return getenv("FAKE_LAMP");
}

static const struct need needs[] = {
	[NEED_SUN]	= { "sun", need_sun },
	[NEED_RAIN]	= { "rain", need_rain },
	[NEED_SNOW]	= { "snow", need_snow },
	[NEED_WARN]	= { "warn", need_warn },
	[NEED_LAMP]	= { "lamp", need_lamp },
};

static void say(const struct subtest_args *args)
{
	printf("pages %lu threads %lu iterations %lu duration %u\n",
	       args->pages, args->threads, args->iterations, args->duration_s);
	fprintf(stderr, "to stderr, no newline");
}

static void quiet(const struct subtest_args *args)
{
}

/* As TEST_ASSERT() of the KVM selftests lib ends. */
static void assertion(const struct subtest_args *args)
{
	fprintf(stderr, "==== Test Assertion Failure ====\n");
	exit(254);
}

static void exit_1(const struct subtest_args *args)
{
	exit(1);
}

static void exit_0(const struct subtest_args *args)
{
	exit(0);
}

/* As the KVM selftests lib ends on EACCES. */
static void exit_4(const struct subtest_args *args)
{
	exit(4);
}

static void skip(const struct subtest_args *args)
{
	subtest_skip("only %d moon", 1);
}

static void hang(const struct subtest_args *args)
{
	for (;;)
		pause();
}

static void hang_hard(const struct subtest_args *args)
{
	signal(SIGTERM, SIG_IGN);
	hang(args);
}

static void crash(const struct subtest_args *args)
{
	raise(SIGSEGV);
}

static void leave(const struct subtest_args *args)
{
	if (!fork())
		hang_hard(args);
}

static void ktap_inside(const struct subtest_args *args)
{
	puts("ok 1 not_mine\n1..0 # SKIP\nnot ok 7");
}

/* The kernel's part, in the same file. */
static void warn(const struct subtest_args *args)
{
	FILE *f = fopen(fake_kmsg(), "a");

	fprintf(f, "WARN\n");
	fclose(f);
}

static void warn_crash(const struct subtest_args *args)
{
	warn(args);
	crash(args);
}

static void warn_hang(const struct subtest_args *args)
{
	warn(args);
	hang_hard(args);
}

static void dark(const struct subtest_args *args)
{
	set_lamp("off");
}

static void dark_crash(const struct subtest_args *args)
{
	dark(args);
	crash(args);
}

static void dark_hang(const struct subtest_args *args)
{
	dark(args);
	hang_hard(args);
}

#define N(need) (1ull << NEED_##need)

static const struct subtest subtests[] = {
	{ "pass",	"prints what it was given", 0, 10, say },
	{ "quiet",	"prints nothing", N(SUN), 10, quiet },
	{ "assert",	"fails an assertion", 0, 10, assertion },
	{ "exit_1",	"ends with code 1", 0, 10, exit_1 },
	{ "exit_0",	"calls exit(0) before its end", 0, 10, exit_0 },
	{ "exit_4",	"ends with code 4", 0, 10, exit_4 },
	{ "skip",	"detects that it cannot run", 0, 10, skip },
	{ "unmet",	"needs what is not there",
	  N(SUN) | N(RAIN) | N(SNOW), 10, exit_1 },
	{ "hang",	"does not end", 0, 1, hang },
	{ "hang_hard",	"does not end, nor by SIGTERM", 0, 1, hang_hard },
	{ "crash",	"dies by SIGSEGV", 0, 10, crash },
	{ "leave",	"leaves a process behind", 0, 10, leave },
	{ "ktap_inside", "prints KTAP of its own", 0, 10, ktap_inside },
	{ "on_sun",	"passes under the sun", N(SUN), 10, quiet },
	{ "on_sun_bad",	"fails under the sun", N(SUN), 10, exit_1 },
	{ "warn",	"provokes a warning", N(WARN), 10, warn },
	{ "warn_crash",	"provokes a warning and dies", N(WARN), 10, warn_crash },
	{ "warn_hang",	"provokes a warning, no end", N(WARN), 1, warn_hang },
	{ "dark",	"turns the lamp off", N(LAMP), 10, dark },
	{ "dark_crash",	"turns the lamp off and dies", N(LAMP), 10, dark_crash },
	{ "dark_hang",	"turns the lamp off, no end", N(LAMP), 1, dark_hang },
};

static const struct platform fakesun = { "fakesun", "fakesun: a lamp" };

static const struct platform *platform(void)
{
	return &fakesun;
}

/* It was on before; FAKE_STUCK: begin() or end() fails. */
static int lamp_begin(const struct subtest *t, char *why, size_t size)
{
	const char *stuck = getenv("FAKE_STUCK") ?: "";

	if (!(t->needs & N(LAMP)) || strcmp(stuck, "note"))
		return 0;
	snprintf(why, size, "the lamp cannot be read");
	return -EPERM;
}

static int lamp_end(const struct subtest *t, char *why, size_t size)
{
	const char *stuck = getenv("FAKE_STUCK") ?: "";

	if (!(t->needs & N(LAMP)))
		return 0;
	if (!strcmp(stuck, "restore")) {
		snprintf(why, size, "the lamp stays off");
		return -EIO;
	}
	set_lamp("on");
	return 0;
}

static const struct announce_warn warns[] = {
	{ N(WARN), "fake/kernel.c" },
};

static struct announce announce = { .warns = warns, .nr_warns = 1 };

static int warn_begin(const struct subtest *t, char *why, size_t size)
{
	return announce_begin(&announce, t, why, size);
}

static int warn_end(const struct subtest *t, char *why, size_t size)
{
	return announce_end(why, size);
}

/* FAKE_WATCH: what a hook finds that fails a subtest. */
static int watch_begin(const struct subtest *t, char *why, size_t size)
{
	const char *found = getenv("FAKE_WATCH") ?: "";

	snprintf(why, size, "dark before it began");
	return strcmp(found, "before") ? 0 : -EINVAL;
}

static int watch_end(const struct subtest *t, char *why, size_t size)
{
	const char *found = getenv("FAKE_WATCH") ?: "";

	snprintf(why, size, "a bulb broke");
	return strcmp(found, "after") ? 0 : -EINVAL;
}

static const struct suite_around around[] = {
	{ AROUND_FAILS, watch_begin, watch_end, NULL },
	{ AROUND_STOPS, warn_begin, warn_end, NULL },
	{ AROUND_STOPS, lamp_begin, lamp_end, NULL },
};

static const struct suite_source sources[] = {
	{ N(SUN), platform },
};

int main(int argc, char **argv)
{
	const struct suite suite = {
		.what = "Each way in which a subtest can end.",
		.subtests = subtests,
		.nr_subtests = sizeof(subtests) / sizeof(subtests[0]),
		.needs = needs,
		.nr_needs = sizeof(needs) / sizeof(needs[0]),
		.sources = sources,
		.nr_sources = sizeof(sources) / sizeof(sources[0]),
		.around = around,
		.nr_around = sizeof(around) / sizeof(around[0]),
	};

	announce.kmsg = fake_kmsg();
	announce.clear_warn_once = fake_kmsg();
	return suite_main(&suite, argc, argv);
}
