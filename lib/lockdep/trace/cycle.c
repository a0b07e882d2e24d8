// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cycles among the edges of a trace, and how certain they are, see trace.h.
 *
 * Two edges can follow each other in a cycle only if the lock at the end of the
 * one and the lock at the start of the other are of one class, and the waiter
 * has to wait for the holder. So search for cycles in a graph whose nodes are
 * the edges: first with the certain pairs, then with all.
 */
#include <errno.h>
#include <stdlib.h>

#include "lockdep/graph/cycles.h"
#include "store.h"

/* Most cycles to keep. */
#define CYCLES_MAX	64

const char *trace_doubt_text(enum trace_doubt doubt)
{
	switch (doubt) {
	case TRACE_SURE:
		break;
	case TRACE_DOUBT_READERS:
		return "only readers, which may not exclude each other";
	case TRACE_DOUBT_CLASS:
		return "other locks of that name, perhaps of another class";
	case TRACE_DOUBT_SUBCLASS:
		return "other locks of that name, perhaps of another subclass";
	case TRACE_DOUBT_UNCHECKED:
		return "a class that lockdep does not check";
	case TRACE_DOUBT_LOST:
		return "events were lost, it may have been released before";
	}
	return "sure";
}

static bool share(const uint64_t *a, unsigned int nr_a, const uint64_t *b,
		  unsigned int nr_b)
{
	unsigned int i, k;

	for (i = 0; i < nr_a; i++)
		for (k = 0; k < nr_b; k++)
			if (a[i] == b[k])
				return true;
	return false;
}

/* Does the waiter at the end of @a wait for the holder at the start of @b? */
static enum trace_doubt doubt(const struct trace *t, const struct trace_edge *a,
			      const struct trace_edge *b)
{
	const struct trace_name *c = &t->classes[a->to];

	if (t->facts.lost_some || t->facts.stale)
		return TRACE_DOUBT_LOST;
	if (c->unchecked)
		return TRACE_DOUBT_UNCHECKED;
	if (a->to_read && b->from_read && !c->readers_wait)
		return TRACE_DOUBT_READERS;
	if (c->c.gmem || c->addr)
		return TRACE_SURE;
	/* Memory is reused: an address can have been another lock's before. */
	if (c->c.several)
		return TRACE_DOUBT_CLASS;
	if (share(a->taken, a->nr_taken, b->held, b->nr_held))
		return TRACE_SURE;
	if (!c->c.listed)
		return TRACE_DOUBT_CLASS;
	return c->c.subclasses ? TRACE_DOUBT_SUBCLASS : TRACE_SURE;
}

/* A reader that may recurse never waits for readers: no edge into it. */
static bool waits(const struct trace *t, const struct trace_edge *e)
{
	return e->from != e->to &&
	       !(e->to_read && t->classes[e->to].readers_recurse);
}

/* The edges as the nodes of a graph, sorted by the class they start from. */
struct search {
	struct trace *t;
	unsigned int *by_from;	/* edges, sorted */
	unsigned int *first;	/* of each class in by_from, and the end */
	bool *use;
	struct lock_graph g;
};

static void sort_edges(struct search *s)
{
	const struct trace *t = s->t;
	unsigned int i, sum = 0;

	for (i = 0; i < t->nr_edges; i++)
		s->first[t->edges[i].from + 1]++;
	for (i = 0; i <= t->nr_classes; i++)
		sum = s->first[i] += sum;
	for (i = t->nr_edges; i--;)
		s->by_from[--s->first[t->edges[i].from + 1]] = i;
	/* Now the edges of c begin at first[c + 1]. */
	memmove(s->first, s->first + 1, t->nr_classes * sizeof(*s->first));
	s->first[t->nr_classes] = t->nr_edges;
}

/* Find the edges that are on cycles of classes at all. */
static int find_candidates(struct search *s)
{
	struct lock_graph *g = &s->g;
	const struct trace *t = s->t;
	struct lock_cycles c;
	unsigned int i, k;
	int err;

	g->nr_classes = t->nr_classes;
	for (i = 0; i < t->nr_classes; i++) {
		g->classes[i].name = str_of(t->classes[i].text);
		g->classes[i].first_edge = g->nr_edges;
		for (k = s->first[i]; k < s->first[i + 1]; k++)
			if (waits(t, &t->edges[s->by_from[k]]))
				g->edges[g->nr_edges++] =
					t->edges[s->by_from[k]].to;
		g->classes[i].nr_edges = g->nr_edges -
					 g->classes[i].first_edge;
	}
	err = lock_cycles_find(&c, g);
	for (i = 0; !err && i < t->nr_edges; i++)
		s->use[i] = waits(t, &t->edges[i]) &&
			    lock_cycles_edge(&c, t->edges[i].from,
					     t->edges[i].to);
	if (!err)
		lock_cycles_free(&c);
	return err;
}

static size_t count_pairs(const struct search *s)
{
	const struct trace *t = s->t;
	unsigned int i;
	size_t n = 0;

	for (i = 0; i < t->nr_edges; i++)
		if (s->use[i])
			n += s->first[t->edges[i].to + 1] -
			     s->first[t->edges[i].to];
	return n;
}

/* Nodes are edges; with @sure only pairs without a doubt. */
static void make_pairs(struct search *s, bool sure)
{
	struct lock_graph *g = &s->g;
	const struct trace *t = s->t;
	unsigned int i, k;

	g->nr_edges = 0;
	g->nr_classes = t->nr_edges;
	for (i = 0; i < t->nr_edges; i++) {
		const struct trace_edge *e = &t->edges[i];

		g->classes[i].name = str_of(t->classes[e->from].text);
		g->classes[i].first_edge = g->nr_edges;
		for (k = s->first[e->to]; s->use[i] && k < s->first[e->to + 1];
		     k++) {
			unsigned int next = s->by_from[k];

			if (s->use[next] &&
			    (!sure || !doubt(t, e, &t->edges[next])))
				g->edges[g->nr_edges++] = next;
		}
		g->classes[i].nr_edges = g->nr_edges -
					 g->classes[i].first_edge;
	}
}

static void judge(const struct trace *t, struct trace_cycle *c)
{
	unsigned int i;

	for (i = 0; i < c->nr_edges && !c->doubt; i++) {
		const struct trace_edge *e = &t->edges[c->edges[i]];

		c->doubt = doubt(t, e,
				 &t->edges[c->edges[(i + 1) % c->nr_edges]]);
		c->doubted = e->to;
	}
}

static void add_cycle(struct trace *t, const unsigned int *edges,
		      unsigned int n)
{
	struct trace_cycle *c = &t->cycles[t->nr_cycles];
	unsigned int i;

	if (n > TRACE_CYCLE_MAX || t->nr_cycles == CYCLES_MAX)
		return;
	memset(c, 0, sizeof(*c));
	for (i = 0; i < n; i++)
		c->edges[i] = edges[i];
	c->nr_edges = n;
	judge(t, c);
	t->nr_cycles++;
}

static int find_cycles(struct search *s, bool sure)
{
	struct lock_cycles c;
	unsigned int i;
	int err;

	make_pairs(s, sure);
	err = lock_cycles_find(&c, &s->g);
	for (i = 0; !err && i < c.nr_components; i++)
		add_cycle(s->t, c.components[i].cycle,
			  c.components[i].nr_cycle);
	/* Do not report an edge of a certain cycle again as a doubtful one. */
	for (i = 0; !err && i < s->t->nr_edges; i++)
		s->use[i] = s->use[i] && !c.of_class[i];
	if (!err)
		lock_cycles_free(&c);
	return err;
}

static int search(struct search *s)
{
	unsigned int *edges;
	int err;

	sort_edges(s);
	err = find_candidates(s);
	if (err)
		return err;
	edges = realloc(s->g.edges, (count_pairs(s) + 1) * sizeof(*edges));
	if (!edges)
		return -ENOMEM;
	s->g.edges = edges;
	err = find_cycles(s, true);
	return err ? err : find_cycles(s, false);
}

int trace_find_cycles(struct trace *t)
{
	size_t nodes = (t->nr_edges > t->nr_classes ? t->nr_edges :
						      t->nr_classes) + 1;
	struct search s = {
		.t = t,
		.by_from = calloc(nodes, sizeof(*s.by_from)),
		.first = calloc(t->nr_classes + 2, sizeof(*s.first)),
		.use = calloc(nodes, sizeof(*s.use)),
	};
	int err = -ENOMEM;

	s.g.classes = calloc(nodes, sizeof(*s.g.classes));
	s.g.edges = calloc(nodes, sizeof(*s.g.edges));
	t->cycles = calloc(CYCLES_MAX, sizeof(*t->cycles));
	if (s.by_from && s.first && s.use && s.g.classes && s.g.edges &&
	    t->cycles)
		err = search(&s);
	free(s.by_from);
	free(s.first);
	free(s.use);
	lock_graph_free(&s.g);
	return err;
}
