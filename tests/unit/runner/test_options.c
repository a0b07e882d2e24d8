// SPDX-License-Identifier: GPL-2.0-only
/* lib/runner/options.c: what is asked for is what is run; the rest is one line. */
#include "lib/runner/options.h"
#include "unit.h"

static const struct subtest subtests[] = {
	{ .name = "alpha" }, { .name = "alpha_two" }, { .name = "beta" },
};

static int count(const char *list, char *why, size_t size)
{
	int nr = 1;

	if (strchr(list, '!')) {
		snprintf(why, size, "'%s': unheard of", list);
		return -1;
	}
	for (; *list; list++)
		nr += *list == ',';
	return nr;
}

static void list_nobody(void)
{
}

static struct suite suite = {
	.subtests = subtests, .nr_subtests = 3,
};

static struct options o;

#define PARSE(...) parse((char *[]){ "prog", ##__VA_ARGS__, NULL })

static int parse(char **argv)
{
	int argc = 0;

	while (argv[argc])
		argc++;
	return options_parse(&o, &suite, argc, argv);
}

static int picked(void)
{
	return o.picked[0] | o.picked[1] << 1 | o.picked[2] << 2;
}

static void nothing_asked(void)
{
	CHECK_EQ(PARSE(), OPTIONS_RUN);
	CHECK_EQ(picked(), 7);
	CHECK_EQ(o.nr_picked, 3);
	CHECK(!o.args.pages && !o.args.threads && !o.args.iterations &&
	      !o.args.duration_s && !o.args.seed && !o.timeout_s);
}

static void picks(void)
{
	CHECK_EQ(PARSE("beta"), OPTIONS_RUN);
	CHECK_EQ(picked(), 4);
	CHECK_EQ(PARSE("-t", "alpha", "beta"), OPTIONS_RUN);
	CHECK_EQ(picked(), 5);
	CHECK_EQ(PARSE("alpha*"), OPTIONS_RUN);
	CHECK_EQ(picked(), 3);
	CHECK_EQ(PARSE("alpha", "--test=alpha", "--", "alpha"), OPTIONS_RUN);
	CHECK_EQ(picked(), 1);
	CHECK_EQ(o.nr_picked, 1);
	CHECK_EQ(PARSE("[ab]*a"), OPTIONS_RUN);
	CHECK_EQ(picked(), 5);
}

static void numbers(void)
{
	CHECK_EQ(PARSE("-p16", "--threads", "3", "-i", "9", "--duration=60",
		       "-T", "86400", "--seed", "9223372036854775807", "beta"),
		 OPTIONS_RUN);
	CHECK_EQ(o.args.pages, 16);
	CHECK_EQ(o.args.threads, 3);
	CHECK_EQ(o.args.iterations, 9);
	CHECK_EQ(o.args.duration_s, 60);
	CHECK_EQ(o.args.seed, 9223372036854775807);
	CHECK_EQ(o.timeout_s, 86400);
	CHECK_EQ(picked(), 4);
}

static void actions(void)
{
	CHECK_EQ(PARSE("-l"), OPTIONS_LIST);
	CHECK_EQ(PARSE("--list", "beta"), OPTIONS_LIST);
	CHECK_EQ(picked(), 4);
	CHECK_EQ(PARSE("--help"), OPTIONS_HELP);
	CHECK_EQ(PARSE("-h", "nosuch"), OPTIONS_HELP);
}

static void unknown_names(void)
{
	CHECK_EQ(PARSE("gamma"), OPTIONS_BAD);
	CHECK_STR(o.error, "gamma: no such subtest, see --list");
	CHECK_EQ(PARSE("alpha", "alph"), OPTIONS_BAD);
	CHECK_STR(o.error, "alph: no such subtest, see --list");
	CHECK_EQ(PARSE("-t", "x*"), OPTIONS_BAD);
	CHECK_STR(o.error, "x*: no such subtest, see --list");
	CHECK_EQ(PARSE(""), OPTIONS_BAD);
	CHECK_STR(o.error, "'': no such subtest, see --list");
}

static void unknown_options(void)
{
	CHECK_EQ(PARSE("--foo"), OPTIONS_BAD);
	CHECK_STR(o.error, "--foo: unknown option, see --help");
	CHECK_EQ(PARSE("-lx"), OPTIONS_BAD);
	CHECK_STR(o.error, "-x: unknown option, see --help");
	CHECK_EQ(PARSE("--t"), OPTIONS_BAD);
	CHECK_STR(o.error, "--t: unknown option, see --help");
	CHECK_EQ(PARSE("--list=3"), OPTIONS_BAD);
	CHECK_STR(o.error, "--list=3: takes no value");
	CHECK_EQ(PARSE("-p"), OPTIONS_BAD);
	CHECK_STR(o.error, "-p: needs a value");
	CHECK_EQ(PARSE("--pages"), OPTIONS_BAD);
	CHECK_STR(o.error, "--pages: needs a value");
}

static void bad_numbers(void)
{
	CHECK_EQ(PARSE("-p", "0"), OPTIONS_BAD);
	CHECK_STR(o.error, "--pages: '0': not a number from 1 to 262144");
	CHECK_EQ(PARSE("-j", "65"), OPTIONS_BAD);
	CHECK_STR(o.error, "--threads: '65': not a number from 1 to 64");
	CHECK_EQ(PARSE("-i", "ten"), OPTIONS_BAD);
	CHECK_EQ(PARSE("-d", "-1"), OPTIONS_BAD);
	CHECK_STR(o.error, "--duration: '-1': not a number from 1 to 86400");
	CHECK_EQ(PARSE("-T", "4294967297"), OPTIONS_BAD);
	CHECK_EQ(PARSE("-T", ""), OPTIONS_BAD);
}

static void actors(void)
{
	CHECK_EQ(PARSE("--actors", "a"), OPTIONS_BAD);
	CHECK_STR(o.error, "--actors: this program has no actors");
	CHECK_EQ(PARSE("--list-actors"), OPTIONS_BAD);

	suite.actors_count = count;
	suite.actors_list = list_nobody;
	CHECK_EQ(PARSE("--list-actors"), OPTIONS_ACTORS);
	CHECK_EQ(PARSE("--actors", "a,b,c"), OPTIONS_RUN);
	CHECK_STR(o.args.actors, "a,b,c");
	CHECK(!o.args.pair);
	CHECK_EQ(PARSE("--pair=a,b"), OPTIONS_RUN);
	CHECK_STR(o.args.pair, "a,b");
	CHECK_EQ(PARSE("--pair", "a"), OPTIONS_BAD);
	CHECK_STR(o.error, "--pair: not two different actors");
	CHECK_EQ(PARSE("--actors", "a,!"), OPTIONS_BAD);
	CHECK_STR(o.error, "--actors: 'a,!': unheard of");
	CHECK_EQ(PARSE("--actors"), OPTIONS_BAD);
	CHECK_EQ(PARSE("--actors", "a,b", "--reduce", "cmd"), OPTIONS_REDUCE);
	CHECK_STR(o.reduce, "cmd");
	CHECK_EQ(PARSE("--reduce", "cmd"), OPTIONS_BAD);
	CHECK_STR(o.error, "--reduce: of which --actors?");
	suite.actors_count = NULL;
	suite.actors_list = NULL;
}

UNIT_MAIN(
	{ "actors", actors },
	{ "nothing_asked", nothing_asked },
	{ "picks", picks },
	{ "numbers", numbers },
	{ "actions", actions },
	{ "unknown_names", unknown_names },
	{ "unknown_options", unknown_options },
	{ "bad_numbers", bad_numbers },
)
