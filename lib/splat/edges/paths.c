// SPDX-License-Identifier: GPL-2.0-only
/*
 * splat edges --from --to, and --cycles: paths through the lock order.
 */
#include <errno.h>
#include <stdlib.h>

#include "lockdep/graph/cycles.h"
#include "lockdep/graph/paths.h"
#include "splat/edges/edges.h"

/* Print so many classes of a large component. */
#define CLASSES_SHOWN	12

static void put_path(struct edges *e, const unsigned int *path, unsigned int n)
{
	unsigned int i;

	if (e->as_json)
		json_array(&e->json, NULL);
	for (i = 0; i < n; i++) {
		struct str name = e->graph->classes[path[i]].name;

		if (e->as_json)
			lock_name_json(&e->json, NULL, name);
		else
			printf("%s%.*s\n", i ? "  > " : "", (int)name.n,
			       name.p);
	}
	if (e->as_json)
		json_array_end(&e->json);
}

struct found {
	struct edges *e;
	unsigned long n;
};

static bool on_path(const unsigned int *path, unsigned int n, void *arg)
{
	struct found *f = arg;

	put_path(f->e, path, n);
	return ++f->n != f->e->count;
}

static int print_paths(struct edges *e, const bool *from, const bool *to)
{
	struct found f = { .e = e };
	struct lock_path_search search = { .fn = on_path, .arg = &f };
	int err;

	if (e->as_json)
		json_array(&e->json, NULL);
	err = lock_graph_all_paths(&search, e->graph, from, to);
	if (e->as_json)
		json_array_end(&e->json);
	if (err)
		return complain(&e->a, "memory", strerror(-err));
	if (!f.n && !e->as_json)
		printf("no path from %s to %s\n", e->from, e->to);
	if (search.gave_up)
		fprintf(stderr, "splat: note: there are too many paths to try "
			"all: %lu printed\n", f.n);
	return f.n ? EXIT_CLEAN : edges_none_found(e);
}

int edges_paths(struct edges *e)
{
	bool *from = edges_mark(e, e->from);
	bool *to = from ? edges_mark(e, e->to) : NULL;
	int ret = EXIT_USAGE;

	if (to)
		ret = print_paths(e, from, to);
	free(from);
	free(to);
	return ret;
}

static void put_classes(struct edges *e, const struct lock_component *k)
{
	unsigned int i, max = k->nr_classes;

	if (max > CLASSES_SHOWN)
		max = CLASSES_SHOWN;
	printf("  reach each other: ");
	for (i = 0; i < max; i++) {
		struct str name = e->graph->classes[k->classes[i]].name;

		printf("%s%.*s", i ? ", " : "", (int)name.n, name.p);
	}
	if (k->nr_classes > max)
		printf(", and %u more", k->nr_classes - max);
	putchar('\n');
}

static void component_text(struct edges *e, const struct lock_component *k,
			   unsigned int nr)
{
	unsigned int i;

	printf("cycle %u, through %u class%s%s\n", nr, k->nr_cycle,
	       k->nr_cycle == 1 ? "" : "es",
	       k->shortest ? "" : " (there may be a shorter one)");
	for (i = 0; i <= k->nr_cycle; i++) {
		struct str name = e->graph->classes[
			k->cycle[i % k->nr_cycle]].name;

		printf("  %s%.*s\n", i ? "> " : "", (int)name.n, name.p);
	}
	if (k->nr_classes > k->nr_cycle)
		put_classes(e, k);
}

static void component_json(struct edges *e, const struct lock_component *k)
{
	unsigned int i;

	json_object(&e->json, NULL);
	json_array(&e->json, "cycle");
	for (i = 0; i < k->nr_cycle; i++)
		lock_name_json(&e->json, NULL,
			       e->graph->classes[k->cycle[i]].name);
	json_array_end(&e->json);
	json_bool(&e->json, "shortest", k->shortest);
	json_array(&e->json, "classes");
	for (i = 0; i < k->nr_classes; i++)
		lock_name_json(&e->json, NULL,
			       e->graph->classes[k->classes[i]].name);
	json_array_end(&e->json);
	json_object_end(&e->json);
}

static void print_cycles(struct edges *e, const struct lock_cycles *c)
{
	unsigned int i;

	if (e->as_json)
		json_array(&e->json, NULL);
	for (i = 0; i < c->nr_components; i++) {
		if (e->as_json)
			component_json(e, &c->components[i]);
		else
			component_text(e, &c->components[i], i + 1);
	}
	if (e->as_json)
		json_array_end(&e->json);
	else if (c->nr_components)
		printf("%llu pair%s of classes reach each other, of %u "
		       "classes\n", (unsigned long long)c->pairs,
		       c->pairs == 1 ? "" : "s", e->graph->nr_classes);
	else
		printf("no cycle among %u classes and %u edges\n",
		       e->graph->nr_classes, e->graph->nr_edges);
}

int edges_cycles(struct edges *e)
{
	struct lock_cycles c;
	int ret, err = lock_cycles_find(&c, e->graph);

	if (err)
		return complain(&e->a, "memory", strerror(-err));
	print_cycles(e, &c);
	if (c.nr_components)
		ret = EXIT_BAD;
	else
		ret = e->status.state == LOCKDEP_ALIVE ? EXIT_CLEAN :
							 edges_none_found(e);
	lock_cycles_free(&c);
	return ret;
}
