/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Potential cycles in a recorded lock order: classes that reach each other. The
 * kernel refuses an edge that closes a cycle and reports it, so what is left is
 * made of edges that lockdep knows to be harmless together (readers that do not
 * exclude each other), and /proc/lockdep does not tell these apart; or of
 * several runs' edges put together.
 */
#ifndef LOCKDEP_CYCLES_H
#define LOCKDEP_CYCLES_H

#include "graph.h"

/* Classes of which each reaches each: a strongly connected component. */
struct lock_knot {
	unsigned int *classes;
	unsigned int nr_classes;
	unsigned int *cycle;	/* a shortest one; the first is not repeated */
	unsigned int nr_cycle;
	bool shortest;		/* no: looking for a shorter one was given up */
};

struct lock_cycles {
	struct lock_knot *knots;	/* by length of the cycle */
	unsigned int nr_knots;
	uint64_t pairs;		/* of classes that reach each other */
	unsigned int *of_class;	/* index of its knot, plus 1; 0: in none */
	unsigned int *room;
};

/* 0 or -ENOMEM. lock_cycles_free() may be called on a zeroed struct. */
int lock_cycles_find(struct lock_cycles *c, const struct lock_graph *g);
void lock_cycles_free(struct lock_cycles *c);

/* Does the edge lie on a cycle? */
bool lock_cycles_edge(const struct lock_cycles *c, unsigned int from,
		      unsigned int to);

#endif
