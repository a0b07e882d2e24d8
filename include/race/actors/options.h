/* SPDX-License-Identifier: GPL-2.0-only */
/* What a program with actors adds to the command line. */
#ifndef RACE_ACTORS_OPTIONS_H
#define RACE_ACTORS_OPTIONS_H

#include "runner/suite.h"

/* --actors, --pair, --list-actors, --reduce */
#define NR_ACTORS_OPTIONS	4
extern const struct suite_option actors_options[NR_ACTORS_OPTIONS];

/* Initializers of struct suite. */
#define ACTORS_OPTIONS							\
	.options = actors_options,					\
	.nr_options = NR_ACTORS_OPTIONS

/* Lists of names, both valid; NULL if not given. */
struct actors_given {
	const char *actors;
	const char *pair;
};

const struct actors_given *actors_given(void);

#endif
