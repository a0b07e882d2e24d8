// SPDX-License-Identifier: GPL-2.0-only
/*
 * All paths between classes, see paths.h: depth-first, for one length after the
 * other, turning back where no end can be reached. Pure.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "lockdep/graph/paths.h"

/* Most edges to follow: the number of paths can be huge. */
#define TRIES_MAX	(8 << 20)

#define OUT_OF_REACH	UINT_MAX

struct walk {
	struct lock_path_search *search;
	const struct lock_graph *g;
	const bool *from;
	const bool *to;
	unsigned int *left;	/* edges to the nearest end */
	unsigned int *path;
	unsigned int *edge;	/* of path[i], the next one to follow */
	bool *on_path;
	unsigned int n;
	unsigned int length;	/* of the paths looked for, in edges */
	bool deeper;		/* a longer path is possible */
	bool stop;
	unsigned long tries;
};

struct reverse {
	unsigned int *first;	/* edges into i: first[i] to first[i + 1] */
	unsigned int *from;
};

static void reverse_fill(const struct lock_graph *g, struct reverse *r)
{
	unsigned int i, e, n = g->nr_classes;

	for (e = 0; e < g->nr_edges; e++)
		if (g->edges[e] < n)
			r->first[g->edges[e] + 2]++;
	for (i = 2; i < n + 2; i++)
		r->first[i] += r->first[i - 1];
	for (i = 0; i < n; i++) {
		const struct lock_class *c = &g->classes[i];

		for (e = c->first_edge; e < c->first_edge + c->nr_edges; e++)
			if (g->edges[e] < n)
				r->from[r->first[g->edges[e] + 1]++] = i;
	}
}

/* The distance of each class to the nearest end: breadth first, backwards. */
static void measure(struct walk *w, const struct reverse *r,
		    unsigned int *queue)
{
	unsigned int i, e, head = 0, tail = 0;

	for (i = 0; i < w->g->nr_classes; i++) {
		w->left[i] = w->to[i] ? 0 : OUT_OF_REACH;
		if (w->to[i])
			queue[tail++] = i;
	}
	while (head < tail) {
		i = queue[head++];
		for (e = r->first[i]; e < r->first[i + 1]; e++) {
			unsigned int prev = r->from[e];

			if (w->left[prev] != OUT_OF_REACH)
				continue;
			w->left[prev] = w->left[i] + 1;
			queue[tail++] = prev;
		}
	}
}

static void push(struct walk *w, unsigned int i)
{
	w->path[w->n] = i;
	w->edge[w->n++] = 0;
	w->on_path[i] = true;
}

static void arrive(struct walk *w, unsigned int end)
{
	if (w->n != w->length)
		return;
	w->path[w->n] = end;
	w->stop = !w->search->fn(w->path, w->n + 1, w->search->arg);
}

/* Follow the next edge of the last class on the path, or remove that class. */
static void step(struct walk *w)
{
	unsigned int i = w->path[w->n - 1], next;
	const struct lock_class *c = &w->g->classes[i];

	if (w->edge[w->n - 1] == c->nr_edges) {
		w->on_path[i] = false;
		w->n--;
		return;
	}
	w->tries++;
	next = w->g->edges[c->first_edge + w->edge[w->n - 1]++];
	if (next >= w->g->nr_classes || w->left[next] == OUT_OF_REACH)
		return;
	if (w->to[next]) {
		arrive(w, next);
		return;
	}
	if (w->on_path[next] || w->from[next])
		return;
	/* n edges lead to @next. */
	if (w->n + w->left[next] > w->length)
		w->deeper = true;
	else
		push(w, next);
}

static void paths_of_length(struct walk *w)
{
	unsigned int i;

	w->deeper = false;
	for (i = 0; i < w->g->nr_classes; i++) {
		if (!w->from[i])
			continue;
		push(w, i);
		while (w->n && !w->stop && w->tries < TRIES_MAX)
			step(w);
		while (w->n)
			w->on_path[w->path[--w->n]] = false;
	}
}

static void all_paths(struct walk *w)
{
	do {
		w->length++;
		paths_of_length(w);
	} while (w->deeper && !w->stop && w->tries < TRIES_MAX);
	w->search->gave_up = w->tries >= TRIES_MAX && !w->stop;
}

int lock_graph_all_paths(struct lock_path_search *search,
			 const struct lock_graph *g, const bool *from,
			 const bool *to)
{
	size_t n = g->nr_classes;
	unsigned int *arrays = calloc(5 * n + g->nr_edges + 8, sizeof(*arrays));
	struct walk w = { .search = search, .g = g, .from = from, .to = to };
	struct reverse r;

	search->gave_up = false;
	w.on_path = calloc(n + 1, sizeof(*w.on_path));
	if (arrays && w.on_path) {
		w.left = arrays;
		w.path = arrays + n;
		w.edge = arrays + 2 * n + 1;
		r.first = arrays + 3 * n + 1;
		r.from = arrays + 4 * n + 3;
		reverse_fill(g, &r);
		/* The path is not used before the walk. */
		measure(&w, &r, w.path);
		all_paths(&w);
	}
	free(w.on_path);
	free(arrays);
	return w.left ? 0 : -ENOMEM;
}
