// SPDX-License-Identifier: GPL-2.0-only
/*
 * guest_memfd's two edges, in /proc/lockdep and in a report; see gmem.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "lockdep/graph/gmem.h"

#define PATH_MAX_CLASSES	16

const char *edge_state_name(enum edge_state s)
{
	static const char *const names[] = {
		[EDGE_UNKNOWN]	= "unknown",
		[EDGE_NO]	= "no",
		[EDGE_YES]	= "yes",
	};

	return names[s];
}

/* Mark @group with all its subclasses. */
static void mark_group(const struct lock_graph *g, struct str group, bool *set)
{
	unsigned int i;

	for (i = 0; i < g->nr_classes; i++)
		set[i] = lock_name_is(g->classes[i].name, group);
}

static int find_path(struct lock_edge *e, const struct lock_graph *g,
		     const bool *from, const bool *to)
{
	unsigned int path[PATH_MAX_CLASSES];
	int i, n = lock_graph_shortest_path(g, from, to, path,
					    PATH_MAX_CLASSES);

	e->path[0] = '\0';
	e->direct = n == 2;
	for (i = 0; i < n && i < PATH_MAX_CLASSES; i++)
		lock_path_add(e->path, sizeof(e->path),
			      g->classes[path[i]].name);
	if (n > PATH_MAX_CLASSES)
		lock_path_add(e->path, sizeof(e->path), STR("..."));
	return n;
}

/* A direct edge to @mm from another class with guest_memfd's name. */
static void find_suspect(struct gmem_edges *e, const struct lock_graph *g,
			 const bool *gmem, const bool *mm)
{
	unsigned int i, k;

	for (i = 0; i < g->nr_classes && !e->suspect[0]; i++) {
		if (gmem[i] || !lock_class_is(&g->classes[i], STR(GMEM_LOCK)))
			continue;
		for (k = 0; k < g->nr_classes; k++) {
			if (!mm[k] || !lock_graph_has_edge(g, i, k))
				continue;
			lock_path_add(e->suspect, sizeof(e->suspect),
				      g->classes[i].name);
			lock_path_add(e->suspect, sizeof(e->suspect),
				      g->classes[k].name);
			break;
		}
	}
}

static int find_edges(struct gmem_edges *e, const struct lock_graph *g,
		      const struct gmem_class *c, bool *gmem, bool *mm)
{
	int n;

	mark_group(g, STR(MMAP_LOCK), mm);
	if (c->found != GMEM_NOT_FOUND)
		mark_group(g, str_of(c->name), gmem);
	find_suspect(e, g, gmem, mm);
	if (c->found == GMEM_NOT_FOUND)
		return 0;
	n = find_path(&e->ab, g, gmem, mm);
	if (n < 0)
		return n;
	e->ab.state = e->ab.direct ? EDGE_YES : EDGE_NO;
	n = find_path(&e->ba, g, mm, gmem);
	if (n < 0)
		return n;
	e->ba.state = e->ba.direct ? EDGE_YES : EDGE_NO;
	return 0;
}

int gmem_edges(struct gmem_edges *e, const struct lock_graph *g,
	       const struct gmem_class *c)
{
	bool *gmem = calloc(g->nr_classes + 1, sizeof(*gmem));
	bool *mm = calloc(g->nr_classes + 1, sizeof(*mm));
	int err = -ENOMEM;

	memset(e, 0, sizeof(*e));
	if (gmem && mm)
		err = find_edges(e, g, c, gmem, mm);
	free(gmem);
	free(mm);
	return err;
}

bool gmem_mmap_lock_used(const struct lock_graph *g)
{
	unsigned int i;

	for (i = 0; i < g->nr_classes; i++)
		if (lock_class_is(&g->classes[i], STR(MMAP_LOCK)) &&
		    lock_class_used(&g->classes[i]))
			return true;
	return false;
}

void gmem_forget_unseen(struct gmem_edges *e)
{
	if (e->ab.state == EDGE_NO)
		e->ab.state = EDGE_UNKNOWN;
	if (e->ba.state == EDGE_NO)
		e->ba.state = EDGE_UNKNOWN;
}

static void add_order(struct lock_edge *e, const struct chain_order *o)
{
	if (e->state != EDGE_NO || !o->found)
		return;
	e->state = EDGE_YES;
	e->held = true;
	snprintf(e->path, sizeof(e->path), "%s", o->path);
}

void gmem_chains_init(struct chain_scan *s, const struct gmem_class *c)
{
	memset(s, 0, sizeof(*s));
	s->a = str_of(c->name);
	s->b = STR(MMAP_LOCK);
}

void gmem_chains(struct gmem_edges *e, struct chain_scan *s)
{
	chain_scan_end(s);
	add_order(&e->ab, &s->a_then_b);
	add_order(&e->ba, &s->b_then_a);
}

static bool names_group(const struct report_entry *entry, struct str group)
{
	struct str s = class_name_parse(str_of(entry->name)).base;

	return str_eq(s, group);
}

static int find_in_cycle(const struct report *r, struct str group)
{
	unsigned int i;

	for (i = 0; i < r->nr_cycle; i++)
		if (names_group(&r->chain[r->cycle[i]], group))
			return i;
	return -1;
}

static bool taken_by_gmem(const struct report *r, unsigned int i)
{
	const struct report_entry *e = &r->chain[r->cycle[i % r->nr_cycle]];
	unsigned int f;

	for (f = 0; f < e->nr_frames; f++)
		if (func_is_gmem(str_of(r->frames[e->frame + f])))
			return true;
	return false;
}

/* Only neighbours were held together; anything longer is a path. */
static void edge_of_cycle(struct lock_edge *e, const struct report *r,
			  unsigned int from, unsigned int to)
{
	unsigned int i = from;

	if (e->state == EDGE_YES)
		return;
	e->direct = (from + 1) % r->nr_cycle == to;
	if (e->direct)
		e->state = EDGE_YES;
	e->reported = true;
	e->path[0] = '\0';
	lock_path_add(e->path, sizeof(e->path),
		      str_of(r->chain[r->cycle[from]].name));
	do {
		i = (i + 1) % r->nr_cycle;
		lock_path_add(e->path, sizeof(e->path),
			      str_of(r->chain[r->cycle[i]].name));
	} while (i != to);
}

bool gmem_report(const struct report *r, struct gmem_edges *e, char *name,
		 size_t size)
{
	int gmem = find_in_cycle(r, STR(GMEM_LOCK));
	int mm = find_in_cycle(r, STR(MMAP_LOCK));
	struct class_name n;
	const char *printed;

	/* No other file system's: guest_memfd took it, or held it. */
	if (r->kind != KIND_CIRCULAR || gmem < 0 ||
	    (!taken_by_gmem(r, gmem) && !taken_by_gmem(r, gmem + 1)))
		return false;
	printed = r->chain[r->cycle[gmem]].name;
	n = class_name_parse(str_of(printed));
	snprintf(name, size, "%.*s", (int)(strlen(printed) - n.subclass.n),
		 printed);
	if (mm >= 0) {
		edge_of_cycle(&e->ab, r, gmem, mm);
		edge_of_cycle(&e->ba, r, mm, gmem);
	}
	return true;
}
