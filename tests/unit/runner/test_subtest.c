// SPDX-License-Identifier: GPL-2.0-only
/* lib/runner/subtest.c: only a function that returned has passed. */
#include <signal.h>

#include "lib/runner/subtest.h"
#include "unit.h"

static char why[256];

static int judge(struct child_result r, int state)
{
	struct subtest_report report = { .state = state, .reason = "no cake" };

	return subtest_judge(&r, &report, 30, why, sizeof(why));
}

#define RESULT(...) ((struct child_result){ __VA_ARGS__ })
#define EXITED(n) RESULT(.exited = true, .code = (n))

static void passed(void)
{
	CHECK_EQ(judge(EXITED(0), SUBTEST_PASSED), KTAP_PASS);
	CHECK_STR(why, "");
}

static void skipped(void)
{
	CHECK_EQ(judge(EXITED(0), SUBTEST_SKIPPED), KTAP_SKIP);
	CHECK_STR(why, "no cake");
}

/* exit(0) and exit(4) by themselves are neither a pass nor a skip. */
static void no_result(void)
{
	CHECK_EQ(judge(EXITED(0), SUBTEST_NO_RESULT), KTAP_FAIL);
	CHECK_STR(why, "ended without a result, by exit(0)");
	CHECK_EQ(judge(EXITED(4), SUBTEST_NO_RESULT), KTAP_FAIL);
	CHECK(strstr(why, "no declared need"));
}

static void failed(void)
{
	CHECK_EQ(judge(EXITED(254), SUBTEST_NO_RESULT), KTAP_FAIL);
	CHECK_STR(why, "assertion failed");
	CHECK_EQ(judge(EXITED(1), SUBTEST_PASSED), KTAP_FAIL);
	CHECK_STR(why, "exit code 1");
	CHECK_EQ(judge(EXITED(254), SUBTEST_SKIPPED), KTAP_FAIL);
	CHECK_EQ(judge(RESULT(.sig = SIGSEGV), SUBTEST_PASSED), KTAP_FAIL);
	CHECK_STR(why, "killed by signal 11 (Segmentation fault)");
	CHECK_EQ(judge(RESULT(.exited = true, .leftovers = true),
		       SUBTEST_PASSED), KTAP_FAIL);
	CHECK_STR(why, "left processes behind");
}

static void timed_out(void)
{
	CHECK_EQ(judge(RESULT(.timed_out = true, .sig = SIGTERM),
		       SUBTEST_PASSED), KTAP_TIMEOUT);
	CHECK_STR(why, "no end in 30 s");
	CHECK_EQ(judge(RESULT(.timed_out = true, .exited = true),
		       SUBTEST_PASSED), KTAP_TIMEOUT);
	CHECK_EQ(judge(RESULT(.timed_out = true, .stuck = true),
		       SUBTEST_NO_RESULT), KTAP_TIMEOUT);
	CHECK_STR(why, "no end in 30 s, and SIGKILL did not end it");
}

/* A known bug excuses nothing that is not of it. */
static void known_bug(void)
{
	struct subtest_report report = {
		.state = SUBTEST_PASSED, .known_bug = "7: too many",
	};

	CHECK_EQ(subtest_judge(&EXITED(0), &report, 30, why, sizeof(why)),
		 KTAP_XFAIL);
	CHECK_STR(why, "known bug: 7: too many");
	CHECK_EQ(subtest_judge(&EXITED(254), &report, 30, why, sizeof(why)),
		 KTAP_FAIL);
	report.state = SUBTEST_NO_RESULT;
	CHECK_EQ(subtest_judge(&EXITED(0), &report, 30, why, sizeof(why)),
		 KTAP_FAIL);
}

UNIT_MAIN(
	{ "passed", passed },
	{ "skipped", skipped },
	{ "no_result", no_result },
	{ "failed", failed },
	{ "timed_out", timed_out },
	{ "known_bug", known_bug },
)
