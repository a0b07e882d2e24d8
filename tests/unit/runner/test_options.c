// SPDX-License-Identifier: GPL-2.0-only
/* lib/runner/options.c: the named subtests run; bad input is one line. */
#include "lib/runner/options.h"
#include "unit.h"

static const struct subtest subtests[] = {
	{ .name = "alpha" }, { .name = "alpha_two" }, { .name = "beta" },
};

static const char *taken;

static int take(const char *value, char *why, size_t size)
{
	taken = value;
	if (!strchr(value, '!'))
		return 0;
	snprintf(why, size, "'%s': not known", value);
	return -1;
}

static int act(char *why, size_t size)
{
	return 0;
}

static const struct suite_option own[] = {
	{ "color", "NAME", "of the sky", take, NULL },
	{ "list-colors", NULL, "list them", NULL, act },
	{ "mix", "A,B", "mix them", take, act },
};

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

static void own_options(void)
{
	CHECK_EQ(PARSE("--color", "a"), OPTIONS_BAD);
	CHECK_STR(o.error, "--color: unknown option, see --help");
	CHECK_EQ(PARSE("--list-colors"), OPTIONS_BAD);

	suite.options = own;
	suite.nr_options = 3;
	CHECK_EQ(PARSE("--color", "red", "beta", "-p", "3"), OPTIONS_RUN);
	CHECK_STR(taken, "red");
	CHECK_EQ(picked(), 4);
	CHECK_EQ(o.args.pages, 3);
	CHECK_EQ(PARSE("--color=blue"), OPTIONS_RUN);
	CHECK_STR(taken, "blue");
	CHECK_EQ(PARSE("--color", "red!"), OPTIONS_BAD);
	CHECK_STR(o.error, "--color: 'red!': not known");
	CHECK_EQ(PARSE("--color"), OPTIONS_BAD);
	CHECK_STR(o.error, "--color: needs a value");
	CHECK_EQ(PARSE("--mix", "a,b", "beta"), OPTIONS_ACT);
	CHECK(o.act == &own[2]);
	CHECK_EQ(PARSE("--mix", "a,b", "gamma"), OPTIONS_BAD);
	CHECK_EQ(PARSE("--mix", "!"), OPTIONS_BAD);
	CHECK_STR(o.error, "--mix: '!': not known");
	/* At once, without a look at the rest. */
	CHECK_EQ(PARSE("--list-colors", "gamma"), OPTIONS_ACT);
	CHECK(o.act == &own[1]);
	CHECK_EQ(PARSE("--list-colors=3"), OPTIONS_BAD);
	CHECK_STR(o.error, "--list-colors=3: takes no value");
	suite.options = NULL;
	suite.nr_options = 0;
}

UNIT_MAIN(
	{ "own_options", own_options },
	{ "nothing_asked", nothing_asked },
	{ "picks", picks },
	{ "numbers", numbers },
	{ "actions", actions },
	{ "unknown_names", unknown_names },
	{ "unknown_options", unknown_options },
	{ "bad_numbers", bad_numbers },
)
