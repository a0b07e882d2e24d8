/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All ways from one class to another, shortest first: how a lock that is held
 * leads, through others, to the one that is waited for.
 */
#ifndef LOCKDEP_WAYS_H
#define LOCKDEP_WAYS_H

#include "graph.h"

struct lock_paths {
	/* Called for each way, with both ends; false stops. */
	bool (*fn)(const unsigned int *path, unsigned int n, void *arg);
	void *arg;
	bool gave_up;		/* there may be more: too many were tried */
};

/*
 * Ways from any class with from[i] set to any with to[i] set, one edge at
 * least. No class comes twice, but for an end that is both; only the ends are
 * of @from and @to. 0 or -ENOMEM.
 */
int lock_paths(struct lock_paths *w, const struct lock_graph *g,
	      const bool *from, const bool *to);

#endif
