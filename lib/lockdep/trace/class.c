// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decide which locks of a trace are of one class, see trace.h. Locks of one
 * name are one class, except for mapping.invalidate_lock: each file system type
 * has a class of that name, and only guest_memfd's matters. So each lock of
 * that name is first a class of its own. Those that were taken directly under
 * kvm->slots_lock, as binding, populating and releasing a guest_memfd do, are
 * merged at the end. A page fault on another file system's mapping under
 * kvm->slots_lock has the mm's or the VMA's lock in between.
 */
#include <stdio.h>
#include <stdlib.h>

#include "lockdep/report/token.h"
#include "store.h"

#define SLOTS_LOCK	"&kvm->slots_lock"

static uint64_t hash_name(struct str name)
{
	uint64_t h = 14695981039346656037ULL;
	size_t i;

	for (i = 0; i < name.n; i++)
		h = (h ^ (unsigned char)name.p[i]) * 1099511628211ULL;
	return h;
}

bool trace_is(const struct trace *t, unsigned int class, struct str name)
{
	const struct trace_name *c = &t->classes[class];

	return str_eq((struct str){ c->text, c->length }, name);
}

/*
 * A reader of an rw_semaphore queues after a waiting writer, a reader of RCU
 * never waits. For other locks, such as rwlocks and seqcounts, the name does
 * not show it.
 */
static void set_reader_rules(struct trace_name *c, struct str name)
{
	c->readers_recurse = lock_readers_recurse(name);
	c->readers_wait = str_eq(name, STR(MMAP_LOCK)) ||
			  str_eq(name, STR(GMEM_LOCK)) ||
			  str_eq(name, STR("vm_lock"));
	c->c.several = str_eq(name, STR("(null)"));
	/* lockdep_set_novalidate_class() in device_initialize() */
	c->unchecked = str_eq(name, STR("&dev->mutex"));
}

static bool add_class(struct trace *t, struct str name, uint64_t addr)
{
	struct trace_name *c;

	if (!trace_room((void **)&t->classes, t->nr_classes, sizeof(*c)))
		return false;
	c = &t->classes[t->nr_classes];
	memset(c, 0, sizeof(*c));
	c->text = malloc(name.n + sizeof(" (guest_memfd)"));
	if (!c->text)
		return false;
	memcpy(c->text, name.p, name.n);
	c->text[name.n] = '\0';
	c->length = name.n;
	c->c.name = c->text;
	c->addr = addr;
	set_reader_rules(c, name);
	t->nr_classes++;
	return true;
}

unsigned int trace_class_of(struct trace *t, struct str name, uint64_t addr)
{
	uint64_t one = str_eq(name, STR(GMEM_LOCK)) ? addr : 0;
	uint64_t hash = hash_name(name);
	unsigned int i;

	/* If two names have one hash, try the next. */
	for (;; hash++) {
		i = trace_map_get(&t->by_name, hash, one, t->nr_classes);
		if (i == t->nr_classes && !add_class(t, name, one))
			t->facts.full = true;
		if (i == TRACE_NO_INDEX || i >= t->nr_classes)
			return TRACE_NO_INDEX;
		if (trace_is(t, i, name))
			return i;
	}
}

void trace_class_under(struct trace *t, unsigned int class, unsigned int outer)
{
	struct trace_name *c = &t->classes[class];

	if (!c->c.gmem && trace_is(t, class, STR(GMEM_LOCK)) && c->addr &&
	    trace_is(t, outer, STR(SLOTS_LOCK)))
		c->c.gmem = true;
}

/* Move the edges of all guest_memfd locks to the first of them. */
static void merge_gmem(struct trace *t)
{
	unsigned int i, first = TRACE_NO_INDEX;

	for (i = 0; i < t->nr_classes; i++) {
		if (!t->classes[i].c.gmem)
			continue;
		strcpy(t->classes[i].text + t->classes[i].length,
		       " (guest_memfd)");
		if (first == TRACE_NO_INDEX)
			first = i;
	}
	for (i = 0; i < t->nr_edges; i++) {
		if (t->classes[t->edges[i].from].c.gmem)
			t->edges[i].from = first;
		if (t->classes[t->edges[i].to].c.gmem)
			t->edges[i].to = first;
	}
}

/* Find @l by its name without #N and /subclass. */
static void add_known_class(struct trace *t, const struct lock_class *l,
			    bool alive)
{
	struct class_name n = class_name_parse(l->name);
	unsigned int i;

	for (i = 0; i < t->nr_classes; i++) {
		struct trace_name *c = &t->classes[i];

		if (!trace_is(t, i, n.base))
			continue;
		c->c.listed = alive;
		c->c.subclasses |= n.subclass.n;
		c->c.several |= n.base.n + n.subclass.n != l->name.n;
	}
}

void trace_classes_end(struct trace *t, const struct lock_graph *g, bool alive)
{
	unsigned int i;

	merge_gmem(t);
	for (i = 0; g && i < g->nr_classes; i++)
		add_known_class(t, &g->classes[i], alive);
}
