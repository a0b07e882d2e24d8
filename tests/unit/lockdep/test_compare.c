// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/lockdep/report/compare.c, lib/base/json_read.c: which reports are the
 * same bug, and that JSON has the same fields of a report as the log.
 */
#include "base/json_read.h"
#include "golden.h"
#include "lockdep/report/compare.h"
#include "splat/splat.h"
#include "unit.h"

static struct report_id ids[16];
static unsigned int nr_ids;

static void on_id(const struct report_id *id, void *arg)
{
	if (nr_ids < 16)
		ids[nr_ids++] = *id;
}

struct both {
	struct json *j;
	struct report_id *ids;
	unsigned int nr;
};

static void on_report(const struct report *r, void *arg)
{
	struct both *b = arg;

	if (b->nr == 16)
		return;
	report_json(b->j, r, false);
	report_id_of(&b->ids[b->nr++], r);
}

/* The reports of a golden log: ids[] from JSON, @direct from the log. */
static char *read_ids(const char *path, struct report_id *direct,
		      unsigned int *nr)
{
	struct report_parser *p = malloc(sizeof(*p));
	struct both b = { .ids = direct };
	struct golden g = { };
	struct json j;
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	CHECK(golden_load(&g, path));
	b.j = &j;
	json_init(&j, f);
	json_array(&j, NULL);
	report_parser_init(p, on_report, &b);
	report_parser_feed(p, g.log.p, g.log.n);
	report_parser_end(p);
	json_array_end(&j);
	fclose(f);
	nr_ids = 0;
	CHECK(report_ids_of_json(str_of(text), on_id, NULL));
	*nr = b.nr;
	golden_free(&g);
	free(p);
	return text;
}

static void json_tells_the_same(void)
{
	static struct report_id direct[16];
	unsigned int nr, i, seen = 0;
	size_t f;
	glob_t logs;

	golden_glob(&logs);
	for (f = 0; f < logs.gl_pathc; f++) {
		free(read_ids(logs.gl_pathv[f], direct, &nr));
		CHECK_EQ(nr_ids, nr);
		for (i = 0; i < nr && i < nr_ids; i++)
			CHECK(!memcmp(&ids[i], &direct[i], sizeof(ids[i])));
		seen += nr;
	}
	CHECK(seen > 20);
	globfree(&logs);
}

/* Cut off anywhere, it is not splat's JSON. */
static void json_cut(void)
{
	static struct report_id direct[16];
	char path[4096], *text, *copy;
	unsigned int nr;
	size_t n, full;

	snprintf(path, sizeof(path), "%s/circular-7.3.4-orc.log", golden_dir());
	text = read_ids(path, direct, &nr);
	full = strlen(text) - 1;
	for (n = 0; n < full; n++) {
		copy = malloc(n + 1);
		memcpy(copy, text, n);
		nr_ids = 0;
		CHECK(!report_ids_of_json((struct str){ copy, n }, on_id,
					  NULL));
		free(copy);
	}
	free(text);
}

static bool takes(const char *text)
{
	nr_ids = 0;
	return report_ids_of_json(str_of(text), on_id, NULL);
}

static void json_forms(void)
{
	static char deep[400];

	CHECK(takes("[]"));
	CHECK(takes(" [ {\"kind\" : \"rcu\" , \"new\": [1, {\"a\": null}, "
		    "-2.5e3],\n\"complete\":true, "
		    "\"title\":\"\\u0041\\n\\\"\" } ]\n"));
	CHECK_STR(ids[0].title, "A\n\"");
	CHECK(ids[0].complete);
	CHECK(takes("[{\"kind\":\"a\"},{\"kind\":\"b\",\"acquiring\":null}]"));
	CHECK_EQ(nr_ids, 2);
	CHECK(!takes("[{\"kind\":\"a\"} {\"kind\":\"b\"}]"));
	CHECK(!takes("[{\"kind\":\"a\",}]"));
	CHECK(!takes("[{\"kind\":\"a\"}] x"));
	CHECK(!takes("[{\"kind\":\"\\q\"}]"));
	CHECK(!takes("[{\"kind\":\"\\u12\"}]"));
	CHECK(!takes("[{}]"));
	CHECK(!takes("{}"));
	CHECK(!takes("[1]"));
	strcpy(deep, "[{\"kind\":\"a\",\"x\":");
	memset(deep + strlen(deep), '[', 300);
	CHECK(!takes(deep));
	CHECK(json_looks_like(STR(" \n[\n{")));
	CHECK(json_looks_like(STR("[]")));
	CHECK(!json_looks_like(STR("[    0.000000] Linux version")));
	CHECK(!json_looks_like(STR("[")));
	CHECK(!json_looks_like(STR("")));
}

static enum sameness compare_logs(const char *a, const char *b, char *why,
				  size_t size)
{
	static struct report_id of[2][16];
	unsigned int nr;
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s.log", golden_dir(), a);
	free(read_ids(path, of[0], &nr));
	CHECK(nr > 0);
	snprintf(path, sizeof(path), "%s/%s.log", golden_dir(), b);
	free(read_ids(path, of[1], &nr));
	CHECK(nr > 0);
	return report_compare(&of[0][0], &of[1][0], why, size);
}

static void check_logs(const char *a, const char *b, enum sameness is,
		       const char *want)
{
	char why[1024];

	CHECK_EQ(compare_logs(a, b, why, sizeof(why)), is);
	CHECK_STR(why, want);
}

static void golden_pairs(void)
{
	check_logs("circular-6.17-tdx", "circular-7.3.4-orc", SAME_CYCLE,
		   "&mm->mmap_lock is taken by tdx_gmem_post_populate in A, "
		   "kvm_gmem_populate in B");
	check_logs("circular-7.3.4-orc-mirrored", "circular-7.3.4-orc", SAME,
		   "");
	check_logs("circular-6.17-tdx", "circular-6.17-tdx-mirrored-by-hand",
		   SAME, "");
	check_logs("circular-7.3.4-orc", "circular-three-classes-by-hand",
		   DIFFERENT, "&kvm->slots_lock only in B");
	check_logs("circular-7.3.4-orc", "recursive-by-hand", DIFFERENT,
		   "kind: circular in A, recursive in B");
	check_logs("rcu-by-hand", "rcu-by-hand", SAME, "");
}

static struct report_id made(const char *kind, const char *signature)
{
	struct report_id id = { .complete = true };

	snprintf(id.kind, sizeof(id.kind), "%s", kind);
	snprintf(id.signature, sizeof(id.signature), "%s", signature);
	return id;
}

static struct report_id cycle(const char *a, const char *b, const char *tail)
{
	char sig[400];
	struct report_id id;

	snprintf(sig, sizeof(sig), "circular: %s > %s | %s", a, b, tail);
	id = made("circular", sig);
	strcpy(id.cycle[0], a);
	strcpy(id.cycle[1], b);
	id.nr_cycle = 2;
	return id;
}

static void by_hand(void)
{
	struct report_id x, y;
	char why[256];

	x = cycle("a", "b", "f, g");
	y = cycle("a", "c", "f, g");
	CHECK_EQ(report_compare(&x, &y, why, sizeof(why)), DIFFERENT);
	CHECK_STR(why, "b only in A, c only in B");
	y = cycle("a", "b/1", "f, g");
	CHECK_EQ(report_compare(&x, &y, why, sizeof(why)), DIFFERENT);
	y = cycle("a", "b", "h, i");
	CHECK_EQ(report_compare(&x, &y, why, sizeof(why)), SAME_CYCLE);
	CHECK_STR(why, "a is taken by f in A, h in B; "
		  "b is taken by g in A, i in B");
	CHECK_EQ(report_compare(&x, &y, why, 8), SAME_CYCLE);
	x = cycle("a | b", "c", "f, g");
	y = cycle("a | b", "c", "f, h");
	CHECK_EQ(report_compare(&x, &y, why, sizeof(why)), SAME_CYCLE);
	CHECK_STR(why, "c is taken by g in A, h in B");

	x = made("rcu", "");
	y = made("rcu", "");
	strcpy(x.title, "suspicious RCU usage in f");
	strcpy(y.title, "suspicious RCU usage in g");
	CHECK_EQ(report_compare(&x, &y, why, sizeof(why)), DIFFERENT);
	strcpy(y.title, x.title);
	CHECK_EQ(report_compare(&x, &y, why, sizeof(why)), SAME);
	strcpy(y.acquiring, "l");
	CHECK_EQ(report_compare(&x, &y, why, sizeof(why)), DIFFERENT);
	CHECK_STR(why, "lock: none in A, l in B");
}

UNIT_MAIN(
	{ "json_tells_the_same", json_tells_the_same },
	{ "json_cut", json_cut },
	{ "json_forms", json_forms },
	{ "golden_pairs", golden_pairs },
	{ "by_hand", by_hand },
)
