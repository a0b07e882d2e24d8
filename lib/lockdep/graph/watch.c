// SPDX-License-Identifier: GPL-2.0-only
/* A watched edge, see watch.h. Pure. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "lockdep/graph/watch.h"
#include "lockdep/report/token.h"

#define PATH_MAX_CLASSES	16

static const struct str separator = { " -> ", 4 };

const char *watch_parse(struct watch *w, const char *text)
{
	ptrdiff_t at;

	memset(w, 0, sizeof(*w));
	if (strlen(text) >= sizeof(w->text))
		return "longer than any lock class";
	strcpy(w->text, text);
	at = str_find(str_of(w->text), separator);
	if (at < 0)
		return "is no edge: 'CLASS -> CLASS', with a blank on each "
		       "side of the arrow";
	w->from = str_trim(str_head(str_of(w->text), at));
	w->to = str_trim(str_skip(str_of(w->text), at + separator.n));
	if (str_find(w->to, separator) >= 0)
		return "has two arrows: where does the first class end?";
	if (!w->from.n || !w->to.n)
		return "lacks a class on one side of the arrow";
	return NULL;
}

/* "#4" of "name#4/1"; empty if there is none. */
static struct str number_of(struct str name, const struct class_name *n)
{
	return str_head(str_skip(name, n->base.n),
			name.n - n->base.n - n->subclass.n);
}

bool watch_matches(struct str pattern, struct str name)
{
	struct class_name p = class_name_parse(pattern);
	struct class_name n = class_name_parse(name);
	struct str number = number_of(pattern, &p);

	return str_eq(p.base, n.base) &&
	       (!p.subclass.n || str_eq(p.subclass, n.subclass)) &&
	       (!number.n || str_eq(number, number_of(name, &n)));
}

/* Mark them in @set; @none: there are none, @unused: none was ever taken. */
static void find_classes(const struct lock_graph *g, struct str pattern,
			 bool *set, bool *none, bool *unused)
{
	unsigned int i;

	*none = *unused = true;
	for (i = 0; i < g->nr_classes; i++) {
		set[i] = watch_matches(pattern, g->classes[i].name);
		if (!set[i])
			continue;
		*none = false;
		if (lock_class_used(&g->classes[i]))
			*unused = false;
	}
}

static int find_path(struct watch *w, const struct lock_graph *g,
		     const bool *from, const bool *to)
{
	unsigned int path[PATH_MAX_CLASSES];
	struct lock_edge *e = &w->edge;
	int i, n = lock_graph_shortest_path(g, from, to, path,
					    PATH_MAX_CLASSES);

	if (n < 0)
		return n;
	memset(e, 0, sizeof(*e));
	e->state = n ? EDGE_YES : EDGE_NO;
	e->direct = n == 2;
	for (i = 0; i < n && i < PATH_MAX_CLASSES; i++)
		lock_path_add(e->path, sizeof(e->path),
			      g->classes[path[i]].name);
	if (n > PATH_MAX_CLASSES)
		lock_path_add(e->path, sizeof(e->path), STR("..."));
	return 0;
}

int watch_graph(struct watch *w, const struct lock_graph *g)
{
	bool *from = calloc(g->nr_classes + 1, sizeof(*from));
	bool *to = calloc(g->nr_classes + 1, sizeof(*to));
	int err = -ENOMEM;

	if (from && to) {
		find_classes(g, w->from, from, &w->no_from, &w->unused_from);
		find_classes(g, w->to, to, &w->no_to, &w->unused_to);
		err = find_path(w, g, from, to);
	}
	free(from);
	free(to);
	return err;
}

int watch_graph_before(struct watch *w, const struct lock_graph *g)
{
	struct watch was = *w;
	int err;

	err = watch_graph(&was, g);
	w->before = !err && was.edge.state == EDGE_YES;
	return err;
}

/* The edges of a report are those of its cycle, from each class to the next. */
bool watch_report(struct watch *w, const struct report *r)
{
	struct lock_edge *e = &w->edge;
	struct str from, to;
	unsigned int i;

	for (i = 0; r->kind == KIND_CIRCULAR && i < r->nr_cycle; i++) {
		from = str_of(r->chain[r->cycle[i]].name);
		to = str_of(r->chain[r->cycle[(i + 1) % r->nr_cycle]].name);
		if (!watch_matches(w->from, from) ||
		    !watch_matches(w->to, to))
			continue;
		if (e->state == EDGE_YES)
			return true;
		memset(e, 0, sizeof(*e));
		e->state = EDGE_YES;
		e->direct = e->reported = true;
		lock_path_add(e->path, sizeof(e->path), from);
		lock_path_add(e->path, sizeof(e->path), to);
		return true;
	}
	return false;
}

void watch_forget_unseen(struct watch *w)
{
	if (w->edge.state == EDGE_NO)
		w->edge.state = EDGE_UNKNOWN;
}
