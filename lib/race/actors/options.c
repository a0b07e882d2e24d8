// SPDX-License-Identifier: GPL-2.0-only
/* What a program with actors adds to the command line. */
#include <stdio.h>

#include "race/actors/actors.h"
#include "race/actors/options.h"
#include "reduce_by.h"

#define EXIT_USAGE	2

static struct actors_given given;
static const char *reduce_command;

const struct actors_given *actors_given(void)
{
	return &given;
}

static int parse_actors(const char *value, char *why, size_t size)
{
	uint64_t set;

	given.actors = value;
	return actors_parse(value, &set, why, size) ? 0 : -1;
}

static int parse_pair(const char *value, char *why, size_t size)
{
	uint64_t set;

	given.pair = value;
	if (!actors_parse(value, &set, why, size))
		return -1;
	if (__builtin_popcountll(set) == 2)
		return 0;

	snprintf(why, size, "not two different actors");
	return -1;
}

static int list(char *why, size_t size)
{
	actors_list();
	return 0;
}

static int parse_reduce(const char *value, char *why, size_t size)
{
	reduce_command = value;
	return 0;
}

static int reduce_actors(char *why, size_t size)
{
	if (!given.actors) {
		snprintf(why, size, "of which --actors?");
		return EXIT_USAGE;
	}
	return reduce_by(given.actors, reduce_command, why, size) ? 1 : 0;
}

const struct suite_option actors_options[NR_ACTORS_OPTIONS] = {
	{ "actors", "A,B,...",
	  "the actors of race_mix, also those that may hurt",
	  parse_actors, NULL },
	{ "pair", "A,B", "the only pair of race_pairs", parse_pair, NULL },
	{ "list-actors", NULL, "list them, what they need and whether they may hurt",
	  NULL, list },
	{ "reduce", "CMD",
	  "the fewest of --actors with which CMD, given\n"
	  "them in $ACTORS, still exits with 1",
	  parse_reduce, reduce_actors },
};
