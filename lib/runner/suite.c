// SPDX-License-Identifier: GPL-2.0-only
/*
 * A test program's main(): list its subtests, or probe what the picked ones
 * need, run each in a process of its own and print KTAP.
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "options.h"
#include "runner/child.h"
#include "runner/ktap.h"
#include "runner/suite.h"
#include "subtest.h"

#define EXIT_USAGE	2
#define PROBE_TIMEOUT_S	60

struct run {
	const struct suite *suite;
	struct options o;
	struct ktap k;
	struct need_state *needs;	/* shared with the probing process */
	uint64_t mask;			/* what the picked subtests need */
	const struct platform *sources[SUITE_SOURCES_MAX];
};

static int fail(const char *object, const char *reason)
{
	fflush(stdout);
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, object,
		reason);
	return 1;
}

/* "      --name VALUE      help", and further lines of help below. */
static void option_help(const struct suite_option *option)
{
	const char *help = option->help;
	char head[64];
	int n;

	snprintf(head, sizeof(head), "      --%s %s", option->name,
		 option->value ?: "");
	while (*help) {
		n = strcspn(help, "\n");
		printf("%-23s %.*s\n", head, n, help);
		help += n + !!help[n];
		*head = '\0';
	}
}

static void suite_help(const struct suite *suite)
{
	unsigned int i;

	printf("usage: %s [options] [SUBTEST...]\n%s\n\n",
	       program_invocation_short_name, suite->what);
	puts("SUBTEST is a name or a shell pattern; without one all are run.\n"
	     "  -l, --list            list the subtests and what they need\n"
	     "  -t, --test SUBTEST    the same as SUBTEST\n"
	     "  -p, --pages N         pages, where a subtest has a choice\n"
	     "  -j, --threads N       threads of those that race\n"
	     "  -i, --iterations N    rounds of those that repeat\n"
	     "  -d, --duration S      instead of rounds: repeat for S seconds\n"
	     "  -s, --seed N          of random subtests, as they print it\n"
	     "  -T, --timeout S       bound on each subtest, in place of its own");
	for (i = 0; i < suite->nr_options; i++)
		option_help(&suite->options[i]);
	puts("  -h, --help            this text\n\n"
	     "Output: KTAP. Exit code: 0 pass, 1 any failure, 4 all skipped,\n"
	     "2 wrong usage, 128+N ended by signal N.");
}

static void suite_list(const struct suite *suite, const struct options *o)
{
	const struct subtest *t = suite->subtests;
	unsigned int i, j;
	char text[256];

	for (i = 0; i < suite->nr_subtests; i++) {
		if (!o->picked[i])
			continue;

		needs_names(suite->needs, suite->nr_needs, t[i].needs, text,
			    sizeof(text));
		printf("%-33s %s\n%-33s   needs: %s\n", t[i].name, t[i].what,
		       "", text);
		for (j = 0; j < suite->nr_around; j++) {
			if (!suite->around[j].list)
				continue;
			suite->around[j].list(&t[i], text, sizeof(text));
			if (*text)
				printf("%-33s   %s\n", "", text);
		}
	}
}

static int probe_process(void *arg)
{
	struct run *run = arg;

	needs_probe(run->suite->needs, run->suite->nr_needs, run->mask,
		    run->needs);
	return 0;
}

/*
 * In a process of its own, as the first use of KVM may crash or hang, which is
 * a failure and not an unmet need.
 */
static int probe(struct run *run)
{
	struct child_opts o = {
		.fn = probe_process, .arg = run, .timeout_s = PROBE_TIMEOUT_S,
	};
	const struct suite *suite = run->suite;
	struct child_result r;
	unsigned int i;
	int ret;

	for (i = 0; i < suite->nr_subtests; i++)
		run->mask |= run->o.picked[i] ? suite->subtests[i].needs : 0;

	run->needs = mmap(NULL, NEEDS_MAX * sizeof(*run->needs),
			  PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			  -1, 0);
	if (run->needs == MAP_FAILED)
		return fail("memory", strerror(errno));

	ret = child_run(&o, &r);
	if (ret)
		return fail("probe", strerror(-ret));
	if (r.timed_out)
		return fail("probe", "no end");
	if (!r.exited || r.code)
		return fail("probe", r.exited ? "failed" : strsignal(r.sig));
	return 0;
}

/* May a result of a subtest with @needs come from @source? */
static bool source_matters(const struct run *run,
			   const struct suite_source *source, uint64_t needs)
{
	uint64_t known = needs & source->needs;
	char text[8];

	return !source->needs ||
	       (known && !needs_unmet(run->suite->needs, run->suite->nr_needs,
				      known, run->needs, text, sizeof(text)));
}

static void name_sources(struct run *run)
{
	const struct suite *suite = run->suite;
	unsigned int i;

	assert(suite->nr_sources <= SUITE_SOURCES_MAX);
	for (i = 0; i < suite->nr_sources; i++) {
		if (source_matters(run, &suite->sources[i], run->mask))
			run->sources[i] = suite->sources[i].detect();
		if (run->sources[i])
			ktap_diag(&run->k, run->sources[i]->text);
	}
}

static unsigned int bound_of(const struct run *run, const struct subtest *t)
{
	if (run->o.timeout_s)
		return run->o.timeout_s;
	return t->timeout_s + run->o.args.duration_s;
}

/* The sources of the result of a subtest: "softtdx, stand-in", or "". */
static void source_words(const struct run *run, const struct subtest *t,
			 char *text, size_t size)
{
	const struct suite *suite = run->suite;
	unsigned int i, n = 0;

	text[0] = '\0';
	for (i = 0; i < suite->nr_sources && n < size; i++) {
		if (run->sources[i] &&
		    source_matters(run, &suite->sources[i], t->needs))
			n += snprintf(text + n, size - n, "%s%s",
				      n ? ", " : "", run->sources[i]->word);
	}
}

static int run_one(struct run *run, const struct subtest *t)
{
	const struct suite *suite = run->suite;
	enum ktap_outcome outcome = KTAP_SKIP;
	char why[1024], note[1280], word[64];
	bool said;
	int ret = 0;

	if (!needs_unmet(suite->needs, suite->nr_needs, t->needs, run->needs,
			 why, sizeof(why)))
		ret = subtest_run(suite, t, &run->o.args, bound_of(run, t),
				  &run->k, &outcome, why, sizeof(why));
	if (ret)
		return fail(t->name, strerror(-ret));

	source_words(run, t, word, sizeof(word));
	if (outcome == KTAP_FAIL || outcome == KTAP_TIMEOUT)
		ktap_diagf(&run->k, "%s: %s", t->name, why);

	said = outcome == KTAP_SKIP || outcome == KTAP_XFAIL;
	snprintf(note, sizeof(note), "%s%s%s", said ? why : "",
		 said && *word ? ", " : "", word);
	ktap_result(&run->k, outcome, t->name, *note ? note : NULL);
	return 0;
}

static int run_all(struct run *run)
{
	const struct suite *suite = run->suite;
	unsigned int i;

	ktap_begin(&run->k, stdout, run->o.nr_picked);
	name_sources(run);
	for (i = 0; i < suite->nr_subtests; i++) {
		if (run->o.picked[i] && run_one(run, &suite->subtests[i]))
			return 1;
	}
	ktap_totals(&run->k);
	return ktap_exit_code(&run->k);
}

static int act(const struct suite_option *option)
{
	char name[64], why[256] = "";
	int code = option->act(why, sizeof(why));

	snprintf(name, sizeof(name), "--%s", option->name);
	if (code)
		fail(name, why);
	return code;
}

int suite_main(const struct suite *suite, int argc, char **argv)
{
	struct run run = { .suite = suite };
	int code = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	switch (options_parse(&run.o, suite, argc, argv)) {
	case OPTIONS_HELP:
		suite_help(suite);
		break;
	case OPTIONS_LIST:
		suite_list(suite, &run.o);
		break;
	case OPTIONS_ACT:
		code = act(run.o.act);
		break;
	case OPTIONS_BAD:
		fprintf(stderr, "%s: %s\n", program_invocation_short_name,
			run.o.error);
		return EXIT_USAGE;
	case OPTIONS_RUN:
		code = probe(&run);
		if (!code)
			code = run_all(&run);
		break;
	}

	/* Results that could not be written are no pass. */
	if (fflush(stdout) || ferror(stdout))
		return fail("stdout", strerror(errno));
	return code;
}
