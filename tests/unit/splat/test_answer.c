// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/splat/judge/bisect.c and control.c: what follows from the verdicts of the
 * lab's runs. With files and logs: tests/splat/judge.sh.
 */
#include "splat/judge/judge.h"
#include "unit.h"

#define CYCLE	"circular: a > b"
#define SIG	CYCLE " | f, g"

static void is_by(const char *result, const char *summary, const char *verdict,
		  const char *wanted, bool seen, int code, const char *text)
{
	struct lab_run r = {
		.dir = "dir", .result = str_of(result),
		.summary = str_of(summary), .verdict = str_of(verdict),
	};
	struct bisect_answer a;
	char got[sizeof(a.why) + 16];

	bisect_judge(&r, wanted, seen, &a);
	snprintf(got, sizeof(got), "%s %s", a.word, a.why);
	CHECK_EQ(a.code, code);
	CHECK_STR(got, text);
}

#define RAN	"at_start=1\noutcome=done\n"
#define TDX	"kvm_tdx=yes\n"

static void is(const char *verdict, int code, const char *text)
{
	is_by(RAN, TDX, verdict, NULL, false, code, text);
}

static void verdicts(void)
{
	is("verdict=CLEAN\nreason=\n", 0, "good CLEAN");
	is("verdict=EDGE\nreason=r\n", 1, "bad EDGE: r");
	is("verdict=FAILED\nreason=r\n", 1, "bad FAILED: r");
	is("verdict=CRASHED\nreason=r\n", 1, "bad CRASHED: r");
	is("verdict=HUNG\nreason=r\n", 1, "bad HUNG: r");
	is("verdict=SPLAT\nreason=r\nsignature=" SIG "\n", 1,
	   "bad SPLAT: " SIG);
	is("verdict=SPLAT\nreason=r\n", 1, "bad SPLAT: SPLAT: r");
	is("verdict=UNKNOWN\nreason=r\n", 125, "skip UNKNOWN: r");
	is("verdict=FROB\nreason=r\n", 128,
	   "stop dir/verdict: FROB: no such verdict");
	is("verdict=PASSED\n", 128, "stop dir/verdict: PASSED: no such verdict");
	is("", 128, "stop dir/verdict: : no such verdict");
}

/* The run says nothing about the commit, with and without a signature. */
static void no_run(void)
{
	static const char *const wanted[] = { NULL, CYCLE };
	int i;

	for (i = 0; i < 2; i++) {
		is_by("outcome=panic\n", "", "verdict=CRASHED\nreason=p\n",
		      wanted[i], true, 125, "skip does not boot: CRASHED: p");
		is_by("outcome=hung\n", "", "verdict=HUNG\nreason=h\n",
		      wanted[i], true, 125, "skip does not boot: HUNG: h");
		is_by(RAN "exit=2\n", "", "verdict=UNKNOWN\nreason=u\n",
		      wanted[i], true, 128, "stop UNKNOWN: u");
		is_by(RAN, "kvm_tdx=no\n", "verdict=FAILED\nreason=f\n",
		      wanted[i], true, 125,
		      "skip has no TDX: kvm_intel.tdx is off (FAILED: f)");
	}
	/* Splat has judged: code 2 is the program's. */
	is_by(RAN "exit=2\n", TDX, "verdict=FAILED\nreason=f\n", NULL, false, 1,
	      "bad FAILED: f");
	is_by(RAN "exit=1\n", "", "verdict=UNKNOWN\nreason=u\n", NULL, false,
	      125, "skip UNKNOWN: u");
}

/* A bound in this machine's time proves nothing on a machine that is busy. */
static void hangs(void)
{
	is_by("at_start=1\noutcome=hung\n", TDX, "verdict=HUNG\nreason=h\n",
	      NULL, false, 125, "skip HUNG: h, and the guest named no lockup");
	is_by("at_start=1\noutcome=hung\nlockup=l\n", TDX,
	      "verdict=HUNG\nreason=h; l\n", NULL, false, 1, "bad HUNG: h; l");
	/* An oops is a fault by itself. */
	is_by("at_start=1\noutcome=hung\noops=o\n", TDX,
	      "verdict=CRASHED\nreason=o\n", NULL, false, 1, "bad CRASHED: o");
}

static void wanted_splat(void)
{
	static const char *const others[] = {
		"EDGE", "FAILED", "HUNG", "UNKNOWN",
	};
	static const char *const wanted[] = { CYCLE, SIG };
	char verdict[64], text[200];
	size_t i, k;

	for (k = 0; k < 2; k++) {
		is_by(RAN, TDX, "verdict=CLEAN\n", wanted[k], false, 0,
		      "good CLEAN");
		is_by(RAN, TDX, "verdict=CRASHED\nreason=r\n", wanted[k], false,
		      1, "bad CRASHED: r");
		snprintf(text, sizeof(text), "bad SPLAT: %s", wanted[k]);
		is_by(RAN, TDX, "verdict=SPLAT\nreason=r\nsignature=" SIG "\n",
		      wanted[k], false, 1, text);
		is_by(RAN, TDX, "verdict=SPLAT\nsignature=recursive: c | f\n",
		      wanted[k], false, 125,
		      "skip another splat: recursive: c | f");
		for (i = 0; i < 4; i++) {
			snprintf(verdict, sizeof(verdict),
				 "verdict=%s\nreason=r\n", others[i]);
			snprintf(text, sizeof(text), "skip not the splat that "
				 "is looked for: %s: r", others[i]);
			is_by(RAN, TDX, verdict, wanted[k], false, 125, text);
			snprintf(text, sizeof(text), "bad %s: %s", others[i],
				 wanted[k]);
			is_by(RAN, TDX, verdict, wanted[k], true, 1, text);
		}
	}
	is_by(RAN, TDX, "verdict=SPLAT\nreason=r\n", SIG, false, 125,
	      "skip another splat: SPLAT: r");
	/* A lockup is no proof of that splat either. */
	is_by("at_start=1\noutcome=hung\nlockup=l\n", TDX,
	      "verdict=HUNG\nreason=h\n", SIG, false, 125,
	      "skip not the splat that is looked for: HUNG: h");
}

static void signatures(void)
{
	CHECK(signature_is_wanted(SIG, SIG));
	CHECK(signature_is_wanted(SIG, CYCLE));
	CHECK(signature_is_wanted(CYCLE, CYCLE));
	CHECK(!signature_is_wanted(CYCLE, SIG));
	CHECK(!signature_is_wanted(SIG, CYCLE " | f"));
	CHECK(!signature_is_wanted(SIG, "circular: a"));
	CHECK(!signature_is_wanted("circular: a > b > c | f, g, h", CYCLE));
	CHECK(!signature_is_wanted("", CYCLE));
}

/* One verdict by its four words. */
static struct lab_verdict row(const char *ab, const char *ba,
			      const char *lockdep, enum verdict verdict)
{
	struct lab_verdict v = {
		.verdict = verdict, .code = verdict_exit(verdict, false),
	};

	snprintf(v.ab, sizeof(v.ab), "%s", ab);
	snprintf(v.ba, sizeof(v.ba), "%s", ba);
	snprintf(v.lockdep, sizeof(v.lockdep), "%s", lockdep);
	snprintf(v.reason, sizeof(v.reason), "why");
	return v;
}

static struct control judge(const struct lab_verdict v[NR_CONTROLS])
{
	const struct lab_verdict *rows[NR_CONTROLS] = {
		&v[0], &v[1], &v[2], &v[3],
	};
	struct control c;

	control_judge(rows, &c);
	return c;
}

static void is_control(const struct lab_verdict v[NR_CONTROLS],
		       const char *failed, enum verdict verdict)
{
	struct control c = judge(v);
	char names[64] = "";
	int i;

	for (i = 0; i < NR_CONTROLS; i++)
		if (c.row[i].failed)
			strcat(strcat(names, control_name(i)), " ");
	CHECK_STR(names, failed);
	CHECK_STR(verdict_name(c.verdict), verdict_name(verdict));
	CHECK_EQ(c.code, verdict_exit(verdict, false));
}

static void control_of_a_good_tree(void)
{
	struct lab_verdict v[] = {
		row("no", "no", "alive", VERDICT_CLEAN),
		row("yes", "no", "alive", VERDICT_EDGE),
		row("no", "yes", "alive", VERDICT_CLEAN),
		row("yes", "yes", "spent", VERDICT_SPLAT),
	}, one;
	struct control c;
	int i;

	is_control(v, "", VERDICT_CLEAN);
	for (i = 1; i < NR_CONTROLS; i++) {
		one = v[i];
		v[i] = row("no", "no", "alive", VERDICT_CLEAN);
		c = judge(v);
		CHECK(c.row[i].failed && c.rows == 3);
		CHECK_EQ(c.verdict, VERDICT_UNKNOWN);
		CHECK_STR(c.reason, "the control failed");
		CHECK_STR(c.row[i].got, "no no alive CLEAN");
		v[i] = one;
	}
	CHECK_STR(c.row[CONTROL_BOTH].wanted, "yes yes spent SPLAT");
	/* Each of the four words counts. */
	v[CONTROL_AB] = row("yes", "unknown", "alive", VERDICT_EDGE);
	is_control(v, "+ab ", VERDICT_UNKNOWN);
	v[CONTROL_AB] = row("yes", "no", "unproven", VERDICT_EDGE);
	is_control(v, "+ab ", VERDICT_UNKNOWN);
	v[CONTROL_AB] = row("yes", "no", "alive", VERDICT_FAILED);
	is_control(v, "+ab ", VERDICT_UNKNOWN);
}

/* A half that the tree has by itself is in each row. */
static void control_of_a_bad_tree(void)
{
	struct lab_verdict ab[] = {
		row("yes", "no", "alive", VERDICT_EDGE),
		row("yes", "no", "alive", VERDICT_EDGE),
		row("yes", "yes", "spent", VERDICT_SPLAT),
		row("yes", "yes", "spent", VERDICT_SPLAT),
	}, ba[] = {
		row("no", "yes", "alive", VERDICT_CLEAN),
		row("yes", "yes", "spent", VERDICT_SPLAT),
		row("no", "yes", "alive", VERDICT_CLEAN),
		row("yes", "yes", "spent", VERDICT_SPLAT),
	};

	is_control(ab, "", VERDICT_EDGE);
	is_control(ba, "", VERDICT_CLEAN);
	/* The fault stays one where the control fails. */
	ab[CONTROL_BOTH] = row("yes", "no", "alive", VERDICT_EDGE);
	is_control(ab, "+ab+ba ", VERDICT_EDGE);
	CHECK_STR(judge(ab).reason, "why");
	/* What is not known of the tree is not known of +ba, but for BA. */
	ba[CONTROL_PRISTINE] = row("unknown", "unknown", "spent",
				   VERDICT_UNKNOWN);
	ba[CONTROL_AB] = row("yes", "no", "alive", VERDICT_EDGE);
	is_control(ba, "", VERDICT_UNKNOWN);
}

static void no_control(void)
{
	struct lab_verdict v = row("no", "no", "alive", VERDICT_CLEAN);
	const struct lab_verdict *rows[NR_CONTROLS] = { &v };
	struct control c;

	control_judge(rows, &c);
	CHECK_EQ(c.rows, 0);
	CHECK_EQ(c.verdict, VERDICT_CLEAN);
	v = row("yes", "no", "alive", VERDICT_EDGE);
	control_judge(rows, &c);
	CHECK_EQ(c.verdict, VERDICT_EDGE);
}

UNIT_MAIN(
	{ "verdicts", verdicts },
	{ "no_run", no_run },
	{ "hangs", hangs },
	{ "wanted_splat", wanted_splat },
	{ "signatures", signatures },
	{ "control_of_a_good_tree", control_of_a_good_tree },
	{ "control_of_a_bad_tree", control_of_a_bad_tree },
	{ "no_control", no_control },
)
