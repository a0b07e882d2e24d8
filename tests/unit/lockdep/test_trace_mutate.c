// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recorded traces, tests/golden/trace, whole and damaged. A damaged trace is
 * never complete without the cycle that it had; if lines are missing it is
 * never complete.
 */
#include <stdlib.h>

#include "golden.h"
#include "lockdep/trace/trace.h"
#include "unit.h"

/* The result of a trace. */
struct outcome {
	bool complete;
	unsigned int sure;
	enum edge_state ab;
	enum edge_state ba;
	unsigned int edges;
	unsigned int with_func;
};

static struct outcome end(struct trace *t)
{
	struct outcome o = { };
	struct trace_watch w;
	char buf[256];
	unsigned int i;

	CHECK_EQ(trace_end(t, NULL, false), 0);
	trace_watch(t, &w);
	o.complete = !trace_incomplete(t, buf, sizeof(buf));
	for (i = 0; i < trace_nr_cycles(t); i++)
		o.sure += !trace_cycle(t, i)->doubt;
	o.ab = w.ab_state;
	o.ba = w.ba_state;
	o.edges = trace_nr_edges(t);
	for (i = 0; i < o.edges; i++)
		o.with_func += !!trace_edge(t, i)->func;
	trace_free(t);
	return o;
}

static struct outcome outcome(struct str s, size_t step)
{
	struct trace *t = trace_new();

	while (s.n) {
		struct str piece = str_head(s, step ? step : s.n);

		trace_feed(t, piece.p, piece.n);
		s = str_skip(s, piece.n);
	}
	return end(t);
}

/* Replace the bytes from @at to @to by @put. */
static struct outcome without(struct str s, size_t at, size_t to,
			      struct str put)
{
	struct trace *t = trace_new();

	trace_feed(t, s.p, at);
	trace_feed(t, put.p, put.n);
	trace_feed(t, s.p + to, s.n - to);
	return end(t);
}

static struct str load(const char *name)
{
	char path[4096];
	struct str s;

	snprintf(path, sizeof(path), "%s/trace/%s-7.3.4.txt", golden_dir(),
		 name);
	s.n = 0;
	s.p = golden_slurp(path, &s.n);
	CHECK(s.p && s.n);
	return s;
}

/* The control: whole traces are complete. */
static void whole(void)
{
	struct str with_bugs = load("two_vms-ab-ba");
	struct str pristine = load("two_vms-pristine");
	struct str stacks = load("stacks");
	size_t steps[] = { 0, 1, 7, 4096 }, i;
	struct outcome o;

	for (i = 0; i < 4; i++) {
		o = outcome(with_bugs, steps[i]);
		CHECK(o.complete && o.ab == EDGE_YES && o.ba == EDGE_YES);
		CHECK_EQ(o.sure, 1);
		o = outcome(pristine, steps[i]);
		CHECK(o.complete && o.ab == EDGE_NO && o.ba == EDGE_NO);
		CHECK_EQ(o.sure, 0);
		o = outcome(stacks, steps[i]);
		CHECK(o.complete && o.edges && o.with_func == o.edges);
	}
	free((void *)with_bugs.p);
	free((void *)pristine.p);
	free((void *)stacks.p);
}

static void each_line(void (*fn)(struct str s, size_t at, size_t to))
{
	static const char *const names[] = {
		"two_vms-ab-ba", "two_vms-pristine",
	};
	size_t i, at;

	for (i = 0; i < 2; i++) {
		struct str s = load(names[i]);

		for (at = 0; at < s.n;) {
			size_t to = (char *)memchr(s.p + at, '\n', s.n - at) -
				    s.p + 1;

			if (s.p[at] != '#' || to == s.n)
				fn(s, at, to);
			at = to;
		}
		free((void *)s.p);
	}
}

static void drop(struct str s, size_t at, size_t to)
{
	CHECK(!without(s, at, to, STR("")).complete);
}

static void line_dropped(void)
{
	each_line(drop);
}

/* Also without a newline: then two lines are one. */
static void cut(struct str s, size_t at, size_t to)
{
	CHECK(!without(s, to - 1, s.n, STR("")).complete);
	CHECK(!without(s, at + (to - at) / 2, s.n, STR("")).complete);
	if (to < s.n)
		CHECK(!without(s, to - 1, to, STR("")).complete);
}

static void tail_cut(void)
{
	each_line(cut);
}

static void weave(struct str s, size_t at, size_t to)
{
	CHECK(!without(s, at, at, STR("what is this\n")).complete);
	CHECK(!without(s, at, at, STR("\0\n")).complete);
	CHECK(!without(s, at, at, STR("CPU:1 [LOST EVENTS]\n")).complete);
	CHECK(!without(s, at, to, STR("CPU:1 [LOST 1 EVENTS]\n")).complete);
}

static void garbage_between(void)
{
	each_line(weave);
}

/* The same event twice. */
static void twice(struct str s, size_t at, size_t to)
{
	CHECK(!without(s, at, at, str_head(str_skip(s, at), to - at)).complete);
}

static void line_repeated(void)
{
	each_line(twice);
}

static uint64_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return *state >> 33;
}

/* Some bytes do not matter, but the cycle must not be lost. */
static void random_bytes(void)
{
	struct str with_bugs = load("two_vms-ab-ba");
	uint64_t state = 1;
	unsigned int i;

	for (i = 0; i < 2000; i++) {
		size_t at = next_random(&state) % with_bugs.n;
		char byte = next_random(&state);
		struct outcome o = without(with_bugs, at, at + 1,
					   (struct str){ &byte, 1 });

		CHECK(!o.complete || o.sure == 1);
	}
	free((void *)with_bugs.p);
}

/* Many bytes at once: no crash, no endless loop. */
static void noise(void)
{
	struct str with_bugs = load("two_vms-ab-ba");
	uint64_t state = 2;
	unsigned int i, k;

	for (i = 0; i < 300; i++) {
		char *p = memcpy(malloc(with_bugs.n), with_bugs.p, with_bugs.n);

		for (k = 0; k < 1 + (i % 500); k++)
			p[next_random(&state) % with_bugs.n] =
				" \n0123456789abcdef/=>[]#"[
					next_random(&state) % 24];
		outcome((struct str){ p, with_bugs.n }, 1 + i);
		free(p);
	}
	free((void *)with_bugs.p);
}

UNIT_MAIN(
	{ "whole", whole },
	{ "line_dropped", line_dropped },
	{ "tail_cut", tail_cut },
	{ "garbage_between", garbage_between },
	{ "line_repeated", line_repeated },
	{ "random_bytes", random_bytes },
	{ "noise", noise },
)
