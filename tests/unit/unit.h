/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The least that a unit test needs: a table of cases, checks that go on after
 * a failure and print what they saw, KTAP on stdout. Arguments of the program
 * are shell patterns of the cases to run; without any all are run.
 */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <errno.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct unit_case {
	const char *name;
	void (*fn)(void);
};

static int unit_failures;

#define CHECK(cond)							\
do {									\
	if (!(cond)) {							\
		printf("# %s:%d: %s\n", __FILE__, __LINE__, #cond);	\
		unit_failures++;					\
	}								\
} while (0)

#define CHECK_EQ(a, b)							\
do {									\
	long long _a = (a), _b = (b);					\
									\
	if (_a != _b) {							\
		printf("# %s:%d: %s == %s: %lld != %lld\n", __FILE__,	\
		       __LINE__, #a, #b, _a, _b);			\
		unit_failures++;					\
	}								\
} while (0)

#define CHECK_STR(a, b)							\
do {									\
	const char *_a = (a), *_b = (b);				\
									\
	if (strcmp(_a, _b)) {						\
		printf("# %s:%d: %s: \"%s\" != \"%s\"\n", __FILE__,	\
		       __LINE__, #a, _a, _b);				\
		unit_failures++;					\
	}								\
} while (0)

static char **unit_patterns;

/* glibc calls it with the arguments of main(), which a test may have itself. */
__attribute__((constructor))
static void unit_arguments(int argc, char **argv)
{
	unit_patterns = argc > 0 ? argv + 1 : argv;
}

static inline bool unit_picked(const struct unit_case *c)
{
	char **p;

	for (p = unit_patterns; *p; p++) {
		if (!fnmatch(*p, c->name, 0))
			return true;
	}
	return !*unit_patterns;
}

/* How many cases are to be run, or -1 after a line about a pattern of none. */
static inline int unit_plan(const struct unit_case *cases, int count)
{
	int i, plan = 0;
	char **p;

	for (p = unit_patterns; *p; p++) {
		for (i = 0; i < count && fnmatch(*p, cases[i].name, 0); i++)
			;
		if (i == count) {
			fprintf(stderr, "%s: %s: no such case\n",
				program_invocation_short_name, *p);
			return -1;
		}
	}
	for (i = 0; i < count; i++)
		plan += unit_picked(&cases[i]);
	return plan;
}

static inline int unit_run(const struct unit_case *cases, int count)
{
	int i, done = 0, failed = 0, plan = unit_plan(cases, count);

	if (plan < 0)
		return 2;
	printf("KTAP version 1\n1..%d\n", plan);
	for (i = 0; i < count; i++) {
		if (!unit_picked(&cases[i]))
			continue;
		unit_failures = 0;
		fflush(stdout);
		cases[i].fn();
		printf("%sok %d %s\n", unit_failures ? "not " : "", ++done,
		       cases[i].name);
		failed += !!unit_failures;
	}
	printf("# Totals: pass:%d fail:%d xfail:0 xpass:0 skip:0 error:0\n",
	       plan - failed, failed);
	return !!failed;
}

#define UNIT_MAIN(...)							\
int main(void)								\
{									\
	static const struct unit_case cases[] = { __VA_ARGS__ };	\
									\
	return unit_run(cases, sizeof(cases) / sizeof(cases[0]));	\
}

#endif
