// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verdict on one run of the lab, see judge.h.
 */
#include <stdarg.h>
#include <stdlib.h>

#include "splat/judge/judge.h"

static void copy(char *dst, size_t size, struct str s)
{
	s = str_head(s, size - 1);
	if (s.n)
		memcpy(dst, s.p, s.n);
	dst[s.n] = '\0';
}

static void __attribute__((format(printf, 3, 4)))
is(struct lab_verdict *v, enum verdict verdict, const char *fmt, ...)
{
	va_list ap;

	v->verdict = verdict;
	va_start(ap, fmt);
	vsnprintf(v->reason, sizeof(v->reason), fmt, ap);
	va_end(ap);
}

static void __attribute__((format(printf, 2, 3)))
add(struct lab_verdict *v, const char *fmt, ...)
{
	size_t n = strlen(v->reason);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(v->reason + n, sizeof(v->reason) - n, fmt, ap);
	va_end(ap);
}

static bool has(const struct lab_run *r, const char *key)
{
	return pair_get(r->result, key).n;
}

/* One fact of labrun's, for "%.*s". */
#define FACT(r, key) (int)pair_get((r)->result, key).n, \
		     pair_get((r)->result, key).p ?: ""

/* A line of the console that explains more. */
static void add_line(const struct lab_run *r, const char *key,
		     struct lab_verdict *v)
{
	if (has(r, key))
		add(v, "; %.*s", FACT(r, key));
}

static void judge_hung(const struct lab_run *r, struct lab_verdict *v)
{
	is(v, VERDICT_HUNG, "no end within the watchdog's bound");
	add_line(r, "lockup", v);
	/* After an oops labrun's bound is a shorter one. */
	if (has(r, "oops"))
		is(v, VERDICT_CRASHED, "%.*s; the guest did not end",
		   FACT(r, "oops"));
}

static void judge_silent_splat(const struct lab_run *r, struct lab_verdict *v)
{
	is(v, VERDICT_UNKNOWN, "splat gave no verdict");
	if (has(r, "exit"))
		add(v, ", code %.*s", FACT(r, "exit"));
	if (has(r, "signal"))
		add(v, ", signal %.*s", FACT(r, "signal"));
	if (r->output && r->output->last[0])
		add(v, ": %s", r->output->last);
	add_line(r, "oom", v);
}

/* Splat did not run, or died before it could judge. */
static void judge_program(const struct lab_run *r, struct lab_verdict *v)
{
	if (has(r, "oops"))
		is(v, VERDICT_CRASHED, "%.*s", FACT(r, "oops"));
	else if (has(r, "timeout"))
		is(v, VERDICT_HUNG, "ended after %.*s s of guest time",
		   FACT(r, "timeout"));
	else if (has(r, "refused"))
		is(v, VERDICT_UNKNOWN, "not run: %.*s", FACT(r, "refused"));
	else if (r->watched)
		judge_silent_splat(r, v);
	else if (has(r, "signal"))
		is(v, VERDICT_FAILED, "the program was killed by signal %.*s",
		   FACT(r, "signal"));
	else if (!has(r, "exit"))
		is(v, VERDICT_UNKNOWN, "the program was never started");
	else if (str_eq(pair_get(r->result, "exit"), STR("0")))
		is(v, VERDICT_PASSED, "%s", "");
	else
		is(v, VERDICT_FAILED, "the program ended with code %.*s",
		   FACT(r, "exit"));
}

/* What the kernel printed after splat had judged, while the guest went down. */
static void overrule(const struct lab_run *r, struct lab_verdict *v)
{
	static const char *const keys[] = {
		"oops", "lockup", "kasan", "bad", "warning",
	};
	size_t i;

	if (v->verdict != VERDICT_CLEAN && v->verdict != VERDICT_PASSED)
		return;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (!has(r, keys[i]))
			continue;
		is(v, i ? VERDICT_FAILED : VERDICT_CRASHED, "%.*s",
		   FACT(r, keys[i]));
		return;
	}
}

static void name_failed(const struct lab_run *r, struct lab_verdict *v)
{
	char names[512];

	if (!r->output)
		return;
	output_failed(r->output, names, sizeof(names));
	if (names[0])
		add(v, "; failed: %s", names);
}

static void judge_done(const struct lab_run *r, struct lab_verdict *v)
{
	struct str word = pair_get(r->summary, "verdict");

	if (!word.n)
		judge_program(r, v);
	else if (!verdict_parse(word, &v->verdict))
		is(v, VERDICT_UNKNOWN, "splat's summary: %.*s: no such verdict",
		   (int)word.n, word.p);
	if (v->verdict == VERDICT_FAILED) {
		add_line(r, "oom", v);
		name_failed(r, v);
	}
	overrule(r, v);
}

static void judge_outcome(const struct lab_run *r, struct lab_verdict *v)
{
	struct str outcome = pair_get(r->result, "outcome");

	if (str_eq(outcome, STR("panic")))
		is(v, VERDICT_CRASHED, "%.*s", FACT(r, "panic"));
	else if (str_eq(outcome, STR("reset")))
		is(v, VERDICT_CRASHED, "the guest was reset");
	else if (str_eq(outcome, STR("hung")))
		judge_hung(r, v);
	else if (str_eq(outcome, STR("done")))
		judge_done(r, v);
	else if (str_eq(outcome, STR("off")))
		is(v, VERDICT_UNKNOWN, "the guest was powered off before %s",
		   has(r, "at_start") ? "the program ended" :
					"the program started");
	else if (str_eq(outcome, STR("interrupted")))
		is(v, VERDICT_UNKNOWN, "interrupted");
	else if (has(r, "emulator"))
		is(v, VERDICT_UNKNOWN, "the emulator failed: %.*s: see "
		   "%s/emulator.log", FACT(r, "emulator"), r->dir);
	else
		is(v, VERDICT_UNKNOWN, "the emulator failed: see "
		   "%s/emulator.log", r->dir);
}

static void take(char *dst, size_t size, struct str text, const char *key,
		 const char *none)
{
	struct str s = pair_get(text, key);

	copy(dst, size, s.n ? s : str_of(none));
}

#define TAKE(field, text, key, none) take(field, sizeof(field), text, key, none)

static unsigned long number(struct str text, const char *key)
{
	struct str s = pair_get(text, key);
	uint64_t n;

	return str_take_u64(&s, &n) ? n : 0;
}

/* Labrun and splat both count; the one that saw more is right. */
static void take_provoked(const struct lab_run *r, struct lab_verdict *v)
{
	struct str from = r->result;

	if (number(r->summary, "provoked") > number(r->result, "provoked"))
		from = r->summary;
	TAKE(v->provoked, from, "provoked", "");
	TAKE(v->provoked_in, from, "provoked_in", "");
}

void lab_judge(const struct lab_run *r, struct lab_verdict *v)
{
	memset(v, 0, sizeof(*v));
	TAKE(v->reason, r->summary, "reason", "");
	TAKE(v->ab, r->summary, "ab", "unknown");
	TAKE(v->ba, r->summary, "ba", "unknown");
	TAKE(v->lockdep, r->summary, "lockdep", "unknown");
	TAKE(v->signature, r->summary, "signature", "");
	TAKE(v->exit, pair_get(r->summary, "exit").n ? r->summary : r->result,
	     "exit", "");
	take_provoked(r, v);
	TAKE(v->seconds, r->result, "at_off", "");
	judge_outcome(r, v);
	v->code = verdict_exit(v->verdict, false);
}

void lab_verdict_write(FILE *f, const struct lab_verdict *v)
{
	pair_put(f, "verdict", "%s", verdict_name(v->verdict));
	pair_put(f, "code", "%d", v->code);
	pair_put(f, "reason", "%s", v->reason);
	pair_put(f, "ab", "%s", v->ab);
	pair_put(f, "ba", "%s", v->ba);
	pair_put(f, "lockdep", "%s", v->lockdep);
	pair_put(f, "signature", "%s", v->signature);
	pair_put(f, "exit", "%s", v->exit);
	pair_put(f, "provoked", "%s", v->provoked);
	pair_put(f, "provoked_in", "%s", v->provoked_in);
	pair_put(f, "seconds", "%s", v->seconds);
}

bool lab_verdict_read(struct str text, struct lab_verdict *v)
{
	memset(v, 0, sizeof(*v));
	if (!verdict_parse(pair_get(text, "verdict"), &v->verdict))
		return false;
	v->code = verdict_exit(v->verdict, false);
	TAKE(v->reason, text, "reason", "");
	TAKE(v->ab, text, "ab", "unknown");
	TAKE(v->ba, text, "ba", "unknown");
	TAKE(v->lockdep, text, "lockdep", "unknown");
	TAKE(v->signature, text, "signature", "");
	TAKE(v->exit, text, "exit", "");
	TAKE(v->provoked, text, "provoked", "");
	TAKE(v->provoked_in, text, "provoked_in", "");
	TAKE(v->seconds, text, "seconds", "");
	return true;
}
