// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run one subtest in a process of its own and judge how it ended. The process
 * reports through a shared page: the exit code alone cannot tell a test that
 * passed from one that called exit(0) on its way.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "restore.h"
#include "runner/announce.h"
#include "subtest.h"

/* What the KVM selftests lib ends with. */
#define LIBKVM_EXIT_ASSERT	254
#define LIBKVM_EXIT_SKIP	4

static struct subtest_report *report;

struct subtest_call {
	const struct suite *suite;
	const struct subtest *t;
	const struct subtest_args *args;
};

void subtest_skip(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(report->reason, sizeof(report->reason), fmt, ap);
	va_end(ap);
	report->state = SUBTEST_SKIPPED;
	fflush(NULL);
	_exit(0);
}

static int subtest_process(void *arg)
{
	struct subtest_call *call = arg;

	if (call->suite->setup)
		call->suite->setup();
	call->t->fn(call->args);
	if (report->state == SUBTEST_NO_RESULT)
		report->state = SUBTEST_PASSED;
	return 0;
}

static void say_exit(int code, char *why, size_t size)
{
	switch (code) {
	case 0:
		snprintf(why, size, "ended without a result, by exit(0)");
		break;
	case LIBKVM_EXIT_ASSERT:
		snprintf(why, size, "assertion failed");
		break;
	case LIBKVM_EXIT_SKIP:
		snprintf(why, size,
			 "exit code 4: something was denied or missing that is no declared need");
		break;
	default:
		snprintf(why, size, "exit code %d", code);
	}
}

enum ktap_outcome subtest_judge(const struct child_result *r,
				const struct subtest_report *rep,
				unsigned int timeout_s, char *why,
				size_t size)
{
	why[0] = '\0';
	if (r->stuck) {
		snprintf(why, size,
			 "no end in %u s, and SIGKILL did not end it",
			 timeout_s);
		return KTAP_TIMEOUT;
	}
	if (r->timed_out) {
		snprintf(why, size, "no end in %u s", timeout_s);
		return KTAP_TIMEOUT;
	}
	if (!r->exited) {
		snprintf(why, size, "killed by signal %d (%s)", r->sig,
			 strsignal(r->sig));
		return KTAP_FAIL;
	}
	if (r->code || rep->state == SUBTEST_NO_RESULT) {
		say_exit(r->code, why, size);
		return KTAP_FAIL;
	}
	if (r->leftovers) {
		snprintf(why, size, "left processes behind");
		return KTAP_FAIL;
	}
	if (rep->state == SUBTEST_SKIPPED) {
		snprintf(why, size, "%s", rep->reason);
		return KTAP_SKIP;
	}
	return KTAP_PASS;
}

static void diag_line(const char *line, void *arg)
{
	ktap_diag(arg, line);
}

/* The process, and whatever it changes of the machine as it was before. */
static int run_restored(const struct suite *suite, const struct subtest *t,
			const struct child_opts *o, struct child_result *r,
			struct ktap *k)
{
	int ret, end;

	ret = restore_begin(suite, t) ?: child_run(o, r);
	end = restore_end();
	if (end)
		ktap_diagf(k, "%s: the machine is not as it was before: %s",
			   t->name, strerror(-end));
	return ret ?: end;
}

/* The process between the two announcements that the subtest may need. */
static int run_announced(const struct suite *suite, const struct subtest *t,
			 const struct child_opts *o, struct child_result *r,
			 struct ktap *k)
{
	int ret, end;

	ret = announce_begin(suite, t);
	if (ret) {
		ktap_diagf(k, "%s: provoked warnings not announced: %s",
			   t->name, strerror(-ret));
		announce_end();
		return ret;
	}
	ret = run_restored(suite, t, o, r, k);
	end = announce_end();
	if (end)
		ktap_diagf(k, "%s: end of provoked warnings: %s", t->name,
			   strerror(-end));
	return ret ?: end;
}

/* Whatever the subtest has found out: the kernel has found fault with itself. */
static void watch_end(const struct suite *suite, enum ktap_outcome *outcome,
		      char *why, size_t size)
{
	char title[200];

	if (!suite->watch_end || !suite->watch_end(title, sizeof(title)))
		return;
	if (*outcome == KTAP_PASS || *outcome == KTAP_SKIP) {
		snprintf(why, size, "the kernel: %s", title);
		*outcome = KTAP_FAIL;
	}
}

int subtest_run(const struct suite *suite, const struct subtest *t,
		const struct subtest_args *args, unsigned int timeout_s,
		struct ktap *k, enum ktap_outcome *outcome, char *why,
		size_t size)
{
	struct subtest_call call = { .suite = suite, .t = t, .args = args };
	struct child_opts o = {
		.fn = subtest_process, .arg = &call, .timeout_s = timeout_s,
		.line = diag_line, .line_arg = k,
	};
	struct child_result r;
	int ret;

	report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (report == MAP_FAILED)
		return -errno;

	if (suite->watch_begin)
		suite->watch_begin();
	ret = run_announced(suite, t, &o, &r, k);
	if (!ret)
		*outcome = subtest_judge(&r, report, timeout_s, why, size);
	watch_end(suite, outcome, why, size);
	munmap(report, sizeof(*report));
	report = NULL;
	return ret;
}
