/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All paths from one class to another in a lock order, shortest first: through
 * which others a held lock leads to the awaited one.
 */
#ifndef LOCKDEP_GRAPH_PATHS_H
#define LOCKDEP_GRAPH_PATHS_H

#include "graph.h"

struct lock_path_search {
	/* Called for each path, with both ends; false stops. */
	bool (*fn)(const unsigned int *path, unsigned int n, void *arg);
	void *arg;
	bool gave_up;		/* tried too many: there may be more */
};

/*
 * Paths from any class with from[i] set to any with to[i] set, with one edge at
 * least. Only the ends of a path are in @from and @to, and no class is on it
 * twice, except that both ends can be one class. 0 or -ENOMEM.
 */
int lock_graph_all_paths(struct lock_path_search *search,
			 const struct lock_graph *g, const bool *from,
			 const bool *to);

#endif
