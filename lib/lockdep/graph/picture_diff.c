// SPDX-License-Identifier: GPL-2.0-only
/*
 * The differences of two /proc/lockdep, see picture.h. Names are numbered for
 * both; classes and edges become sorted lists of these numbers.
 */
#include <errno.h>
#include <stdlib.h>

#include "lockdep/graph/picture.h"
#include "lockdep/report/token.h"

/* Edges as (from, to), classes as (name, used). */
struct item {
	unsigned int a;
	unsigned int b;
};

struct items {
	struct item *v;
	unsigned int n;
};

struct names {
	struct str *v;
	unsigned int n;
	unsigned int *table;	/* index + 1, by hash */
	unsigned int mask;
	bool by_base;
};

static bool same_name(const struct names *names, struct str x, struct str y)
{
	struct class_name p, q;

	if (!names->by_base)
		return str_eq(x, y);
	p = class_name_parse(x);
	q = class_name_parse(y);
	return str_eq(p.base, q.base) && str_eq(p.subclass, q.subclass);
}

static unsigned int hash(struct str s, unsigned int h)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 16777619U;
	return h;
}

static unsigned int hash_name(const struct names *names, struct str s)
{
	struct class_name n;

	if (!names->by_base)
		return hash(s, 2166136261U);
	n = class_name_parse(s);
	return hash(n.subclass, hash(n.base, 2166136261U));
}

static unsigned int number(struct names *names, struct str s)
{
	unsigned int i = hash_name(names, s) & names->mask;

	while (names->table[i]) {
		if (same_name(names, names->v[names->table[i] - 1], s))
			return names->table[i] - 1;
		i = (i + 1) & names->mask;
	}
	names->v[names->n] = s;
	names->table[i] = ++names->n;
	return names->n - 1;
}

static int by_item(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return x->b < y->b ? -1 : x->b > y->b;
}

/* Sort, and remove duplicates. */
static void tidy(struct items *it)
{
	unsigned int i, n = 0;

	qsort(it->v, it->n, sizeof(*it->v), by_item);
	for (i = 0; i < it->n; i++)
		if (!n || by_item(&it->v[n - 1], &it->v[i]))
			it->v[n++] = it->v[i];
	it->n = n;
}

/* @ids: the number of each class's name. */
static void take_edges(struct items *it, const struct lock_graph *g,
		       const unsigned int *ids)
{
	unsigned int i, e;

	for (i = 0; i < g->nr_classes; i++) {
		const struct lock_class *c = &g->classes[i];

		for (e = c->first_edge; e < c->first_edge + c->nr_edges; e++)
			if (g->edges[e] < g->nr_classes)
				it->v[it->n++] = (struct item){
					ids[i], ids[g->edges[e]] };
	}
	tidy(it);
}

/* Several classes of one name are used if one of them is. */
static void take_classes(struct items *it, const struct lock_graph *g,
			 const unsigned int *ids)
{
	unsigned int i, n = 0;

	for (i = 0; i < g->nr_classes; i++)
		it->v[it->n++] = (struct item){
			ids[i], lock_class_used(&g->classes[i]) };
	tidy(it);
	for (i = 0; i < it->n; i++) {
		if (n && it->v[n - 1].a == it->v[i].a)
			n--;
		it->v[n++] = it->v[i];
	}
	it->n = n;
}

static void diff_classes(const struct graph_diff *d, const struct names *names,
			 const struct items *a, const struct items *b)
{
	unsigned int i = 0, j = 0;

	while (i < a->n || j < b->n) {
		bool gone = j == b->n || (i < a->n && a->v[i].a < b->v[j].a);
		bool is_new = i == a->n || (j < b->n && b->v[j].a < a->v[i].a);

		if (gone)
			d->fn(DIFF_CLASS_GONE, names->v[a->v[i].a], STR(""),
			      d->arg);
		else if (is_new)
			d->fn(DIFF_CLASS_NEW, names->v[b->v[j].a], STR(""),
			      d->arg);
		else if (!a->v[i].b && b->v[j].b)
			d->fn(DIFF_CLASS_USED, names->v[b->v[j].a], STR(""),
			      d->arg);
		i += !is_new;
		j += !gone;
	}
}

static void diff_edges(const struct graph_diff *d, const struct names *names,
		       const struct items *a, const struct items *b)
{
	unsigned int i = 0, j = 0;

	while (i < a->n || j < b->n) {
		int diff = i == a->n ? 1 : j == b->n ? -1 :
			   by_item(&a->v[i], &b->v[j]);
		const struct item *it = diff < 0 ? &a->v[i] : &b->v[j];

		if (diff)
			d->fn(diff < 0 ? DIFF_EDGE_GONE : DIFF_EDGE_NEW,
			      names->v[it->a], names->v[it->b], d->arg);
		i += diff <= 0;
		j += diff >= 0;
	}
}

static unsigned int *number_all(struct names *names, const struct lock_graph *g)
{
	unsigned int *ids = calloc(g->nr_classes + 1, sizeof(*ids)), i;

	for (i = 0; ids && i < g->nr_classes; i++)
		ids[i] = number(names, g->classes[i].name);
	return ids;
}

static struct items items_new(const struct lock_graph *g)
{
	size_t n = g->nr_classes > g->nr_edges ? g->nr_classes : g->nr_edges;

	return (struct items){ .v = calloc(n + 1, sizeof(struct item)) };
}

static int diff(const struct graph_diff *d, struct names *names,
		const struct lock_graph *a, const struct lock_graph *b)
{
	unsigned int *ids_a = number_all(names, a);
	unsigned int *ids_b = number_all(names, b);
	struct items x = items_new(a), y = items_new(b);
	bool ok = ids_a && ids_b && x.v && y.v;

	if (ok) {
		take_classes(&x, a, ids_a);
		take_classes(&y, b, ids_b);
		diff_classes(d, names, &x, &y);
		x.n = y.n = 0;
		take_edges(&x, a, ids_a);
		take_edges(&y, b, ids_b);
		diff_edges(d, names, &x, &y);
	}
	free(ids_a);
	free(ids_b);
	free(x.v);
	free(y.v);
	return ok ? 0 : -ENOMEM;
}

int graph_diff(const struct graph_diff *d, const struct lock_graph *a,
	       const struct lock_graph *b)
{
	struct names names = { .by_base = d->by_base };
	size_t n = (size_t)a->nr_classes + b->nr_classes;
	int err = -ENOMEM;

	names.mask = 255;
	while (names.mask < 2 * n)
		names.mask = names.mask << 1 | 1;
	names.v = calloc(n + 1, sizeof(*names.v));
	names.table = calloc((size_t)names.mask + 1, sizeof(*names.table));
	if (names.v && names.table)
		err = diff(d, &names, a, b);
	free(names.v);
	free(names.table);
	return err;
}
