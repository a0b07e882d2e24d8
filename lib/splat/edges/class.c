// SPDX-License-Identifier: GPL-2.0-only
/*
 * splat edges: the classes taken under a class, and guest_memfd's AB and BA.
 */
#include <stdlib.h>

#include "splat/edges/edges.h"

static unsigned int show_class(struct edges *e, const struct lock_class *c)
{
	const struct lock_graph *g = e->graph;
	unsigned int i;

	if (e->as_json) {
		json_object(&e->json, NULL);
		lock_name_json(&e->json, "class", c->name);
		json_string(&e->json, "usage", c->usage);
		json_array(&e->json, "then");
	} else {
		printf("%.*s  %s\n", (int)c->name.n, c->name.p, c->usage);
	}
	for (i = 0; i < c->nr_edges; i++) {
		unsigned int to = g->edges[c->first_edge + i];
		struct str name;

		if (to >= g->nr_classes)
			continue;
		name = g->classes[to].name;
		if (e->as_json)
			lock_name_json(&e->json, NULL, name);
		else
			printf("  > %.*s\n", (int)name.n, name.p);
	}
	if (e->as_json) {
		json_array_end(&e->json);
		json_object_end(&e->json);
	}
	return c->nr_edges;
}

int edges_of_class(struct edges *e)
{
	bool *set = edges_mark(e, e->class);
	unsigned int i, n = 0;

	if (!set)
		return EXIT_USAGE;
	if (e->as_json)
		json_array(&e->json, NULL);
	for (i = 0; i < e->graph->nr_classes; i++)
		if (set[i])
			n += show_class(e, &e->graph->classes[i]);
	if (e->as_json)
		json_array_end(&e->json);
	free(set);
	return n ? EXIT_CLEAN : edges_none_found(e);
}

/* Edges that are not in /proc/lockdep are unknown unless lockdep was alive. */
static void judge(struct edges *e, const struct gmem_class *c,
		  struct gmem_edges *g)
{
	struct lockdep_use use = {
		.found = c->found != GMEM_NOT_FOUND,
		.used = c->used,
		.mm_used = gmem_mmap_lock_used(e->graph),
	};

	if (e->status.state == LOCKDEP_ALIVE)
		lockdep_status_after_run(&e->snap.seen, &e->snap.seen, &use,
					 &e->status);
	if (e->status.state != LOCKDEP_ALIVE)
		gmem_forget_unseen(g);
}

static void show_json(struct edges *e, const struct gmem_class *c,
		      const struct gmem_edges *g)
{
	const char *reason = e->status.reason;

	json_object(&e->json, NULL);
	edge_json(&e->json, "ab", &g->ab);
	edge_json(&e->json, "ba", &g->ba);
	class_json(&e->json, c);
	json_string(&e->json, "suspect", g->suspect[0] ? g->suspect : NULL);
	json_object(&e->json, "lockdep");
	json_string(&e->json, "state", lockdep_state_name(e->status.state));
	json_string(&e->json, "reason", reason[0] ? reason : NULL);
	json_object_end(&e->json);
	json_object_end(&e->json);
}

static void show_text(struct edges *e, const struct gmem_class *c,
		      const struct gmem_edges *g)
{
	edge_text(stdout, "AB", &g->ab);
	edge_text(stdout, "BA", &g->ba);
	class_text(stdout, c);
	if (c->found == GMEM_NOT_FOUND && !e->file && !e->probe)
		printf("  %-10s --probe uses a guest_memfd to find it\n", "");
	if (g->suspect[0])
		printf("  %-10s %s, of a class that may not be "
		       "guest_memfd's\n", "like AB", g->suspect);
	if (e->status.state != LOCKDEP_ALIVE)
		printf("  %-10s %s: %s\n", "lockdep",
		       lockdep_state_name(e->status.state), e->status.reason);
}

void edges_identify(struct edges *e, struct gmem_class *c,
		    const struct lock_graph *before)
{
	static struct gmem_symbols sym;

	gmem_identify(c, before, e->graph, NULL, "");
	if (c->certain || e->file)
		return;
	snapshot_symbols(&sym, &e->snap, e->root);
	gmem_identify(c, before, e->graph, &sym, "");
}

static int load_before(struct edges *e, struct lock_record *before)
{
	const struct picture *p = &e->record.picture;
	struct picture now = { };
	int ret = lock_record_load(before, &e->a, e->before);

	if (ret)
		return ret;
	if (!e->file) {
		picture_of_now(&now, &e->snap, e->root);
		p = &now;
	}
	if (picture_same_boot(&before->picture, &before->graph, p,
			      e->graph) != BOOT_OTHER)
		return 0;
	lock_record_free(before);
	return complain(&e->a, e->before, "is of another boot");
}

int edges_of_gmem(struct edges *e)
{
	struct lock_record before = { };
	struct gmem_class c;
	struct gmem_edges g;
	int err;

	if (e->before && load_before(e, &before))
		return EXIT_USAGE;
	edges_identify(e, &c, e->before ? &before.graph : NULL);
	lock_record_free(&before);
	err = gmem_edges(&g, e->graph, &c);
	if (err)
		return complain(&e->a, "memory", strerror(-err));
	if (!e->file)
		snapshot_chains(&g, &c, e->root);
	judge(e, &c, &g);
	if (e->as_json)
		show_json(e, &c, &g);
	else
		show_text(e, &c, &g);
	if (g.ab.state == EDGE_UNKNOWN)
		return EXIT_UNKNOWN;
	return g.ab.state == EDGE_YES ? EXIT_BAD : EXIT_CLEAN;
}
