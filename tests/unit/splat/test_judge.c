// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/splat/judge/lab.c: the table of rules by which a run of the lab gets its
 * verdict. What splat judges inside of the guest is in test_verdict.c.
 */
#include <stdlib.h>

#include "splat/judge/judge.h"
#include "unit.h"

static struct output_facts output;

static void judge(const char *result, const char *summary, bool watched,
		  struct lab_verdict *v)
{
	struct lab_run r = {
		.dir = "dir", .watched = watched, .result = str_of(result),
		.summary = summary ? str_of(summary) : (struct str){ },
		.output = &output,
	};

	lab_judge(&r, v);
}

static void printed(const char *text)
{
	output_init(&output);
	output_feed(&output, text, strlen(text));
	output_end(&output);
}

struct rule {
	const char *result;
	const char *summary;	/* NULL: none came */
	enum verdict verdict;
	const char *reason;
};

static void check(const struct rule *rule, bool watched)
{
	struct lab_verdict v;

	judge(rule->result, rule->summary, watched, &v);
	if (v.verdict != rule->verdict || strcmp(v.reason, rule->reason))
		printf("# of %s and %s:\n", rule->result, rule->summary);
	CHECK_STR(verdict_name(v.verdict), verdict_name(rule->verdict));
	CHECK_STR(v.reason, rule->reason);
	CHECK_EQ(v.code, verdict_exit(rule->verdict, false));
}

#define CHECK_RULES(rules, watched)					\
do {									\
	size_t _i;							\
									\
	for (_i = 0; _i < sizeof(rules) / sizeof((rules)[0]); _i++)	\
		check(&(rules)[_i], watched);				\
} while (0)

#define CLEAN_SUMMARY	"verdict=CLEAN\nreason=\nexit=0\n"

/* However the guest ended, if not as it should: splat's word does not count. */
static void ends(void)
{
	static const char *const summaries[] = {
		NULL, "", CLEAN_SUMMARY, "verdict=EDGE\nreason=forbidden\n",
		"verdict=FROB\n",
	};
	static const struct {
		const char *result;
		enum verdict verdict;
		const char *reason;
	} ends[] = {
		{ "panic=Kernel panic - x\noutcome=panic\n", VERDICT_CRASHED,
		  "Kernel panic - x" },
		{ "outcome=reset\n", VERDICT_CRASHED, "the guest was reset" },
		{ "outcome=hung\n", VERDICT_HUNG,
		  "no end within the watchdog's bound" },
		{ "lockup=BUG: soft lockup\noutcome=hung\n", VERDICT_HUNG,
		  "no end within the watchdog's bound; BUG: soft lockup" },
		{ "oops=Oops: x\noutcome=hung\n", VERDICT_CRASHED,
		  "Oops: x; the guest did not end" },
		{ "lockup=l\noops=Oops: x\noutcome=hung\n", VERDICT_CRASHED,
		  "Oops: x; the guest did not end" },
		{ "at_start=9\noutcome=off\n", VERDICT_UNKNOWN,
		  "the guest was powered off before the program ended" },
		{ "outcome=off\n", VERDICT_UNKNOWN,
		  "the guest was powered off before the program started" },
		{ "outcome=interrupted\n", VERDICT_UNKNOWN, "interrupted" },
		{ "outcome=emulator\n", VERDICT_UNKNOWN,
		  "the emulator failed: see dir/emulator.log" },
		{ "emulator=no room\noutcome=emulator\n", VERDICT_UNKNOWN,
		  "the emulator failed: no room: see dir/emulator.log" },
		{ "", VERDICT_UNKNOWN,
		  "the emulator failed: see dir/emulator.log" },
	};
	size_t i, k;

	printed("not ok 1 a\n");
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		for (k = 0; k < sizeof(summaries) / sizeof(summaries[0]); k++)
			check(&(struct rule){ ends[i].result, summaries[k],
					      ends[i].verdict, ends[i].reason },
			      k & 1);
}

/* The guest ended as it should: splat's verdict is the run's. */
static void splat_judged(void)
{
	static const struct rule rules[] = {
		{ "outcome=done\n", CLEAN_SUMMARY, VERDICT_CLEAN, "" },
		{ "outcome=done\n", "verdict=EDGE\nreason=a > b\n",
		  VERDICT_EDGE, "a > b" },
		{ "outcome=done\n", "verdict=SPLAT\nreason=c\n", VERDICT_SPLAT,
		  "c" },
		{ "outcome=done\n", "verdict=HUNG\nreason=d\n", VERDICT_HUNG,
		  "d" },
		{ "outcome=done\n", "verdict=CRASHED\nreason=e\n",
		  VERDICT_CRASHED, "e" },
		{ "outcome=done\n", "verdict=UNKNOWN\nreason=f\n",
		  VERDICT_UNKNOWN, "f" },
		{ "outcome=done\n", "verdict=FAILED\nreason=g\n",
		  VERDICT_FAILED, "g" },
		{ "oom=Out of memory: x\noutcome=done\n",
		  "verdict=FAILED\nreason=g\n", VERDICT_FAILED,
		  "g; Out of memory: x" },
		{ "oom=Out of memory: x\noutcome=done\n",
		  "verdict=UNKNOWN\nreason=g\n", VERDICT_UNKNOWN, "g" },
		{ "outcome=done\n", "verdict=FROB\nreason=g\n",
		  VERDICT_UNKNOWN, "splat's summary: FROB: no such verdict" },
	};

	printed("");
	CHECK_RULES(rules, true);
	CHECK_RULES(rules, false);
}

/* What the console has overrules a pass, and nothing else. */
static void console_overrules(void)
{
	static const struct rule rules[] = {
		{ "oops=Oops: x\noutcome=done\n", CLEAN_SUMMARY,
		  VERDICT_CRASHED, "Oops: x" },
		{ "lockup=l\noutcome=done\n", CLEAN_SUMMARY, VERDICT_FAILED,
		  "l" },
		{ "kasan=k\noutcome=done\n", CLEAN_SUMMARY, VERDICT_FAILED,
		  "k" },
		{ "bad=b\noutcome=done\n", CLEAN_SUMMARY, VERDICT_FAILED, "b" },
		{ "warning=w\noutcome=done\n", CLEAN_SUMMARY, VERDICT_FAILED,
		  "w" },
		/* Of several the worst, whichever came first. */
		{ "warning=w\nbad=b\nkasan=k\nlockup=l\noops=o\noutcome=done\n",
		  CLEAN_SUMMARY, VERDICT_CRASHED, "o" },
		{ "warning=w\nbad=b\nkasan=k\noutcome=done\n", CLEAN_SUMMARY,
		  VERDICT_FAILED, "k" },
		/* No reason by itself: another process may have had it. */
		{ "oom=m\noutcome=done\n", CLEAN_SUMMARY, VERDICT_CLEAN, "" },
		{ "oops=o\noutcome=done\n", "verdict=SPLAT\nreason=s\n",
		  VERDICT_SPLAT, "s" },
		{ "warning=w\noutcome=done\n", "verdict=UNKNOWN\nreason=u\n",
		  VERDICT_UNKNOWN, "u" },
		{ "warning=w\noutcome=done\n", "verdict=FAILED\nreason=f\n",
		  VERDICT_FAILED, "f" },
	};
	static const struct rule plain[] = {
		{ "warning=w\nexit=0\noutcome=done\n", NULL, VERDICT_FAILED,
		  "w" },
		{ "oops=o\nexit=0\noutcome=done\n", NULL, VERDICT_CRASHED,
		  "o" },
		{ "lockup=l\nexit=0\noutcome=done\n", NULL, VERDICT_FAILED,
		  "l" },
	};

	printed("");
	CHECK_RULES(rules, true);
	CHECK_RULES(rules, false);
	CHECK_RULES(plain, false);
}

/* --plain: the program's end is all that there is. */
static void without_splat(void)
{
	static const struct rule rules[] = {
		{ "exit=0\noutcome=done\n", NULL, VERDICT_PASSED, "" },
		{ "exit=7\noutcome=done\n", NULL, VERDICT_FAILED,
		  "the program ended with code 7" },
		{ "exit=7\noom=m\noutcome=done\n", NULL, VERDICT_FAILED,
		  "the program ended with code 7; m" },
		{ "signal=9\noutcome=done\n", NULL, VERDICT_FAILED,
		  "the program was killed by signal 9" },
		{ "signal=9\noom=m\noutcome=done\n", NULL, VERDICT_FAILED,
		  "the program was killed by signal 9; m" },
		{ "timeout=5\noutcome=done\n", NULL, VERDICT_HUNG,
		  "ended after 5 s of guest time" },
		{ "timeout=5\noops=o\noutcome=done\n", NULL, VERDICT_CRASHED,
		  "o" },
		{ "outcome=done\n", NULL, VERDICT_UNKNOWN,
		  "the program was never started" },
		{ "refused=--sysctl: a: b\noutcome=done\n", NULL,
		  VERDICT_UNKNOWN, "not run: --sysctl: a: b" },
	};

	printed("");
	CHECK_RULES(rules, false);
}

/* A splat that says nothing proves nothing, however it ended. */
static void silent_splat(void)
{
	static const struct rule rules[] = {
		{ "exit=0\noutcome=done\n", NULL, VERDICT_UNKNOWN,
		  "splat gave no verdict, code 0" },
		{ "exit=2\noutcome=done\n", "", VERDICT_UNKNOWN,
		  "splat gave no verdict, code 2" },
		{ "signal=9\noom=m\noutcome=done\n", NULL, VERDICT_UNKNOWN,
		  "splat gave no verdict, signal 9; m" },
		{ "outcome=done\n", NULL, VERDICT_UNKNOWN,
		  "splat gave no verdict" },
		{ "refused=--sysctl: a: b\noutcome=done\n", NULL,
		  VERDICT_UNKNOWN, "not run: --sysctl: a: b" },
		{ "timeout=5\noutcome=done\n", NULL, VERDICT_HUNG,
		  "ended after 5 s of guest time" },
		{ "exit=1\noops=o\noutcome=done\n", NULL, VERDICT_CRASHED,
		  "o" },
	};

	printed("");
	CHECK_RULES(rules, true);
	printed("a\r\nsplat run: x: no such file\r\n\r\n");
	check(&(struct rule){ "exit=2\noom=m\noutcome=done\n", NULL,
			      VERDICT_UNKNOWN, "splat gave no verdict, code 2: "
			      "splat run: x: no such file; m" }, true);
}

/* FAILED names the subtests that did. */
static void failed_subtests(void)
{
	static const char result[] = "exit=1\noom=m\noutcome=done\n";

	printed("not ok 1 a\nok 2 b\nnot ok 3 c\nnot ok 4 d\nnot ok 5 e\n");
	check(&(struct rule){ result, "verdict=FAILED\nreason=exit code 1\n",
			      VERDICT_FAILED, "exit code 1; m; failed: "
			      "a, c, d and 1 more" }, true);
	check(&(struct rule){ result, NULL, VERDICT_FAILED,
			      "the program ended with code 1; m; failed: "
			      "a, c, d and 1 more" }, false);
	check(&(struct rule){ result, "verdict=SPLAT\nreason=s\n",
			      VERDICT_SPLAT, "s" }, true);
	/* The program's own failures, and then a console that overrules. */
	check(&(struct rule){ "exit=0\nwarning=w\noutcome=done\n", NULL,
			      VERDICT_FAILED, "w" }, false);
}

static void keys(const char *result, const char *summary, const char *want)
{
	struct lab_verdict v, back;
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	judge(result, summary, true, &v);
	lab_verdict_write(f, &v);
	fclose(f);
	CHECK_STR(text, want);
	CHECK(lab_verdict_read((struct str){ text, size }, &back));
	CHECK(!memcmp(&v, &back, sizeof(v)));
	free(text);
}

static void verdict_file(void)
{
	printed("");
	keys("exit=1\nat_off=12.34\nprovoked=1\nprovoked_in=x.c\noutcome=done\n",
	     "verdict=SPLAT\nab=yes\nba=no\nlockdep=spent\nreason=r\n"
	     "signature=circular: a > b | f, g\nexit=3\nprovoked=2\n"
	     "provoked_in=y.c, x.c\n",
	     "verdict=SPLAT\ncode=1\nreason=r\nab=yes\nba=no\nlockdep=spent\n"
	     "signature=circular: a > b | f, g\nexit=3\nprovoked=2\n"
	     "provoked_in=y.c, x.c\nseconds=12.34\n");
	keys("exit=1\nprovoked=3\nprovoked_in=x.c\noutcome=done\n",
	     "verdict=UNKNOWN\nprovoked=2\nprovoked_in=y.c\n",
	     "verdict=UNKNOWN\ncode=4\nreason=\nab=unknown\nba=unknown\n"
	     "lockdep=unknown\nsignature=\nexit=1\nprovoked=3\n"
	     "provoked_in=x.c\nseconds=\n");
	keys("outcome=reset\n", NULL,
	     "verdict=CRASHED\ncode=1\nreason=the guest was reset\n"
	     "ab=unknown\nba=unknown\nlockdep=unknown\nsignature=\nexit=\n"
	     "provoked=\nprovoked_in=\nseconds=\n");
	keys("outcome=done\n", "verdict=CLEAN\nprovoked=0\n",
	     "verdict=CLEAN\ncode=0\nreason=\nab=unknown\nba=unknown\n"
	     "lockdep=unknown\nsignature=\nexit=\nprovoked=\nprovoked_in=\n"
	     "seconds=\n");
}

static void no_verdict(void)
{
	struct lab_verdict v;

	CHECK(!lab_verdict_read((struct str){ }, &v));
	CHECK(!lab_verdict_read(STR("verdict=\n"), &v));
	CHECK(!lab_verdict_read(STR("verdict=CLEA\n"), &v));
	CHECK(!lab_verdict_read(STR("verdict=CLEAN \n"), &v));
	CHECK(lab_verdict_read(STR("x=\nverdict=CLEAN"), &v));
}

/* Values longer than their room are cut, not run over. */
static void long_values(void)
{
	static char result[9000], summary[9000];
	struct lab_verdict v;

	memset(result, 'x', sizeof(result) - 1);
	memcpy(result, "outcome=panic\npanic=", 20);
	memset(summary, 'y', sizeof(summary) - 1);
	memcpy(summary, "ab=", 3);
	judge(result, summary, true, &v);
	CHECK_EQ(v.verdict, VERDICT_CRASHED);
	CHECK_EQ(strlen(v.reason), sizeof(v.reason) - 1);
	CHECK_EQ(strlen(v.ab), sizeof(v.ab) - 1);
}

UNIT_MAIN(
	{ "ends", ends },
	{ "splat_judged", splat_judged },
	{ "console_overrules", console_overrules },
	{ "without_splat", without_splat },
	{ "silent_splat", silent_splat },
	{ "failed_subtests", failed_subtests },
	{ "verdict_file", verdict_file },
	{ "no_verdict", no_verdict },
	{ "long_values", long_values },
)
