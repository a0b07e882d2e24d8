/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Generated lock orders: the text of a /proc/lockdep with given edges between
 * numbered classes.
 */
#ifndef MADE_GRAPH_H
#define MADE_GRAPH_H

#include <stdio.h>
#include <stdlib.h>

#include "lockdep/graph/graph.h"
#include "unit.h"

#define MADE_MAX	16

struct made {
	unsigned int n;
	bool edge[MADE_MAX][MADE_MAX];
	char *text;
	struct lock_graph g;
};

static inline unsigned int made_random(unsigned int *seed, unsigned int below)
{
	*seed = *seed * 1103515245U + 12345U;
	return (*seed >> 16) % below;
}

static inline void made_parse(struct made *m)
{
	unsigned int i, k;
	size_t size;
	FILE *f = open_memstream(&m->text, &size);

	fprintf(f, "all lock classes:\n");
	for (i = 0; i < m->n; i++) {
		fprintf(f, "%016x FD: 1 BD: 1 ++++: c%u\n", i + 1, i);
		for (k = 0; k < m->n; k++)
			if (m->edge[i][k])
				fprintf(f, " -> [%016x] c%u\n", k + 1, k);
		fprintf(f, "\n");
	}
	fclose(f);
	CHECK_EQ(lock_graph_parse(&m->g, str_of(m->text)), 0);
}

/* @n classes and about @edges edges. */
static inline void made_any(struct made *m, unsigned int *seed, unsigned int n,
			    unsigned int edges)
{
	memset(m, 0, sizeof(*m));
	m->n = n;
	while (edges--)
		m->edge[made_random(seed, n)][made_random(seed, n)] = true;
	made_parse(m);
}

/* "01 12 20": an edge of each pair of digits */
static inline void made_of(struct made *m, unsigned int n, const char *edges)
{
	memset(m, 0, sizeof(*m));
	m->n = n;
	for (; *edges; edges += 2 + (edges[2] == ' '))
		m->edge[edges[0] - '0'][edges[1] - '0'] = true;
	made_parse(m);
}

static inline void made_free(struct made *m)
{
	lock_graph_free(&m->g);
	free(m->text);
}

#endif
