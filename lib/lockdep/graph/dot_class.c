// SPDX-License-Identifier: GPL-2.0-only
/*
 * Draw the classes around a class, see dot.h: on its left those held when it
 * was taken, on its right those taken while it was held. Pure.
 */
#include <errno.h>
#include <stdlib.h>

#include "lockdep/graph/dot.h"

#define FAR	(~0U)

struct around {
	FILE *f;
	struct dot_class *d;
	unsigned int *after;	/* edges from the center, or FAR */
	unsigned int *before;	/* edges to the center */
	bool *drawn;
	unsigned int nr_drawn;
};

/* One round: the classes one edge further than @depth. */
static void spread(const struct around *a, unsigned int *dist, bool forward,
		   unsigned int depth)
{
	const struct lock_graph *g = a->d->g;
	unsigned int i, e;

	for (i = 0; i < g->nr_classes; i++) {
		const struct lock_class *c = &g->classes[i];

		for (e = c->first_edge; e < c->first_edge + c->nr_edges; e++) {
			unsigned int to = g->edges[e];

			if (to >= g->nr_classes)
				continue;
			if (forward && dist[i] == depth && dist[to] == FAR)
				dist[to] = depth + 1;
			if (!forward && dist[to] == depth && dist[i] == FAR)
				dist[i] = depth + 1;
		}
	}
}

static void measure(struct around *a)
{
	unsigned int i, n = a->d->g->nr_classes;

	for (i = 0; i < n; i++)
		a->after[i] = a->before[i] = a->d->center[i] ? 0 : FAR;
	for (i = 0; i < a->d->depth; i++) {
		spread(a, a->after, true, i);
		spread(a, a->before, false, i);
	}
}

static void draw_node(struct around *a, unsigned int i)
{
	struct str name = a->d->g->classes[i].name;

	a->drawn[i] = true;
	a->nr_drawn++;
	dot_node(a->f, i, name,
		 a->d->gmem.n && lock_name_is(name, a->d->gmem),
		 a->d->center[i] ? " penwidth=2.5 fontsize=15" : "");
}

/* The nearest first, up to the maximum. */
static void draw_nodes(struct around *a)
{
	unsigned int i, dist;

	for (dist = 0; dist <= a->d->depth; dist++) {
		for (i = 0; i < a->d->g->nr_classes; i++) {
			if (a->after[i] != dist && a->before[i] != dist)
				continue;
			if (a->drawn[i])
				continue;
			if (dist && a->nr_drawn >= a->d->max)
				a->d->left_out++;
			else
				draw_node(a, i);
		}
	}
}

/* Does the edge lead away from the center, towards it, or round a cycle? */
static bool leads_on(const struct around *a, unsigned int from, unsigned int to)
{
	if (!a->drawn[from] || !a->drawn[to])
		return false;
	return (a->after[from] != FAR && a->after[to] == a->after[from] + 1) ||
	       (a->before[to] != FAR && a->before[from] == a->before[to] + 1) ||
	       lock_cycles_edge(a->d->cycles, from, to);
}

static void draw_edges(const struct around *a)
{
	const struct lock_graph *g = a->d->g;
	unsigned int i, e;

	for (i = 0; i < g->nr_classes; i++) {
		const struct lock_class *c = &g->classes[i];

		for (e = c->first_edge; e < c->first_edge + c->nr_edges; e++) {
			unsigned int to = g->edges[e];

			if (to >= g->nr_classes || !leads_on(a, i, to))
				continue;
			fprintf(a->f, "  n%u -> n%u%s;\n", i, to,
				lock_cycles_edge(a->d->cycles, i, to) ?
				" [" DOT_RED "]" : "");
		}
	}
}

static void legend(const struct around *a)
{
	fputs("  label=\"\\n", a->f);
	dot_text(a->f, str_of(a->d->title), 200);
	if (a->d->left_out)
		fprintf(a->f, "; %u more classes are not drawn",
			a->d->left_out);
	fputs("\\lA > B: B was taken while A was held. Red: part of a potential"
	      " cycle.\\l\";\n", a->f);
}

int dot_class(FILE *f, struct dot_class *d)
{
	size_t n = d->g->nr_classes;
	struct around a = {
		.f = f,
		.d = d,
		.after = calloc(n + 1, sizeof(*a.after)),
		.before = calloc(n + 1, sizeof(*a.before)),
		.drawn = calloc(n + 1, sizeof(*a.drawn)),
	};
	bool ok = a.after && a.before && a.drawn;

	d->left_out = 0;
	if (ok) {
		measure(&a);
		dot_begin(f);
		draw_nodes(&a);
		draw_edges(&a);
		legend(&a);
		dot_end(f);
	}
	free(a.after);
	free(a.before);
	free(a.drawn);
	return ok ? 0 : -ENOMEM;
}
