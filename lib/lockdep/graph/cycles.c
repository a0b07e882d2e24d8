// SPDX-License-Identifier: GPL-2.0-only
/*
 * Potential cycles, see cycles.h: strongly connected components by Tarjan's
 * algorithm, without recursion, then the shortest cycle of each by
 * breadth-first searches within it. Pure.
 */
#include <errno.h>
#include <stdlib.h>

#include "lockdep/graph/cycles.h"

/*
 * Most edges to follow for shortest cycles, small components first: more than
 * any real graph needs, and a bound for hostile ones.
 */
#define WORK_MAX	(16 << 20)

struct walk {
	const struct lock_graph *g;
	struct lock_cycles *c;
	unsigned int *index;	/* classes in the order reached, from 1 */
	unsigned int *low;
	unsigned int *edge;	/* the next one to follow */
	unsigned int *stack;	/* reached, but in no component yet */
	unsigned int *calls;
	bool *on_stack;
	unsigned int nr_stack;
	unsigned int nr_calls;
	unsigned int clock;
	unsigned int nr_room;
	unsigned int *members;
};

static void reach(struct walk *w, unsigned int i)
{
	w->index[i] = w->low[i] = ++w->clock;
	w->edge[i] = 0;
	w->stack[w->nr_stack++] = i;
	w->on_stack[i] = true;
	w->calls[w->nr_calls++] = i;
}

/* Everything above @i on the stack reaches @i, and is reached by it. */
static void add_component(struct walk *w, unsigned int i)
{
	unsigned int first = w->nr_room, member;
	struct lock_component *k;

	do {
		member = w->stack[--w->nr_stack];
		w->on_stack[member] = false;
		w->members[w->nr_room++] = member;
	} while (member != i);
	if (w->nr_room - first == 1 && !lock_graph_has_edge(w->g, i, i)) {
		w->nr_room = first;
		return;
	}
	k = &w->c->components[w->c->nr_components++];
	k->classes = w->members + first;
	k->nr_classes = w->nr_room - first;
	w->c->pairs += (uint64_t)k->nr_classes * (k->nr_classes - 1) / 2;
}

static void step(struct walk *w)
{
	unsigned int i = w->calls[w->nr_calls - 1], up;
	const struct lock_class *c = &w->g->classes[i];

	while (w->edge[i] < c->nr_edges) {
		unsigned int next = w->g->edges[c->first_edge + w->edge[i]++];

		if (next >= w->g->nr_classes)
			continue;
		if (!w->index[next]) {
			reach(w, next);
			return;
		}
		if (w->on_stack[next] && w->index[next] < w->low[i])
			w->low[i] = w->index[next];
	}
	w->nr_calls--;
	if (w->low[i] == w->index[i])
		add_component(w, i);
	if (!w->nr_calls)
		return;
	up = w->calls[w->nr_calls - 1];
	if (w->low[i] < w->low[up])
		w->low[up] = w->low[i];
}

static void find_components(struct walk *w)
{
	unsigned int i;

	for (i = 0; i < w->g->nr_classes; i++) {
		if (w->index[i])
			continue;
		reach(w, i);
		while (w->nr_calls)
			step(w);
	}
}

/* The search for the shortest cycle of each component. */
struct search {
	const struct lock_graph *g;
	const struct lock_cycles *c;
	unsigned int component;	/* plus 1 */
	bool *gone;		/* no shorter cycle goes through it */
	unsigned int *seen;	/* in which round */
	unsigned int *prev;
	unsigned int *depth;
	unsigned int *queue;
	unsigned int round;
	uint64_t work;
};

static bool inside(const struct search *r, unsigned int i)
{
	return i < r->g->nr_classes && r->c->of_class[i] == r->component &&
	       !r->gone[i];
}

static void take_cycle(const struct search *r, struct lock_component *k,
		       unsigned int last)
{
	unsigned int at = r->depth[last] + 1;

	k->nr_cycle = at;
	for (; at--; last = r->prev[last])
		k->cycle[at] = last;
}

/* Does an edge of @i lead back to @start? Else queue what it leads to. */
static bool leads_back(struct search *r, unsigned int i, unsigned int start,
		       unsigned int *tail)
{
	const struct lock_class *c = &r->g->classes[i];
	unsigned int e;

	r->work += c->nr_edges;
	for (e = 0; e < c->nr_edges; e++) {
		unsigned int next = r->g->edges[c->first_edge + e];

		if (next == start)
			return true;
		if (!inside(r, next) || r->seen[next] == r->round)
			continue;
		r->seen[next] = r->round;
		r->prev[next] = i;
		r->depth[next] = r->depth[i] + 1;
		r->queue[(*tail)++] = next;
	}
	return false;
}

/* Keep a cycle through @start that is shorter than the known one. */
static void shorten(struct search *r, struct lock_component *k,
		    unsigned int start)
{
	unsigned int head = 0, tail = 0;

	r->round++;
	r->seen[start] = r->round;
	r->depth[start] = 0;
	r->queue[tail++] = start;
	while (head < tail && (!k->nr_cycle || r->work < WORK_MAX)) {
		unsigned int i = r->queue[head++];

		if (k->nr_cycle && r->depth[i] + 1 >= k->nr_cycle)
			return;
		if (leads_back(r, i, start, &tail)) {
			take_cycle(r, k, i);
			return;
		}
	}
}

static bool has_next(const struct search *r, unsigned int i)
{
	const struct lock_class *c = &r->g->classes[i];
	unsigned int e;

	for (e = 0; e < c->nr_edges; e++)
		if (inside(r, r->g->edges[c->first_edge + e]))
			return true;
	return false;
}

/*
 * Each class is a start once and is then ignored. Classes that were reached
 * last come first: then the rest soon has no cycle, and the searches are short.
 */
static void shortest_cycle(struct search *r, struct lock_component *k)
{
	unsigned int i;

	for (i = 0; i < k->nr_classes && k->nr_cycle != 1; i++) {
		unsigned int start = k->classes[i];

		if (k->nr_cycle && r->work >= WORK_MAX)
			return;
		if (has_next(r, start))
			shorten(r, k, start);
		r->gone[start] = true;
	}
	k->shortest = true;
}

static bool name_before(const struct lock_graph *g, unsigned int i,
			unsigned int k)
{
	struct str a = g->classes[i].name, b = g->classes[k].name;
	int diff = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return diff ? diff < 0 : a.n < b.n;
}

/* Begin at the smallest name, like signatures. @room: as long as the cycle. */
static void rotate(const struct lock_graph *g, struct lock_component *k,
		   unsigned int *room)
{
	unsigned int i, first = 0;

	for (i = 1; i < k->nr_cycle; i++)
		if (name_before(g, k->cycle[i], k->cycle[first]))
			first = i;
	for (i = 0; i < k->nr_cycle; i++)
		room[i] = k->cycle[(first + i) % k->nr_cycle];
	memcpy(k->cycle, room, k->nr_cycle * sizeof(*room));
}

static int by_size(const void *a, const void *b)
{
	const struct lock_component *x = a, *y = b;

	return x->nr_classes < y->nr_classes ? -1 : 1;
}

static int by_length(const void *a, const void *b)
{
	const struct lock_component *x = a, *y = b;

	if (x->nr_cycle != y->nr_cycle)
		return x->nr_cycle < y->nr_cycle ? -1 : 1;
	return x->cycle[0] < y->cycle[0] ? -1 : 1;
}

static void number_components(struct lock_cycles *c)
{
	unsigned int i, k;

	for (k = 0; k < c->nr_components; k++)
		for (i = 0; i < c->components[k].nr_classes; i++)
			c->of_class[c->components[k].classes[i]] = k + 1;
}

static void shortest_cycles(struct lock_cycles *c, struct search *r,
			    unsigned int *room)
{
	unsigned int k;

	qsort(c->components, c->nr_components, sizeof(*c->components), by_size);
	number_components(c);
	for (k = 0; k < c->nr_components; k++) {
		c->components[k].cycle = room;
		room += c->components[k].nr_classes;
		r->component = k + 1;
		shortest_cycle(r, &c->components[k]);
		rotate(r->g, &c->components[k], r->queue);
	}
	qsort(c->components, c->nr_components, sizeof(*c->components),
	      by_length);
	number_components(c);
}

/* @arrays has 5 entries for each class, @flags 2. */
static void find(struct lock_cycles *c, const struct lock_graph *g,
		 unsigned int *arrays, bool *flags)
{
	size_t n = g->nr_classes;
	struct walk w = {
		.g = g,
		.c = c,
		.index = arrays,
		.low = arrays + n,
		.edge = arrays + 2 * n,
		.stack = arrays + 3 * n,
		.calls = arrays + 4 * n,
		.on_stack = flags,
		.members = c->room,
	};
	struct search r = {
		.g = g,
		.c = c,
		.seen = arrays,
		.prev = arrays + n,
		.depth = arrays + 2 * n,
		.queue = arrays + 3 * n,
		.gone = flags + n,
	};

	find_components(&w);
	memset(r.seen, 0, n * sizeof(*r.seen));
	shortest_cycles(c, &r, c->room + n);
}

int lock_cycles_find(struct lock_cycles *c, const struct lock_graph *g)
{
	size_t n = g->nr_classes;
	unsigned int *arrays = calloc(5 * n + 1, sizeof(*arrays));
	bool *flags = calloc(2 * n + 1, sizeof(*flags));
	int err = -ENOMEM;

	memset(c, 0, sizeof(*c));
	c->components = calloc(n + 1, sizeof(*c->components));
	c->of_class = calloc(n + 1, sizeof(*c->of_class));
	c->room = calloc(2 * n + 1, sizeof(*c->room));
	if (arrays && flags && c->components && c->of_class && c->room) {
		find(c, g, arrays, flags);
		err = 0;
	}
	free(arrays);
	free(flags);
	if (err)
		lock_cycles_free(c);
	return err;
}

void lock_cycles_free(struct lock_cycles *c)
{
	free(c->components);
	free(c->of_class);
	free(c->room);
	memset(c, 0, sizeof(*c));
}

bool lock_cycles_edge(const struct lock_cycles *c, unsigned int from,
		      unsigned int to)
{
	return c->of_class[from] && c->of_class[from] == c->of_class[to];
}
