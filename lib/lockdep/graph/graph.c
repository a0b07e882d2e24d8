// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/lockdep as a graph, see graph.h, as l_show() in
 * kernel/locking/lockdep_proc.c prints it.
 *
 * An edge has the key and the name of its target. Neither is enough alone: keys
 * are hashed to 32 bits, or all "(____ptrval____)", and names are any text.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "lockdep/graph/graph.h"

struct target {
	struct str name;
	uint64_t key;
};

/* The result of the first pass over the lines. */
struct builder {
	struct lock_graph *g;
	struct target *targets;
	unsigned int *table;	/* class index + 1, by hash */
	unsigned int mask;
};

bool lock_class_used(const struct lock_class *c)
{
	return c->usage[0] && strcmp(c->usage, "....");
}

void lock_path_add(char *path, size_t size, struct str name)
{
	size_t n = strlen(path);

	snprintf(path + n, size - n, "%s%.*s", n ? " > " : "", (int)name.n,
		 name.p);
}

bool lock_name_is(struct str name, struct str group)
{
	return str_take(&name, group) &&
	       (!name.n || (name.n > 1 && name.p[0] == '/' &&
			    str_digits(str_skip(name, 1)) == name.n - 1));
}

bool lock_class_is(const struct lock_class *c, struct str base)
{
	struct str s = c->name;

	if (!str_take(&s, base))
		return false;
	if (str_take(&s, STR("#")))
		s = str_skip(s, str_digits(s));
	if (str_take(&s, STR("/")))
		s = str_skip(s, str_digits(s));
	return !s.n;
}

/* "ffffffff8183d228", "(____ptrval____)" */
static bool take_key(struct str *s, uint64_t *key)
{
	*key = 0;
	return str_take(s, STR("(____ptrval____)")) || str_take_hex(s, key);
}

/* " FD:   40" */
static bool take_count(struct str *s, struct str label, uint64_t *n)
{
	struct str in = *s;

	if (!str_take(&in, label))
		return false;
	in = str_ltrim(in);
	if (!str_take_u64(&in, n))
		return false;
	*s = in;
	return true;
}

/* "KEY[ OPS:n][ FD:n BD:n USAGE]: NAME" */
static bool class_line(struct str s, struct lock_class *c)
{
	uint64_t n;

	if (!take_key(&s, &c->key))
		return false;
	c->usage[0] = '\0';
	c->has_ops = take_count(&s, STR(" OPS:"), &c->ops);
	if (take_count(&s, STR(" FD:"), &n)) {
		if (!take_count(&s, STR(" BD:"), &n) || s.n < 5)
			return false;
		memcpy(c->usage, s.p + 1, 4);
		c->usage[4] = '\0';
		s = str_skip(s, 5);
	}
	if (!str_take(&s, STR(": ")) || !s.n)
		return false;
	c->name = s;
	return true;
}

/* " -> [KEY] NAME" */
static bool edge_line(struct str s, struct target *t)
{
	if (!str_take(&s, STR(" -> [")) || !take_key(&s, &t->key) ||
	    !str_take(&s, STR("] ")) || !s.n)
		return false;
	t->name = s;
	return true;
}

static unsigned int hash(uint64_t key, struct str name)
{
	uint64_t h = 14695981039346656037ULL ^ key;
	size_t i;

	for (i = 0; i < name.n; i++)
		h = (h ^ (unsigned char)name.p[i]) * 1099511628211ULL;
	return h ^ h >> 32;
}

static unsigned int *slot_of(const struct builder *b, uint64_t key,
			     struct str name)
{
	unsigned int i = hash(key, name) & b->mask;

	while (b->table[i]) {
		const struct lock_class *c = &b->g->classes[b->table[i] - 1];

		if (c->key == key && str_eq(c->name, name))
			break;
		i = (i + 1) & b->mask;
	}
	return &b->table[i];
}

static int parse_lines(struct builder *b, struct str text)
{
	struct lock_graph *g = b->g;
	struct str line;

	while (str_take_line(&text, &line)) {
		struct lock_class *c = &g->classes[g->nr_classes];

		if (!line.n)
			continue;
		if (edge_line(line, &b->targets[g->nr_edges])) {
			if (!g->nr_classes)
				return -EINVAL;
			c[-1].nr_edges++;
			g->nr_edges++;
		} else if (class_line(line, c)) {
			c->first_edge = g->nr_edges;
			c->nr_edges = 0;
			g->nr_classes++;
		} else {
			return -EINVAL;
		}
	}
	return g->nr_classes ? 0 : -EINVAL;
}

static void resolve(struct builder *b)
{
	struct lock_graph *g = b->g;
	unsigned int i, *slot;

	g->by_name = true;
	for (i = 0; i < g->nr_classes; i++) {
		slot = slot_of(b, g->classes[i].key, g->classes[i].name);
		g->twins += *slot != 0;
		*slot = i + 1;
		g->by_name &= !g->classes[i].key;
	}
	for (i = 0; i < g->nr_edges; i++) {
		g->edges[i] = *slot_of(b, b->targets[i].key,
				       b->targets[i].name) - 1;
		g->dangling += g->edges[i] >= g->nr_classes;
	}
}

static unsigned int count_lines(struct str text)
{
	unsigned int n = 1;
	size_t i;

	for (i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	return n;
}

static int build(struct builder *b, struct str text)
{
	struct lock_graph *g = b->g;
	unsigned int lines = count_lines(text);
	int err;

	b->mask = 255;
	while (b->mask < 2 * lines)
		b->mask = b->mask << 1 | 1;
	b->table = calloc(b->mask + 1, sizeof(*b->table));
	b->targets = calloc(lines + 1, sizeof(*b->targets));
	g->classes = calloc(lines + 1, sizeof(*g->classes));
	g->edges = calloc(lines + 1, sizeof(*g->edges));
	if (!b->table || !b->targets || !g->classes || !g->edges)
		return -ENOMEM;
	err = parse_lines(b, text);
	if (!err)
		resolve(b);
	return err;
}

int lock_graph_parse(struct lock_graph *g, struct str text)
{
	struct builder b = { .g = g };
	int err;

	memset(g, 0, sizeof(*g));
	if (!str_take(&text, STR("all lock classes:\n")))
		return -EINVAL;
	err = build(&b, text);
	free(b.table);
	free(b.targets);
	if (err)
		lock_graph_free(g);
	return err;
}

void lock_graph_free(struct lock_graph *g)
{
	free(g->classes);
	free(g->edges);
	memset(g, 0, sizeof(*g));
}

bool lock_graph_has_edge(const struct lock_graph *g, unsigned int from,
			 unsigned int to)
{
	const struct lock_class *c = &g->classes[from];
	unsigned int i;

	for (i = 0; i < c->nr_edges; i++)
		if (g->edges[c->first_edge + i] == to)
			return true;
	return false;
}

bool lock_readers_recurse(struct str name)
{
	return str_starts(name, STR("rcu_read_lock")) ||
	       str_find(name, STR("srcu")) >= 0;
}

/* Breadth first. prev[i] is the class before i, plus 1; 0: not reached. */
struct search {
	const struct lock_graph *g;
	unsigned int *queue;
	unsigned int *prev;
	unsigned int head;
	unsigned int tail;
};

static int search_from(struct search *s, unsigned int i, const bool *to)
{
	const struct lock_class *c = &s->g->classes[i];
	unsigned int e;

	for (e = 0; e < c->nr_edges; e++) {
		unsigned int next = s->g->edges[c->first_edge + e];

		if (next >= s->g->nr_classes || s->prev[next])
			continue;
		s->prev[next] = i + 1;
		if (to[next])
			return next;
		if (!lock_readers_recurse(s->g->classes[next].name))
			s->queue[s->tail++] = next;
	}
	return -1;
}

static int write_path(const struct search *s, const bool *from,
		      unsigned int last, unsigned int *path, unsigned int max)
{
	unsigned int n = 1, i = last, at;

	do {
		i = s->prev[i] - 1;
		n++;
	} while (!from[i]);
	for (at = n, i = last; at--; i = s->prev[i] - 1) {
		if (at < max)
			path[at] = i;
		if (!at)
			break;
	}
	return n;
}

static int search(struct search *s, const bool *from, const bool *to,
		  unsigned int *path, unsigned int max)
{
	unsigned int i;
	int hit;

	for (i = 0; i < s->g->nr_classes; i++)
		if (from[i])
			s->queue[s->tail++] = i;
	while (s->head < s->tail) {
		hit = search_from(s, s->queue[s->head++], to);
		if (hit >= 0)
			return write_path(s, from, hit, path, max);
	}
	return 0;
}

int lock_graph_shortest_path(const struct lock_graph *g, const bool *from,
			     const bool *to, unsigned int *path,
			     unsigned int max)
{
	struct search s = { .g = g };
	int n = -ENOMEM;

	/* A starting class can be queued once more, as a target. */
	s.queue = calloc(2 * g->nr_classes + 1, sizeof(*s.queue));
	s.prev = calloc(g->nr_classes + 1, sizeof(*s.prev));
	if (s.queue && s.prev)
		n = search(&s, from, to, path, max);
	free(s.queue);
	free(s.prev);
	return n;
}
