// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/lockdep/graph/paths.c: every path once, shortest first; the number is
 * compared with brute force.
 */
#include "lockdep/graph/paths.h"
#include "made_graph.h"

struct seen {
	const struct made *m;
	const bool *from;
	const bool *to;
	unsigned int count;
	unsigned int max;
	unsigned int last;	/* classes of the path before */
	char text[256];
};

static bool on_path(const unsigned int *path, unsigned int n, void *arg)
{
	struct seen *s = arg;
	unsigned int i, k;

	CHECK(n >= 2 && n >= s->last);
	CHECK(s->from[path[0]] && s->to[path[n - 1]]);
	for (i = 1; i < n; i++) {
		CHECK(s->m->edge[path[i - 1]][path[i]]);
		for (k = 1; k < i; k++)
			CHECK(path[i] != path[k]);
	}
	for (i = 1; i + 1 < n; i++)
		CHECK(!s->from[path[i]] && !s->to[path[i]]);
	for (i = 0; i < n && strlen(s->text) < sizeof(s->text) - 4; i++)
		sprintf(s->text + strlen(s->text), "%s%x",
			!i && s->count ? " " : "", path[i]);
	s->last = n;
	return ++s->count != s->max;
}

static unsigned int brute(const struct made *m, const bool *from,
			  const bool *to, bool *on, unsigned int i)
{
	unsigned int k, n = 0;

	on[i] = true;
	for (k = 0; k < m->n; k++) {
		if (!m->edge[i][k])
			continue;
		if (to[k])
			n++;
		else if (!on[k] && !from[k])
			n += brute(m, from, to, on, k);
	}
	on[i] = false;
	return n;
}

static void as_brute_force(void)
{
	unsigned int seed = 7, i, k, want;
	struct made m;

	for (i = 0; i < 2000; i++) {
		bool from[MADE_MAX] = { }, to[MADE_MAX] = { };
		bool on[MADE_MAX] = { };
		struct seen s = { .m = &m, .from = from, .to = to };
		struct lock_path_search w = { .fn = on_path, .arg = &s };
		unsigned int n = 1 + made_random(&seed, 9);

		made_any(&m, &seed, n, made_random(&seed, 3 * n));
		for (k = 0; k < 3; k++) {
			from[made_random(&seed, n)] = true;
			to[made_random(&seed, n)] = true;
		}
		for (k = want = 0; k < n; k++)
			want += from[k] ? brute(&m, from, to, on, k) : 0;
		CHECK_EQ(lock_graph_all_paths(&w, &m.g, from, to), 0);
		CHECK_EQ(s.count, want);
		CHECK(!w.gave_up);
		made_free(&m);
	}
}

static const char *paths(unsigned int n, const char *edges, unsigned int from,
			 unsigned int to, unsigned int max)
{
	bool a[MADE_MAX] = { }, b[MADE_MAX] = { };
	static struct seen s;
	struct lock_path_search w = { .fn = on_path, .arg = &s };
	struct made m;

	made_of(&m, n, edges);
	a[from] = b[to] = true;
	s = (struct seen){ .m = &m, .from = a, .to = b, .max = max };
	CHECK_EQ(lock_graph_all_paths(&w, &m.g, a, b), 0);
	CHECK(!w.gave_up);
	made_free(&m);
	return s.text;
}

static void by_hand(void)
{
	static const char edges[] = "01 12 23 03 13 34 42";

	CHECK_STR(paths(5, edges, 0, 3, 0), "03 013 0123");
	CHECK_STR(paths(5, edges, 0, 3, 1), "03");
	CHECK_STR(paths(5, edges, 0, 3, 2), "03 013");
	CHECK_STR(paths(5, edges, 3, 0, 0), "");
	/* A cycle, back to its start. */
	CHECK_STR(paths(5, edges, 3, 3, 0), "3423");
	CHECK_STR(paths(2, "00 01 10", 0, 0, 0), "00 010");
}

/* Very many paths: first none reaches the end, then the search gives up. */
static void too_many(void)
{
	bool a[MADE_MAX] = { }, b[MADE_MAX] = { };
	struct seen s = { .from = a, .to = b };
	struct lock_path_search w = { .fn = on_path, .arg = &s };
	unsigned int i, k;
	struct made m = { .n = MADE_MAX };

	for (i = 0; i < MADE_MAX - 1; i++)
		for (k = 0; k < MADE_MAX - 1; k++)
			m.edge[i][k] = i != k;
	made_parse(&m);
	a[0] = true;
	b[MADE_MAX - 1] = true;
	s.m = &m;
	CHECK_EQ(lock_graph_all_paths(&w, &m.g, a, b), 0);
	CHECK_EQ(s.count, 0);
	made_free(&m);

	m.edge[1][MADE_MAX - 1] = true;
	made_parse(&m);
	CHECK_EQ(lock_graph_all_paths(&w, &m.g, a, b), 0);
	CHECK(s.count > 1000);
	CHECK(w.gave_up);
	made_free(&m);
}

UNIT_MAIN(
	{ "as_brute_force", as_brute_force },
	{ "by_hand", by_hand },
	{ "too_many", too_many },
)
