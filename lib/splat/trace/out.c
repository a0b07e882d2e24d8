// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verdict on a trace, and printing it, see out.h.
 */
#include "splat/trace/out.h"

/* Print so many doubtful cycles; JSON has all. */
#define DOUBTFUL_PRINTED	5

static const char *const names[] = {
	[TRACE_NO_CYCLE]	= "NO CYCLE",
	[TRACE_CYCLE]		= "CYCLE",
	[TRACE_FORBIDDEN]	= "EDGE",
	[TRACE_CANNOT_TELL]	= "UNKNOWN",
};

int trace_exit(enum trace_verdict verdict)
{
	switch (verdict) {
	case TRACE_NO_CYCLE:
		return EXIT_CLEAN;
	case TRACE_CYCLE:
	case TRACE_FORBIDDEN:
		return EXIT_BAD;
	case TRACE_CANNOT_TELL:
		break;
	}
	return EXIT_UNKNOWN;
}

/* Is guest_memfd's lock, or one that can be, on the cycle? */
static bool is_watched(const struct trace *t, const struct trace_cycle *c)
{
	unsigned int i;

	for (i = 0; i < c->nr_edges; i++) {
		const char *name =
			trace_class(t, trace_edge(t, c->edges[i])->to)->name;

		if (str_starts(str_of(name), STR(GMEM_LOCK)))
			return true;
	}
	return false;
}

static unsigned int count_sure(const struct trace *t)
{
	unsigned int i, n = 0;

	for (i = 0; i < trace_nr_cycles(t); i++)
		n += !trace_cycle(t, i)->doubt;
	return n;
}

static bool watched_doubt(const struct trace *t)
{
	unsigned int i;

	for (i = 0; i < trace_nr_cycles(t); i++)
		if (trace_cycle(t, i)->doubt &&
		    is_watched(t, trace_cycle(t, i)))
			return true;
	return false;
}

void trace_judge(struct trace_result *r)
{
	const struct trace *t = r->trace;
	const char *why;
	char buf[256];

	trace_watch(t, &r->watch);
	r->verdict = TRACE_CANNOT_TELL;
	why = trace_incomplete(t, buf, sizeof(buf));
	if (count_sure(t))
		r->verdict = TRACE_CYCLE;
	else if (r->watch.ab_state == EDGE_YES)
		r->verdict = TRACE_FORBIDDEN;
	else if (why)
		snprintf(r->reason, sizeof(r->reason),
			 "the trace is not complete: %s", why);
	else if (child_failed(r->child, buf, sizeof(buf)))
		snprintf(r->reason, sizeof(r->reason), "%s", buf);
	else if (r->watch.suspect >= 0)
		snprintf(r->reason, sizeof(r->reason), "AB of a lock that may "
			 "be guest_memfd's");
	else if (watched_doubt(t))
		snprintf(r->reason, sizeof(r->reason), "a doubtful cycle of "
			 "guest_memfd's lock");
	else
		r->verdict = TRACE_NO_CYCLE;
}

static void edge_ends(FILE *f, const struct trace *t,
		      const struct trace_edge *e)
{
	fprintf(f, "%s%s > %s%s", trace_class(t, e->from)->name,
		e->from_read ? " (read)" : "", trace_class(t, e->to)->name,
		e->to_read ? " (read)" : "");
}

static void edge_line(FILE *f, const struct trace *t,
		      const struct trace_edge *e)
{
	edge_ends(f, t, e);
	fprintf(f, ", %llu times%s%s%s\n", e->count,
		e->direct ? "" : ", with others in between",
		e->func ? ", first by " : "", e->func ? e->func : "");
}

static void watch_line(FILE *f, const struct trace_result *r,
		       const char *label, enum edge_state state, int edge)
{
	fprintf(f, "  %-10s %s", label, edge_state_name(state));
	if (edge < 0) {
		putc('\n', f);
		return;
	}
	fputs("  ", f);
	edge_line(f, r->trace, trace_edge(r->trace, edge));
}

static void cycle_lines(FILE *f, const struct trace *t,
			const struct trace_cycle *c)
{
	unsigned int i;

	for (i = 0; i < c->nr_edges; i++) {
		fprintf(f, "  %-10s ", i ? "" : c->doubt ? "perhaps" : "cycle");
		edge_line(f, t, trace_edge(t, c->edges[i]));
	}
	if (c->doubt)
		fprintf(f, "  %-10s not certain: %s: %s\n", "",
			trace_class(t, c->doubted)->name,
			trace_doubt_text(c->doubt));
}

static void cycles_text(FILE *f, const struct trace *t)
{
	unsigned int i, doubtful = 0;

	for (i = 0; i < trace_nr_cycles(t); i++) {
		const struct trace_cycle *c = trace_cycle(t, i);

		doubtful += !!c->doubt;
		if (!c->doubt || doubtful <= DOUBTFUL_PRINTED ||
		    is_watched(t, c))
			cycle_lines(f, t, c);
	}
	if (doubtful > DOUBTFUL_PRINTED)
		fprintf(f, "  %-10s %u in all that are not certain: see "
			"--json\n", "", doubtful);
}

void trace_text(FILE *f, const struct trace_result *r)
{
	const struct trace_facts *facts = trace_facts(r->trace);
	const struct trace *t = r->trace;
	const char *why;
	char buf[256];
	unsigned int i;

	fprintf(f, "splat: %s%s%s\n", names[r->verdict],
		r->reason[0] ? ": " : "", r->reason);
	watch_line(f, r, "AB", r->watch.ab_state, r->watch.ab);
	watch_line(f, r, "BA", r->watch.ba_state, r->watch.ba);
	if (r->watch.suspect >= 0)
		watch_line(f, r, "like AB", EDGE_UNKNOWN, r->watch.suspect);
	cycles_text(f, t);
	for (i = 0; r->all_edges && i < trace_nr_edges(t); i++) {
		fprintf(f, "  %-10s ", "edge");
		edge_line(f, t, trace_edge(t, i));
	}
	if (!r->watch.gmem)
		fprintf(f, "  %-10s no lock of a guest_memfd was taken\n",
			"note");
	why = trace_incomplete(t, buf, sizeof(buf));
	if (why && r->verdict != TRACE_CANNOT_TELL)
		fprintf(f, "  %-10s there may be more: %s\n", "note", why);
	if (r->verdict != TRACE_CANNOT_TELL &&
	    child_failed(r->child, buf, sizeof(buf)))
		fprintf(f, "  %-10s %s\n", "note", buf);
	fprintf(f, "  %-10s %llu events of %u tasks, %u edges between %u "
		"names\n", "trace", facts->events, facts->tasks,
		trace_nr_edges(t), trace_nr_classes(t));
}

static void json_edge(struct json *j, const char *key, const struct trace *t,
		      const struct trace_edge *e)
{
	json_object(j, key);
	json_string(j, "from", trace_class(t, e->from)->name);
	json_string(j, "from_mode", e->from_read ? "read" : "write");
	json_string(j, "to", trace_class(t, e->to)->name);
	json_string(j, "to_mode", e->to_read ? "read" : "write");
	json_bool(j, "direct", e->direct);
	json_number(j, "count", e->count);
	json_number(j, "first_line", e->line);
	json_number(j, "pid", e->pid);
	json_string(j, "func", e->func);
	json_object_end(j);
}

static void json_watch(struct json *j, const char *key,
		       const struct trace_result *r, enum edge_state state,
		       int edge)
{
	json_object(j, key);
	json_string(j, "state", edge_state_name(state));
	if (edge < 0)
		json_null(j, "edge");
	else
		json_edge(j, "edge", r->trace, trace_edge(r->trace, edge));
	json_object_end(j);
}

static void json_cycle(struct json *j, const struct trace *t,
		       const struct trace_cycle *c)
{
	unsigned int i;

	json_object(j, NULL);
	json_bool(j, "certain", !c->doubt);
	json_string(j, "doubt", c->doubt ? trace_doubt_text(c->doubt) : NULL);
	json_string(j, "doubted",
		    c->doubt ? trace_class(t, c->doubted)->name : NULL);
	json_array(j, "edges");
	for (i = 0; i < c->nr_edges; i++)
		json_edge(j, NULL, t, trace_edge(t, c->edges[i]));
	json_array_end(j);
	json_object_end(j);
}

static void json_counts(struct json *j, const struct trace_facts *f)
{
	json_object(j, "trace");
	json_number(j, "events", f->events);
	json_number(j, "lost", f->lost);
	json_number(j, "tasks", f->tasks);
	json_number(j, "nested", f->nested);
	json_number(j, "strays", f->strays);
	json_number(j, "stale", f->stale);
	json_number(j, "left", f->left);
	json_object_end(j);
}

void trace_json(FILE *f, const struct trace_result *r)
{
	const struct trace *t = r->trace;
	struct json j;
	char buf[256];
	unsigned int i;

	json_init(&j, f);
	json_object(&j, NULL);
	json_string(&j, "verdict", names[r->verdict]);
	json_string(&j, "reason", r->reason[0] ? r->reason : NULL);
	json_bool(&j, "complete", !trace_incomplete(t, buf, sizeof(buf)));
	json_watch(&j, "ab", r, r->watch.ab_state, r->watch.ab);
	json_watch(&j, "ba", r, r->watch.ba_state, r->watch.ba);
	json_bool(&j, "guest_memfd", r->watch.gmem);
	json_counts(&j, trace_facts(t));
	json_array(&j, "cycles");
	for (i = 0; i < trace_nr_cycles(t); i++)
		json_cycle(&j, t, trace_cycle(t, i));
	json_array_end(&j);
	json_array(&j, "edges");
	for (i = 0; i < trace_nr_edges(t); i++)
		json_edge(&j, NULL, t, trace_edge(t, i));
	json_array_end(&j);
	json_object_end(&j);
	putc('\n', f);
}
