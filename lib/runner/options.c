// SPDX-License-Identifier: GPL-2.0-only
/* The command line of a test program, read into a struct. */
#include <assert.h>
#include <fnmatch.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "options.h"

/* Options that have no letter. */
enum { ACTORS = 256, PAIR, LIST_ACTORS, REDUCE };

static const struct option long_options[] = {
	{ "list",	no_argument,		NULL, 'l' },
	{ "help",	no_argument,		NULL, 'h' },
	{ "test",	required_argument,	NULL, 't' },
	{ "pages",	required_argument,	NULL, 'p' },
	{ "threads",	required_argument,	NULL, 'j' },
	{ "iterations",	required_argument,	NULL, 'i' },
	{ "duration",	required_argument,	NULL, 'd' },
	{ "seed",	required_argument,	NULL, 's' },
	{ "timeout",	required_argument,	NULL, 'T' },
	{ "actors",	required_argument,	NULL, ACTORS },
	{ "pair",	required_argument,	NULL, PAIR },
	{ "list-actors", no_argument,		NULL, LIST_ACTORS },
	{ "reduce",	required_argument,	NULL, REDUCE },
	{ }
};

/* The leading colon makes getopt tell a missing argument from bad options. */
static const char short_options[] = ":lht:p:j:i:d:s:T:";

static bool bad(struct options *o, const char *object, const char *reason)
{
	snprintf(o->error, sizeof(o->error), "%s: %s", object, reason);
	return false;
}

static bool read_number(struct options *o, const char *name, const char *text,
			unsigned long max, unsigned long *value)
{
	char reason[64];

	if (!number_parse(text, 1, max, value))
		return true;

	snprintf(reason, sizeof(reason), "not a number from 1 to %lu", max);
	snprintf(o->error, sizeof(o->error), "%s: '%s': %s", name, text,
		 reason);
	return false;
}

static bool read_seconds(struct options *o, const char *name, const char *text,
			 unsigned int *seconds)
{
	unsigned long value;

	if (!read_number(o, name, text, SUBTEST_SECONDS_MAX, &value))
		return false;

	*seconds = value;
	return true;
}

static bool pick(struct options *o, const struct suite *suite,
		 const char *pattern)
{
	unsigned int i;
	bool found = false;

	for (i = 0; i < suite->nr_subtests; i++) {
		if (fnmatch(pattern, suite->subtests[i].name, 0))
			continue;

		found = true;
		o->nr_picked += !o->picked[i];
		o->picked[i] = true;
	}
	return found || bad(o, *pattern ? pattern : "''", "no such subtest, see --list");
}

/* Names of actors are the suite's to know; without any there is no choice. */
static bool read_actors(struct options *o, const struct suite *suite,
			const char *name, int want, const char **list)
{
	char why[128];
	int nr;

	if (!suite->actors_count)
		return bad(o, name, "this program has no actors");

	nr = suite->actors_count(optarg, why, sizeof(why));
	if (nr < 0) {
		snprintf(o->error, sizeof(o->error), "%s: %s", name, why);
		return false;
	}
	if (want && nr != want)
		return bad(o, name, "not two different actors");
	*list = optarg;
	return true;
}

/* optopt: 0 for a long option, known for one that was given a value. */
static void bad_option(struct options *o, const char *arg)
{
	char text[] = { '-', optopt, '\0' };

	if (!optopt)
		bad(o, arg, "unknown option, see --help");
	else if (strchr(short_options, optopt))
		bad(o, arg, "takes no value");
	else
		bad(o, text, "unknown option, see --help");
}

static bool read_option(struct options *o, const struct suite *suite, int c)
{
	switch (c) {
	case 't':
		return pick(o, suite, optarg);
	case 'p':
		return read_number(o, "--pages", optarg, SUBTEST_PAGES_MAX,
				   &o->args.pages);
	case 'j':
		return read_number(o, "--threads", optarg, SUBTEST_THREADS_MAX,
				   &o->args.threads);
	case 'i':
		return read_number(o, "--iterations", optarg, 1000000000,
				   &o->args.iterations);
	case 'd':
		return read_seconds(o, "--duration", optarg,
				    &o->args.duration_s);
	case 's':
		return read_number(o, "--seed", optarg, LONG_MAX,
				   &o->args.seed);
	case 'T':
		return read_seconds(o, "--timeout", optarg, &o->timeout_s);
	case ACTORS:
		return read_actors(o, suite, "--actors", 0, &o->args.actors);
	case PAIR:
		return read_actors(o, suite, "--pair", 2, &o->args.pair);
	}
	return false;
}

enum options_action options_parse(struct options *o, const struct suite *suite,
				  int argc, char **argv)
{
	enum options_action action = OPTIONS_RUN;
	unsigned int i;
	int c;

	memset(o, 0, sizeof(*o));
	assert(suite->nr_subtests <= SUBTESTS_MAX);
	optind = 0;
	while ((c = getopt_long(argc, argv, short_options, long_options,
				NULL)) >= 0) {
		switch (c) {
		case 'l':
			action = OPTIONS_LIST;
			break;
		case 'h':
			return OPTIONS_HELP;
		case LIST_ACTORS:
			if (suite->actors_list)
				return OPTIONS_ACTORS;
			bad(o, "--list-actors", "this program has no actors");
			return OPTIONS_BAD;
		case REDUCE:
			o->reduce = optarg;
			action = OPTIONS_REDUCE;
			break;
		case ':':
			bad(o, argv[optind - 1], "needs a value");
			return OPTIONS_BAD;
		case '?':
			bad_option(o, argv[optind - 1]);
			return OPTIONS_BAD;
		default:
			if (!read_option(o, suite, c))
				return OPTIONS_BAD;
		}
	}

	if (o->reduce && !o->args.actors) {
		bad(o, "--reduce", "of which --actors?");
		return OPTIONS_BAD;
	}
	for (; optind < argc; optind++) {
		if (!pick(o, suite, argv[optind]))
			return OPTIONS_BAD;
	}
	if (o->nr_picked)
		return action;

	for (i = 0; i < suite->nr_subtests; i++)
		o->picked[i] = true;
	o->nr_picked = suite->nr_subtests;
	return action;
}
