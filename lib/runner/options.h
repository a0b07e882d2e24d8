/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line of a test program, read into a struct. */
#ifndef LIB_RUNNER_OPTIONS_H
#define LIB_RUNNER_OPTIONS_H

#include <stdbool.h>

#include "runner/suite.h"

#define SUBTESTS_MAX	128

enum options_action {
	OPTIONS_RUN,
	OPTIONS_LIST,
	OPTIONS_HELP,
	OPTIONS_ACT,
	OPTIONS_BAD,
};

struct options {
	struct subtest_args args;
	unsigned int timeout_s;		/* 0: each subtest's own */
	bool picked[SUBTESTS_MAX];	/* all, if none was named */
	unsigned int nr_picked;
	const struct suite_option *act;	/* of OPTIONS_ACT */
	char error[256];		/* "object: reason" of OPTIONS_BAD */
};

enum options_action options_parse(struct options *o, const struct suite *suite,
				  int argc, char **argv);

#endif
