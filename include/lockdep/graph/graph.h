/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /proc/lockdep as a graph: lock classes, and the edges "this class was held
 * when that one was taken" that the kernel recorded. The kernel prints direct
 * edges only; ways through other classes are found here.
 */
#ifndef LOCKDEP_GRAPH_H
#define LOCKDEP_GRAPH_H

#include "base/str.h"

struct lock_class {
	struct str name;	/* name[#n][/subclass], as printed */
	uint64_t key;		/* address of the key, hashed or not; 0: unknown */
	char usage[8];		/* "+.+."; empty without PROVE_LOCKING */
	bool has_ops;		/* only with DEBUG_LOCKDEP: */
	uint64_t ops;		/* how often it was taken */
	unsigned int first_edge;
	unsigned int nr_edges;
};

struct lock_graph {
	struct lock_class *classes;
	unsigned int nr_classes;
	unsigned int *edges;	/* classes[] indices, by class */
	unsigned int nr_edges;
	unsigned int dangling;	/* edges to a class that has no line */
	bool by_name;		/* no key is known: joined by name alone */
	unsigned int twins;	/* classes that nothing tells from another */
};

/*
 * Parse @text; names point into it, so it has to outlive the graph. 0, -EINVAL
 * if it is no /proc/lockdep, -ENOMEM. lock_graph_free() may be called on a
 * zeroed graph.
 */
int lock_graph_parse(struct lock_graph *g, struct str text);
void lock_graph_free(struct lock_graph *g);

/* Ever taken, as far as the validator knows: usage other than "....". */
bool lock_class_used(const struct lock_class *c);

/* Is @name what @group says, with any subclass or none? @group has its #n. */
bool lock_name_is(struct str name, struct str group);

/* Add @name to a way as people read it, "a > b > c". */
void lock_path_add(char *path, size_t size, struct str name);

/* Is class @c called @base, whatever its #n and /subclass? */
bool lock_class_is(const struct lock_class *c, struct str base);

bool lock_graph_has_edge(const struct lock_graph *g, unsigned int from,
			 unsigned int to);

/*
 * RCU's and SRCU's read sides: rcu_read_lock_acquire() and srcu_lock_acquire()
 * pass a recursive reader, who never waits. Only synchronize_srcu() does.
 */
bool lock_readers_recurse(struct str name);

/*
 * The shortest way from any class with from[i] set to any with to[i] set, one
 * edge at least. Write up to @max indices, both ends included, into @path.
 * Return the number of classes on it, 0 if there is no way, or -ENOMEM. If
 * there are more than @max only that many are written. It may end in a class
 * whose readers recurse but does not go on from there: /proc/lockdep does not
 * tell readers from those who wait, and such a way is hardly ever one of these.
 */
int lock_graph_path(const struct lock_graph *g, const bool *from,
		    const bool *to, unsigned int *path, unsigned int max);

#endif
