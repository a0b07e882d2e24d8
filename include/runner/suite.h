/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A test program as data: a list of subtests with their needs and bounds.
 * suite_main() lists them, or runs each in a process of its own and prints
 * KTAP. Nothing passes by default: only a function that returns has passed.
 *
 * A suite does not know what is tested. A program registers what it adds:
 * options, sources of results, hooks around each subtest.
 */
#ifndef RUNNER_SUITE_H
#define RUNNER_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runner/need.h"
#include "runner/platform.h"

/* What the command line sets for a subtest; 0: the subtest chooses. */
struct subtest_args {
	unsigned long pages;
	unsigned long threads;
	unsigned long iterations;
	unsigned int duration_s;
	unsigned long seed;
};

struct subtest {
	const char *name;
	const char *what;		/* one line */
	uint64_t needs;			/* bits of the suite's table of needs */
	unsigned int timeout_s;		/* --duration adds to it */
	void (*fn)(const struct subtest_args *args);
};

/* An option that the program adds to those of every suite. */
struct suite_option {
	const char *name;	/* without its dashes */
	const char *value;	/* its name in --help; NULL: takes no value */
	const char *help;	/* for --help, one line or more */
	/* Take the value. 0, or -1 with the reason in @why. May be NULL. */
	int (*parse)(const char *value, char *why, size_t size);
	/*
	 * If not NULL: do this in place of the subtests. An option without a
	 * value acts at once, as --help does, others when the command line has
	 * been read. Returns the exit code, with the reason in @why unless 0.
	 */
	int (*act)(char *why, size_t size);
};

#define SUITE_OPTIONS_MAX	8

/*
 * Software that may answer in place of what is tested. Each result that comes
 * from it bears its name.
 */
struct suite_source {
	/* For subtests with one of these needs, if met; 0: for all. */
	uint64_t needs;
	/* NULL: there is nothing to name. */
	const struct platform *(*detect)(void);
};

#define SUITE_SOURCES_MAX	4

/* What a failing hook means. */
enum around_failure {
	AROUND_FAILS,	/* the subtest has failed */
	AROUND_STOPS,	/* no later result would be sure: end the program */
};

/*
 * A hook around each subtest. It runs in the runner's process, since that of a
 * subtest may die. The first hook begins first and ends last.
 */
struct suite_around {
	enum around_failure failure;
	/* Both return 0, or -errno with the reason in @why. */
	int (*begin)(const struct subtest *t, char *why, size_t size);
	/* Called after each begin() that returned 0, also by exit(). */
	int (*end)(const struct subtest *t, char *why, size_t size);
	/* What --list says of @t, one line or ""; may be NULL. */
	void (*list)(const struct subtest *t, char *text, size_t size);
};

struct suite {
	const char *what;		/* one line for --help */
	const struct subtest *subtests;
	unsigned int nr_subtests;
	const struct need *needs;
	unsigned int nr_needs;
	/* Called in the process of a subtest before its function, or NULL. */
	void (*setup)(void);
	const struct suite_option *options;
	unsigned int nr_options;
	const struct suite_source *sources;
	unsigned int nr_sources;
	const struct suite_around *around;
	unsigned int nr_around;
};

#define SUBTEST_PAGES_MAX	262144
#define SUBTEST_THREADS_MAX	64
#define SUBTEST_SECONDS_MAX	86400

/* Run the program. The result is its exit code, see --help. */
int suite_main(const struct suite *suite, int argc, char **argv);

/*
 * End the running subtest as skipped, for a need that only shows while it
 * runs. Not an exit code: 4 is also what the KVM selftests lib ends with when
 * it is denied something.
 */
void subtest_skip(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), noreturn));

/*
 * The running subtest has seen a bug that this kernel is known to have. It goes
 * on; if nothing else is wrong its result is XFAIL, which fails no run and is
 * no pass. The text is one line.
 */
void subtest_known_bug(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

static inline unsigned long args_or(unsigned long given, unsigned long own)
{
	return given ? given : own;
}

#endif
