/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /proc/lockdep as a graph: lock classes, and the recorded edges "this class
 * was held when that one was taken". The kernel prints direct edges only; paths
 * through other classes are found here.
 */
#ifndef LOCKDEP_GRAPH_GRAPH_H
#define LOCKDEP_GRAPH_GRAPH_H

#include "base/str.h"

struct lock_class {
	struct str name;	/* name[#n][/subclass], as printed */
	uint64_t key;		/* the key's address or its hash; 0: unknown */
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
	unsigned int twins;	/* classes with the name and key of another */
};

/*
 * Parse @text, which must outlive the graph: names point into it. 0, -EINVAL if
 * it is no /proc/lockdep, -ENOMEM. lock_graph_free() accepts a zeroed graph.
 */
int lock_graph_parse(struct lock_graph *g, struct str text);
void lock_graph_free(struct lock_graph *g);

/* Has the validator recorded any use: a usage other than "...."? */
bool lock_class_used(const struct lock_class *c);

/* Is @name @group, with or without a subclass? @group includes #n. */
bool lock_name_is(struct str name, struct str group);

/* Add @name to the text of a path, "a > b > c". */
void lock_path_add(char *path, size_t size, struct str name);

/* Is @base the name of class @c, ignoring #n and /subclass? */
bool lock_class_is(const struct lock_class *c, struct str base);

bool lock_graph_has_edge(const struct lock_graph *g, unsigned int from,
			 unsigned int to);

/*
 * RCU's and SRCU's read sides: rcu_read_lock_acquire() and srcu_lock_acquire()
 * pass a recursive reader, which never waits. Only synchronize_srcu() waits.
 */
bool lock_readers_recurse(struct str name);

/*
 * The shortest path from any class with from[i] set to any with to[i] set, with
 * one edge at least. Return the number of its classes, 0 if there is no path,
 * or -ENOMEM. Write the indices of the first @max classes, including both ends,
 * to @path. A path can end in a class whose readers recurse but does not go on
 * from there: /proc/lockdep does not mark readers, and nearly all users of such
 * a class are readers, which do not wait.
 */
int lock_graph_shortest_path(const struct lock_graph *g, const bool *from,
			     const bool *to, unsigned int *path,
			     unsigned int max);

#endif
