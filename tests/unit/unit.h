/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The least that a unit test needs: a table of cases, checks that go on after
 * a failure and say what they saw, KTAP on stdout.
 */
#ifndef UNIT_H
#define UNIT_H

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

static inline int unit_run(const struct unit_case *cases, int count)
{
	int i, failed = 0;

	printf("KTAP version 1\n1..%d\n", count);
	for (i = 0; i < count; i++) {
		unit_failures = 0;
		fflush(stdout);
		cases[i].fn();
		printf("%sok %d %s\n", unit_failures ? "not " : "", i + 1,
		       cases[i].name);
		failed += !!unit_failures;
	}
	printf("# Totals: pass:%d fail:%d xfail:0 xpass:0 skip:0 error:0\n",
	       count - failed, failed);
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
