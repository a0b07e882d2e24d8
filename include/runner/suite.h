/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A test program as data: a list of subtests with their needs and bounds.
 * suite_main() lists them, or runs each in a process of its own and prints
 * KTAP. Nothing passes by default: only a function that returns has passed.
 */
#ifndef SUITE_H
#define SUITE_H

#include <stdbool.h>
#include <stddef.h>

#include "need.h"
#include "platform.h"

/* What the command line asks of a subtest; 0: its own choice. */
struct subtest_args {
	unsigned long pages;
	unsigned long threads;
	unsigned long iterations;
	unsigned int duration_s;
	unsigned long seed;
	const char *actors;	/* of a mix, by name; NULL: all */
	const char *pair;
};

struct subtest {
	const char *name;
	const char *what;		/* one line */
	unsigned int needs;		/* bits of the suite's table of needs */
	unsigned int timeout_s;		/* without what --duration adds */
	void (*fn)(const struct subtest_args *args);
};

/* Who has this need makes the kernel WARN in this file. */
struct suite_warn {
	unsigned int need;		/* one bit */
	const char *file;
};

struct suite {
	const char *what;		/* one line for --help */
	const struct subtest *subtests;
	unsigned int nr_subtests;
	const struct need *needs;
	unsigned int nr_needs;
	/* Called in the process of a subtest before its function, or NULL. */
	void (*setup)(void);
	/*
	 * Called by the runner, before the process of a subtest and after it,
	 * for subtests that change the machine: what is there, and bring it
	 * back. 0 or -errno. Both or neither.
	 */
	int (*note)(const struct subtest *t);
	int (*restore)(const struct subtest *t);
	/*
	 * Where the results of subtests with a need of @platform_needs come
	 * from; asked only if that need is met. NULL if it is no question.
	 */
	const struct platform *(*platform)(void);
	unsigned int platform_needs;
	/*
	 * Is a part of what is tested, whatever the subtest, not what it is
	 * taken for? NULL if not, and if that is no question.
	 */
	const struct platform *(*stand_in)(void);
	/*
	 * Called around each subtest: did the kernel report a fault in its own
	 * locking meanwhile? Then it has failed, with @title. Both or neither.
	 */
	void (*watch_begin)(void);
	bool (*watch_end)(char *title, size_t size);
	/*
	 * Subtests with a need of @warns make the kernel WARN in a source file
	 * of it; no WARN of others is expected. It is announced in @kmsg for as
	 * long as they run, see provoked.h; writing 1 to @clear_warn_once makes
	 * WARN_ON_ONCE() print again.
	 */
	const struct suite_warn *warns;
	unsigned int nr_warns;
	const char *kmsg;
	const char *clear_warn_once;
	/*
	 * Who can take part in its races: print them; is "a,b" a list of them,
	 * of how many, or why ("object: reason") is it none (-1)? Or NULL.
	 */
	void (*actors_list)(void);
	int (*actors_count)(const char *list, char *why, size_t size);
	/* The least of @list that fails, each trial a command; 0 or -errno. */
	int (*actors_reduce)(const char *list, const char *command, char *why,
			     size_t size);
};

#define SUBTEST_PAGES_MAX	262144
#define SUBTEST_THREADS_MAX	64
#define SUBTEST_SECONDS_MAX	86400

/* Where @t makes the kernel WARN, or NULL. Not in two files. */
const char *suite_warns_in(const struct suite *suite, const struct subtest *t);

/* Run the program; the result is its exit code, see suite_help(). */
int suite_main(const struct suite *suite, int argc, char **argv);

/*
 * End the running subtest as skipped, for a need that only shows while it
 * runs. Not an exit code: 4 is also what the KVM selftests lib ends with when
 * it is denied something.
 */
void subtest_skip(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), noreturn));

static inline unsigned long args_or(unsigned long asked, unsigned long own)
{
	return asked ? asked : own;
}

#endif
