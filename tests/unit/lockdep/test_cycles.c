// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/lockdep/graph/cycles.c: exactly the classes that reach each other,
 * compared with brute force, and a correct shortest cycle.
 */
#include "lockdep/graph/cycles.h"
#include "made_graph.h"

static void close_over(const struct made *m, bool reach[MADE_MAX][MADE_MAX])
{
	unsigned int i, j, k;

	memcpy(reach, m->edge, sizeof(m->edge));
	for (k = 0; k < m->n; k++)
		for (i = 0; i < m->n; i++)
			for (j = 0; j < m->n; j++)
				reach[i][j] |= reach[i][k] && reach[k][j];
}

/* Edges of the shortest path from @i to @i, by an independent search. */
static int back_to(const struct made *m, unsigned int i)
{
	bool set[MADE_MAX] = { };
	unsigned int path[MADE_MAX + 1];

	set[i] = true;
	return lock_graph_shortest_path(&m->g, set, set, path,
					MADE_MAX + 1) - 1;
}

static void check_component(const struct made *m,
			    const struct lock_component *k)
{
	int best = MADE_MAX + 1, n;
	unsigned int i;

	for (i = 0; i < k->nr_classes; i++) {
		n = back_to(m, k->classes[i]);
		CHECK(n > 0);
		best = n < best ? n : best;
	}
	CHECK_EQ(k->nr_cycle, best);
	CHECK(k->shortest);
	for (i = 0; i < k->nr_cycle; i++)
		CHECK(m->edge[k->cycle[i]][k->cycle[(i + 1) % k->nr_cycle]]);
}

static void check_made(const struct made *m)
{
	bool reach[MADE_MAX][MADE_MAX];
	unsigned int i, j, pairs = 0;
	struct lock_cycles c;

	close_over(m, reach);
	CHECK_EQ(lock_cycles_find(&c, &m->g), 0);
	for (i = 0; i < m->n; i++) {
		CHECK_EQ(c.of_class[i] != 0, reach[i][i]);
		for (j = 0; j < i; j++) {
			bool both = reach[i][j] && reach[j][i];

			pairs += both;
			CHECK_EQ(both, c.of_class[i] &&
				 c.of_class[i] == c.of_class[j]);
			CHECK_EQ(both, lock_cycles_edge(&c, i, j));
		}
	}
	CHECK_EQ(c.pairs, pairs);
	for (i = 0; i < c.nr_components; i++) {
		check_component(m, &c.components[i]);
		CHECK(!i || c.components[i - 1].nr_cycle <=
			    c.components[i].nr_cycle);
	}
	lock_cycles_free(&c);
}

static void as_brute_force(void)
{
	unsigned int seed = 1, i;
	struct made m;

	for (i = 0; i < 3000; i++) {
		unsigned int n = 1 + made_random(&seed, MADE_MAX);

		made_any(&m, &seed, n, made_random(&seed, 3 * n));
		check_made(&m);
		made_free(&m);
	}
}

static void by_hand(void)
{
	struct lock_cycles c;
	struct made m;

	made_of(&m, 7, "01 12 20 34 43 35 56");
	CHECK_EQ(lock_cycles_find(&c, &m.g), 0);
	CHECK_EQ(c.nr_components, 2);
	CHECK_EQ(c.pairs, 4);
	CHECK_EQ(c.components[0].nr_cycle, 2);
	CHECK_EQ(c.components[1].nr_cycle, 3);
	CHECK_EQ(c.of_class[5], 0);
	CHECK(lock_cycles_edge(&c, 3, 4));
	CHECK(!lock_cycles_edge(&c, 3, 5));
	lock_cycles_free(&c);
	made_free(&m);

	made_of(&m, 4, "01 12 23 02 03");
	CHECK_EQ(lock_cycles_find(&c, &m.g), 0);
	CHECK_EQ(c.nr_components, 0);
	lock_cycles_free(&c);
	made_free(&m);
}

/* One ring through all classes: not every search may go all the way round. */
static void large_ring(void)
{
	struct lock_cycles c;
	struct lock_graph g;
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	unsigned int i, n = 8192;

	fprintf(f, "all lock classes:\n");
	for (i = 0; i < n; i++)
		fprintf(f, "%016x FD: 1 BD: 1 ++++: c\n -> [%016x] c\n\n",
			i + 1, (i + 1) % n + 1);
	fclose(f);
	CHECK_EQ(lock_graph_parse(&g, str_of(text)), 0);
	CHECK_EQ(lock_cycles_find(&c, &g), 0);
	CHECK_EQ(c.nr_components, 1);
	CHECK_EQ(c.components[0].nr_cycle, n);
	CHECK(c.components[0].shortest);
	lock_cycles_free(&c);
	lock_graph_free(&g);
	free(text);
}

/* Edges to classes without a line lead nowhere. */
static void dangling(void)
{
	struct lock_cycles c;
	struct lock_graph g;

	CHECK_EQ(lock_graph_parse(&g, STR("all lock classes:\n"
		"0000000000000001 FD: 1 BD: 1 ++++: a\n"
		" -> [0000000000000009] gone\n\n")), 0);
	CHECK_EQ(lock_cycles_find(&c, &g), 0);
	CHECK_EQ(c.nr_components, 0);
	lock_cycles_free(&c);
	lock_graph_free(&g);
}

UNIT_MAIN(
	{ "as_brute_force", as_brute_force },
	{ "by_hand", by_hand },
	{ "large_ring", large_ring },
	{ "dangling", dangling },
)
