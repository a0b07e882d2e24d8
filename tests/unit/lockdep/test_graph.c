// SPDX-License-Identifier: GPL-2.0-only
/* lib/lockdep/graph/graph.c: the forms of /proc/lockdep, edges and paths. */
#include <errno.h>

#include "lockfile.h"

static unsigned int find(const struct lock_graph *g, const char *name)
{
	unsigned int i;

	for (i = 0; i < g->nr_classes; i++)
		if (str_eq(g->classes[i].name, str_of(name)))
			return i;
	CHECK_STR(name, "a class");
	return 0;
}

/* The shortest path as text, or "". */
static const char *path(const struct lock_graph *g, const char *from,
			const char *to)
{
	static char text[1024];
	bool *a = calloc(g->nr_classes, 1), *b = calloc(g->nr_classes, 1);
	unsigned int classes[32];
	int i, n;

	a[find(g, from)] = b[find(g, to)] = true;
	n = lock_graph_shortest_path(g, a, b, classes, 32);
	text[0] = '\0';
	for (i = 0; i < n; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "%s%.*s", i ? " > " : "",
			 (int)g->classes[classes[i]].name.n,
			 g->classes[classes[i]].name.p);
	free(a);
	free(b);
	return text;
}

static void real(void)
{
	char *text = lockfile_load("lockdep-7.3.4");
	struct lock_graph g;
	unsigned int gmem;

	lockfile_graph(&g, text);
	/* The number in its lockdep_stats. */
	CHECK_EQ(g.nr_classes, 502);
	CHECK_EQ(g.dangling, 0);
	gmem = find(&g, "mapping.invalidate_lock");
	CHECK_EQ(g.classes[gmem].nr_edges, 11);
	CHECK(lock_class_used(&g.classes[gmem]));
	CHECK(lock_graph_has_edge(&g, find(&g, "&kvm->slots_lock"), gmem));
	CHECK(lock_graph_has_edge(&g, gmem, find(&g, "&(kvm)->mmu_lock")));
	CHECK(!lock_graph_has_edge(&g, gmem, find(&g, "&mm->mmap_lock")));
	lock_graph_free(&g);
	free(text);
}

static const char small[] =
	"all lock classes:\n"
	"00000000aaaa0001 OPS:      12 FD:    5 BD:    1 +.+.: a\n"
	" -> [00000000aaaa0002] b#2\n"
	" -> [00000000aaaa0003] b#2/1\n"
	"\n"
	"00000000aaaa0002 OPS:       0 FD:    4 BD:    2 ....: b#2\n"
	" -> [00000000aaaa0004] (w)(&c->d)\n"
	"\n"
	"00000000aaaa0003 OPS:       0 FD:    4 BD:    2 ++++: b#2/1\n"
	"\n"
	"00000000aaaa0004 OPS:       0 FD:    3 BD:    3 ++++: (w)(&c->d)\n"
	" -> [00000000aaaa0005] e: f\n"
	"\n"
	"00000000aaaa0005 OPS:       0 FD:    2 BD:    4 ++++: e: f\n"
	" -> [00000000aaaa0001] a\n"
	"\n";

static void small_graph(const char *text)
{
	struct lock_graph g;

	lockfile_graph(&g, text);
	CHECK_EQ(g.nr_classes, 5);
	CHECK_EQ(g.nr_edges, 5);
	CHECK_EQ(g.dangling, 0);
	CHECK_EQ(g.twins, 0);
	CHECK_EQ(g.by_name, !strstr(text, "aaaa"));
	CHECK(lock_class_used(&g.classes[0]));
	CHECK(!lock_class_used(&g.classes[1]));
	CHECK(lock_class_is(&g.classes[1], STR("b")));
	CHECK(lock_class_is(&g.classes[2], STR("b")));
	CHECK(!lock_class_is(&g.classes[0], STR("b")));
	CHECK_STR(path(&g, "a", "e: f"), "a > b#2 > (w)(&c->d) > e: f");
	CHECK_STR(path(&g, "a", "b#2/1"), "a > b#2/1");
	CHECK_STR(path(&g, "b#2/1", "a"), "");
	/* A cycle leads back to its start. */
	CHECK_STR(path(&g, "a", "a"), "a > b#2 > (w)(&c->d) > e: f > a");
	lock_graph_free(&g);
}

/* Hashed keys; none at all, early in a boot; two with the same hash. */
static void keys(void)
{
	struct lock_graph g;
	char *text;

	small_graph(small);
	text = lockfile_replace(strdup(small), "00000000aaaa0002",
				"00000000aaaa0004");
	small_graph(text);
	text = lockfile_replace(text, "00000000aaaa0001", "(____ptrval____)");
	text = lockfile_replace(text, "00000000aaaa0003", "(____ptrval____)");
	text = lockfile_replace(text, "00000000aaaa0004", "(____ptrval____)");
	text = lockfile_replace(text, "00000000aaaa0005", "(____ptrval____)");
	small_graph(text);
	text = lockfile_replace(text, ": e: f\n", ": a\n");
	lockfile_graph(&g, text);
	CHECK(g.by_name);
	CHECK_EQ(g.twins, 1);
	lock_graph_free(&g);
	free(text);
}

/* A path can end at a lock whose readers never wait, but not go through it. */
static void recursive_readers(void)
{
	char *text = lockfile_replace(strdup(small), "(w)(&c->d)", "&k->srcu");
	struct lock_graph g;

	lockfile_graph(&g, text);
	CHECK_STR(path(&g, "a", "&k->srcu"), "a > b#2 > &k->srcu");
	CHECK_STR(path(&g, "a", "e: f"), "");
	CHECK_STR(path(&g, "&k->srcu", "a"), "&k->srcu > e: f > a");
	lock_graph_free(&g);
	free(text);
	CHECK(lock_readers_recurse(STR("rcu_read_lock_sched")));
	CHECK(!lock_readers_recurse(STR("&rcu_state.expedited_wq")));
}

/* Without PROVE_LOCKING: only names. */
static void no_proving(void)
{
	struct lock_graph g;

	lockfile_graph(&g, "all lock classes:\n00000000aaaa0001: a\n"
		       "00000000aaaa0002: b\n");
	CHECK_EQ(g.nr_classes, 2);
	CHECK_EQ(g.nr_edges, 0);
	CHECK(!lock_class_used(&g.classes[0]));
	lock_graph_free(&g);
}

/* Classes appear and disappear while the file is read. */
static void dangling(void)
{
	struct lock_graph g;

	lockfile_graph(&g, "all lock classes:\n"
		       "00000000aaaa0001 FD: 1 BD: 1 ++++: a\n"
		       " -> [00000000aaaa0009] gone\n\n");
	CHECK_EQ(g.dangling, 1);
	CHECK(!lock_graph_has_edge(&g, 0, 0));
	CHECK_STR(path(&g, "a", "a"), "");
	lock_graph_free(&g);
}

static void no_lockdep_file(void)
{
	static const char *const texts[] = {
		"", "\n", "all lock classes:", "all lock classes:\n",
		"all lock chains:\nirq_context: 0\n", "garbage\n",
		"all lock classes:\n -> [00000000aaaa0001] a\n",
		"all lock classes:\n00000000aaaa0001 a\n",
		"all lock classes:\n00000000aaaa0001 FD: 1 ++++: a\n",
		"all lock classes:\n00000000aaaa0001 FD: 1 BD: 1 +\n",
		"all lock classes:\nxyz: a\n",
	};
	struct lock_graph g;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		CHECK_EQ(lock_graph_parse(&g, str_of(texts[i])), -EINVAL);
}

/* 8192 classes with 4 edges each: a chain with shortcuts back. */
static void large(void)
{
	struct lock_graph g;
	char *text = NULL;
	unsigned int i;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	bool *a = calloc(8192, 1), *b = calloc(8192, 1);
	unsigned int path[4];

	fprintf(f, "all lock classes:\n");
	for (i = 0; i < 8192; i++) {
		unsigned int k;

		fprintf(f, "%016x FD: 1 BD: 1 ++++: lock%u\n", i + 1, i);
		for (k = 0; k < 4; k++) {
			unsigned int to = k ? i / (k + 1) : (i + 1) % 8192;

			fprintf(f, " -> [%016x] lock%u\n", to + 1, to);
		}
		fprintf(f, "\n");
	}
	fclose(f);
	lockfile_graph(&g, text);
	CHECK_EQ(g.nr_edges, 32768);
	CHECK_EQ(g.dangling, 0);
	a[0] = b[8191] = true;
	CHECK_EQ(lock_graph_shortest_path(&g, a, b, path, 4), 8192);
	CHECK_EQ(path[0], 0);
	CHECK_EQ(path[3], 3);
	lock_graph_free(&g);
	free(text);
	free(a);
	free(b);
}

UNIT_MAIN(
	{ "real", real },
	{ "keys", keys },
	{ "recursive_readers", recursive_readers },
	{ "no_proving", no_proving },
	{ "dangling", dangling },
	{ "no_lockdep_file", no_lockdep_file },
	{ "large", large },
)
