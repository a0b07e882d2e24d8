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

/* The program's own options have no letter. */
#define FIRST_OWN	256

static const struct option common_options[] = {
	{ "list",	no_argument,		NULL, 'l' },
	{ "help",	no_argument,		NULL, 'h' },
	{ "test",	required_argument,	NULL, 't' },
	{ "pages",	required_argument,	NULL, 'p' },
	{ "threads",	required_argument,	NULL, 'j' },
	{ "iterations",	required_argument,	NULL, 'i' },
	{ "duration",	required_argument,	NULL, 'd' },
	{ "seed",	required_argument,	NULL, 's' },
	{ "timeout",	required_argument,	NULL, 'T' },
};

#define NR_COMMON	(sizeof(common_options) / sizeof(common_options[0]))

/* The leading colon makes getopt_long() return ':' for a missing value. */
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

/* Common options first, then the program's own, then an empty one. */
static void all_options(const struct suite *suite, struct option *all)
{
	unsigned int i;

	assert(suite->nr_options <= SUITE_OPTIONS_MAX);
	memcpy(all, common_options, sizeof(common_options));
	for (i = 0; i < suite->nr_options; i++) {
		const struct suite_option *own = &suite->options[i];

		all[NR_COMMON + i] = (struct option){
			own->name, own->value ? required_argument : no_argument,
			NULL, FIRST_OWN + i,
		};
	}
	all[NR_COMMON + i] = (struct option){ };
}

static bool read_own(struct options *o, const struct suite_option *own)
{
	char why[128];

	if (own->act)
		o->act = own;
	if (!own->parse || !own->parse(optarg, why, sizeof(why)))
		return true;

	snprintf(o->error, sizeof(o->error), "--%s: %s", own->name, why);
	return false;
}

/* optopt: 0 for an unknown long option, known if it was given a value. */
static void bad_option(struct options *o, const char *arg)
{
	char text[] = { '-', optopt, '\0' };

	if (!optopt)
		bad(o, arg, "unknown option, see --help");
	else if (optopt >= FIRST_OWN || strchr(short_options, optopt))
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
	}
	return read_own(o, &suite->options[c - FIRST_OWN]);
}

/* What is left of the command line: names of subtests; none: all. */
static bool pick_rest(struct options *o, const struct suite *suite, int argc,
		      char **argv)
{
	unsigned int i;

	for (; optind < argc; optind++) {
		if (!pick(o, suite, argv[optind]))
			return false;
	}
	if (o->nr_picked)
		return true;

	for (i = 0; i < suite->nr_subtests; i++)
		o->picked[i] = true;
	o->nr_picked = suite->nr_subtests;
	return true;
}

enum options_action options_parse(struct options *o, const struct suite *suite,
				  int argc, char **argv)
{
	struct option all[NR_COMMON + SUITE_OPTIONS_MAX + 1];
	enum options_action action = OPTIONS_RUN;
	int c;

	memset(o, 0, sizeof(*o));
	assert(suite->nr_subtests <= SUBTESTS_MAX);
	all_options(suite, all);
	optind = 0;
	while ((c = getopt_long(argc, argv, short_options, all, NULL)) >= 0) {
		switch (c) {
		case 'l':
			action = OPTIONS_LIST;
			break;
		case 'h':
			return OPTIONS_HELP;
		case ':':
			bad(o, argv[optind - 1], "needs a value");
			return OPTIONS_BAD;
		case '?':
			bad_option(o, argv[optind - 1]);
			return OPTIONS_BAD;
		default:
			if (!read_option(o, suite, c))
				return OPTIONS_BAD;
			/* As after --help the rest is not read. */
			if (o->act && !o->act->value)
				return OPTIONS_ACT;
		}
	}
	if (!pick_rest(o, suite, argc, argv))
		return OPTIONS_BAD;
	return o->act ? OPTIONS_ACT : action;
}
