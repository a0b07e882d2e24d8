/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Potential cycles in a recorded lock order: classes that reach each other.
 * When an edge would close a cycle the kernel reports it and does not record
 * it. So the cycles in /proc/lockdep consist of edges that lockdep knows to be
 * harmless together (readers that do not exclude each other), which the file
 * does not mark; or the record combines the edges of several runs.
 */
#ifndef LOCKDEP_GRAPH_CYCLES_H
#define LOCKDEP_GRAPH_CYCLES_H

#include "graph.h"

/* A strongly connected component: classes that all reach each other. */
struct lock_component {
	unsigned int *classes;
	unsigned int nr_classes;
	unsigned int *cycle;	/* a shortest; the first is not repeated */
	unsigned int nr_cycle;
	bool shortest;		/* no: the search for a shorter one gave up */
};

struct lock_cycles {
	struct lock_component *components;	/* sorted by nr_cycle */
	unsigned int nr_components;
	uint64_t pairs;		/* of classes that reach each other */
	unsigned int *of_class;	/* index of its component, plus 1; 0: none */
	unsigned int *room;
};

/* 0 or -ENOMEM. lock_cycles_free() may be called on a zeroed struct. */
int lock_cycles_find(struct lock_cycles *c, const struct lock_graph *g);
void lock_cycles_free(struct lock_cycles *c);

/* Is the edge part of a cycle? */
bool lock_cycles_edge(const struct lock_cycles *c, unsigned int from,
		      unsigned int to);

#endif
