// SPDX-License-Identifier: GPL-2.0-only
/*
 * The answer to git bisect for a commit, see judge.h.
 */
#include <stdarg.h>

#include "splat/judge/judge.h"
#include "splat/splat.h"

static void __attribute__((format(printf, 3, 4)))
answer(struct bisect_answer *a, int code, const char *fmt, ...)
{
	va_list ap;

	a->code = code;
	a->word = code == EXIT_CLEAN ? "good" : code == EXIT_BAD ? "bad" :
		  code == EXIT_BISECT_SKIP ? "skip" : "stop";
	va_start(ap, fmt);
	vsnprintf(a->why, sizeof(a->why), fmt, ap);
	va_end(ap);
}

bool signature_is_wanted(const char *signature, const char *wanted)
{
	struct str s = str_of(signature);
	ptrdiff_t functions = str_find(s, STR(" | "));

	return str_eq(s, str_of(wanted)) ||
	       (functions > 0 &&
		str_eq(str_head(s, functions), str_of(wanted)));
}

static const char *splat_text(const struct lab_verdict *v, const char *why)
{
	return v->signature[0] ? v->signature : why;
}

/* Of all that goes wrong only a crash and that splat are known to be meant. */
static void judge_wanted(const struct lab_verdict *v, const char *why,
			 const char *wanted, bool seen, struct bisect_answer *a)
{
	if (v->verdict == VERDICT_CLEAN)
		answer(a, EXIT_CLEAN, "%s", why);
	else if (v->verdict == VERDICT_CRASHED)
		answer(a, EXIT_BAD, "%s", why);
	else if (seen || signature_is_wanted(v->signature, wanted))
		answer(a, EXIT_BAD, "%s: %s", verdict_name(v->verdict), wanted);
	else if (v->verdict == VERDICT_SPLAT)
		answer(a, EXIT_BISECT_SKIP, "another splat: %s",
		       splat_text(v, why));
	else
		answer(a, EXIT_BISECT_SKIP,
		       "not the splat that is looked for: %s", why);
}

static void judge_any(const struct lab_run *r, const struct lab_verdict *v,
		      const char *why, struct bisect_answer *a)
{
	bool watchdog = str_eq(pair_get(r->result, "outcome"), STR("hung"));

	if (v->verdict == VERDICT_SPLAT)
		answer(a, EXIT_BAD, "SPLAT: %s", splat_text(v, why));
	else if (v->verdict == VERDICT_HUNG && watchdog &&
		 !pair_get(r->result, "lockup").n)
		answer(a, EXIT_BISECT_SKIP,
		       "%s, and the guest named no lockup", why);
	else
		answer(a, verdict_exit(v->verdict, true), "%s", why);
}

/* Does the run say anything about the commit? */
static bool is_about_commit(const struct lab_run *r, const char *why,
			    struct bisect_answer *a)
{
	if (!pair_get(r->result, "at_start").n)
		answer(a, EXIT_BISECT_SKIP, "does not boot: %s", why);
	/* Splat refused the call, as it would the next time. */
	else if (!r->summary.n &&
		 str_eq(pair_get(r->result, "exit"), STR("2")))
		answer(a, EXIT_BISECT_STOP, "%s", why);
	else if (str_eq(pair_get(r->summary, "kvm_tdx"), STR("no")))
		answer(a, EXIT_BISECT_SKIP,
		       "has no TDX: kvm_intel.tdx is off (%s)", why);
	else
		return true;
	return false;
}

void bisect_judge(const struct lab_run *r, const char *wanted, bool seen,
		  struct bisect_answer *a)
{
	struct str word = pair_get(r->verdict, "verdict");
	struct lab_verdict v;
	char why[4096];

	if (!lab_verdict_read(r->verdict, &v) || v.verdict == VERDICT_PASSED) {
		answer(a, EXIT_BISECT_STOP, "%s/verdict: %.*s: no such verdict",
		       r->dir, (int)word.n, word.p ?: "");
		return;
	}
	if (v.verdict == VERDICT_CLEAN)
		snprintf(why, sizeof(why), "CLEAN");
	else
		snprintf(why, sizeof(why), "%s: %s", verdict_name(v.verdict),
			 v.reason);
	if (!is_about_commit(r, why, a))
		return;
	if (wanted)
		judge_wanted(&v, why, wanted, seen, a);
	else
		judge_any(r, &v, why, a);
}
