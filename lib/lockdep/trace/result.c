// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a trace shows after trace_end(): whether it is complete, its classes,
 * edges and cycles, and guest_memfd's two edges; see trace.h.
 */
#include <stdio.h>

#include "store.h"

static const char *odd(const struct trace *t, char *buf, size_t size,
		       unsigned long long n, const char *what)
{
	snprintf(buf, size, "%llu %s, the first of %s", n, what, t->facts.odd);
	return buf;
}

const char *trace_incomplete(const struct trace *t, char *buf, size_t size)
{
	const struct trace_facts *f = &t->facts;

	if (f->full)
		return "it is too large to follow, or memory ran out";
	if (f->lost_some)
		snprintf(buf, size, "%llu events were lost", f->lost);
	else if (f->garbage)
		snprintf(buf, size, "%llu of %llu lines are no lines of a "
			 "trace", f->garbage, f->lines);
	else if (!f->has_count)
		return "its last line, the number of its events, is missing";
	else if (f->expected != f->events)
		snprintf(buf, size, "it has %llu events of %llu", f->events,
			 f->expected);
	else if (!f->exec)
		return "the start of the command is not in it";
	else if (f->no_address)
		return "the kernel did not print the locks' addresses";
	else if (f->stale)
		return odd(t, buf, size, f->stale, "locks were taken while "
			   "held");
	else if (f->strays)
		return odd(t, buf, size, f->strays, "locks were released that "
			   "had not been taken");
	else if (f->left)
		return odd(t, buf, size, f->left, "locks were never released");
	else
		return NULL;
	return buf;
}

const struct trace_facts *trace_facts(const struct trace *t)
{
	return &t->facts;
}

unsigned int trace_nr_classes(const struct trace *t)
{
	return t->nr_classes;
}

const struct trace_class *trace_class(const struct trace *t, unsigned int i)
{
	return &t->classes[i].c;
}

unsigned int trace_nr_edges(const struct trace *t)
{
	return t->nr_edges;
}

const struct trace_edge *trace_edge(const struct trace *t, unsigned int i)
{
	return &t->edges[i];
}

unsigned int trace_nr_cycles(const struct trace *t)
{
	return t->nr_cycles;
}

const struct trace_cycle *trace_cycle(const struct trace *t, unsigned int i)
{
	return &t->cycles[i];
}

/* A direct edge is better, then the one that was seen more often. */
static bool better(const struct trace *t, int old, const struct trace_edge *e)
{
	const struct trace_edge *o = old < 0 ? NULL : &t->edges[old];

	if (!o || o->direct != e->direct)
		return !o || e->direct;
	return e->count > o->count;
}

static enum edge_state state(const struct trace *t, const struct trace_watch *w,
			     int edge)
{
	char buf[128];

	/* A lock whose release was lost only appears to be held. */
	if (edge >= 0)
		return t->facts.lost_some || t->facts.stale ? EDGE_UNKNOWN :
							      EDGE_YES;
	return w->gmem && w->mm && !trace_incomplete(t, buf, sizeof(buf)) ?
	       EDGE_NO : EDGE_UNKNOWN;
}

void trace_watch(const struct trace *t, struct trace_watch *w)
{
	unsigned int i;

	memset(w, 0, sizeof(*w));
	w->ab = w->ba = w->suspect = -1;
	for (i = 0; i < t->nr_classes; i++) {
		w->gmem |= t->classes[i].c.gmem;
		w->mm |= trace_is(t, i, STR(MMAP_LOCK));
	}
	for (i = 0; i < t->nr_edges; i++) {
		const struct trace_edge *e = &t->edges[i];
		bool to_mm = trace_is(t, e->to, STR(MMAP_LOCK));
		bool from_mm = trace_is(t, e->from, STR(MMAP_LOCK));

		if (t->classes[e->from].c.gmem && to_mm &&
		    better(t, w->ab, e))
			w->ab = i;
		if (from_mm && t->classes[e->to].c.gmem && better(t, w->ba, e))
			w->ba = i;
		if (to_mm && w->suspect < 0 && !t->classes[e->from].c.gmem &&
		    trace_is(t, e->from, STR(GMEM_LOCK)))
			w->suspect = i;
	}
	w->ab_state = state(t, w, w->ab);
	w->ba_state = state(t, w, w->ba);
}
