// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run one subtest in a process of its own and judge how it ended. The process
 * reports through a shared page: the exit code alone cannot tell a test that
 * passed from one that called exit(0) before its end.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "around.h"
#include "subtest.h"

/* Exit codes of the KVM selftests lib. */
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

void subtest_known_bug(const char *fmt, ...)
{
	char text[SUBTEST_REASON];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!strcmp(report->known_bug, text))
		return;
	printf("known bug: %s\n", text);
	if (!report->known_bug[0])
		memcpy(report->known_bug, text, sizeof(text));
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
	if (rep->known_bug[0]) {
		snprintf(why, size, "known bug: %s", rep->known_bug);
		return KTAP_XFAIL;
	}
	return KTAP_PASS;
}

static void diag_line(const char *line, void *arg)
{
	ktap_diag(arg, line);
}

/* A failing hook fails a subtest that has not failed by itself. */
static int run_hooked(const struct suite *suite, const struct subtest *t,
		      const struct child_opts *o, struct ktap *k,
		      enum ktap_outcome *outcome, char *why, size_t size)
{
	struct child_result r;
	char reason[256];
	int ret, end;

	ret = around_begin(suite, t, k, why, size);
	if (ret) {
		*outcome = KTAP_FAIL;
		return ret > 0 ? 0 : ret;
	}
	ret = child_run(o, &r);
	if (!ret)
		*outcome = subtest_judge(&r, report, o->timeout_s, why, size);
	end = around_end(k, reason, sizeof(reason));
	if (end > 0 && *outcome != KTAP_FAIL && *outcome != KTAP_TIMEOUT) {
		snprintf(why, size, "%s", reason);
		*outcome = KTAP_FAIL;
	}
	return ret ?: end > 0 ? 0 : end;
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
	int ret;

	report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (report == MAP_FAILED)
		return -errno;

	ret = run_hooked(suite, t, &o, k, outcome, why, size);
	munmap(report, sizeof(*report));
	report = NULL;
	return ret;
}
