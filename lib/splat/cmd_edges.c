// SPDX-License-Identifier: GPL-2.0-only
/*
 * splat edges: the recorded lock order.
 */
#include <errno.h>
#include <stdlib.h>

#include "splat.h"

#define PATH_CLASSES	64

enum { OPT_FROM, OPT_TO, OPT_FILE, OPT_JSON, OPT_ROOT, OPT_HELP };

static const struct option_def defs[] = {
	{ "--from", true, OPT_FROM },
	{ "--to", true, OPT_TO },
	{ "--file", true, OPT_FILE },
	{ "--json", false, OPT_JSON },
	{ "--proc-root", true, OPT_ROOT },
	{ "--help", false, OPT_HELP },
	{ "-h", false, OPT_HELP },
	{ }
};

static const char help[] =
"usage: splat edges [options]              guest_memfd's AB and BA\n"
"       splat edges [options] CLASS        what was taken under CLASS\n"
"       splat edges [options] --from X --to Y    the shortest way\n"
"\n"
"  AB   guest_memfd's mapping.invalidate_lock > &mm->mmap_lock (forbidden)\n"
"  BA   &mm->mmap_lock > guest_memfd's mapping.invalidate_lock\n"
"\n"
"A CLASS is named as /proc/lockdep does; without #N or /subclass, all that are\n"
"called so are meant.\n"
"\n"
"  --file FILE       a copy of /proc/lockdep\n"
"  --json            as JSON\n"
"  --proc-root DIR   for tests: DIR/proc/lockdep in place of /proc/lockdep\n"
"\n"
"exit: 0 there are such edges (for AB and BA: AB was not recorded), 1 there are\n"
"none (AB was recorded), 2 a file or a class is not there, 4 cannot tell\n";

struct edges {
	struct args a;
	const char *from;
	const char *to;
	const char *class;
	const char *file;
	const char *root;
	bool as_json;
	struct json json;
	struct snapshot snap;
	struct life_state life;
};

/*
 * What a lockdep that is not alive has not recorded may have happened all the
 * same.
 */
static int none_found(struct edges *e)
{
	if (e->life.life == LIFE_ALIVE)
		return EXIT_BAD;
	fprintf(stderr, "splat: lockdep is %s: %s: it cannot tell\n",
		life_name(e->life.life), e->life.reason);
	return EXIT_UNKNOWN;
}

/* All classes that @name can mean. */
static unsigned int mark(const struct lock_graph *g, const char *name,
			 bool *set)
{
	unsigned int i, n = 0;

	for (i = 0; i < g->nr_classes; i++) {
		set[i] = str_eq(g->classes[i].name, str_of(name)) ||
			 lock_class_is(&g->classes[i], str_of(name));
		n += set[i];
	}
	return n;
}

static bool *mark_new(struct edges *e, const char *name)
{
	bool *set = calloc(e->snap.graph.nr_classes + 1, sizeof(*set));

	if (!set)
		complain(&e->a, "memory", strerror(ENOMEM));
	else if (!mark(&e->snap.graph, name, set))
		complain(&e->a, name, "no such lock class");
	else
		return set;
	free(set);
	return NULL;
}

static void json_name(struct edges *e, const char *key,
		      const struct lock_class *c)
{
	char name[512];

	snprintf(name, sizeof(name), "%.*s", (int)c->name.n, c->name.p);
	json_string(&e->json, key, name);
}

static void put_name(struct edges *e, const char *before,
		     const struct lock_class *c)
{
	if (e->as_json)
		json_name(e, NULL, c);
	else
		printf("%s%.*s\n", before, (int)c->name.n, c->name.p);
}

static unsigned int show_class(struct edges *e, const struct lock_class *c)
{
	const struct lock_graph *g = &e->snap.graph;
	unsigned int i;

	if (e->as_json) {
		json_object(&e->json, NULL);
		json_name(e, "class", c);
		json_string(&e->json, "usage", c->usage);
		json_array(&e->json, "then");
	} else {
		printf("%.*s  %s\n", (int)c->name.n, c->name.p, c->usage);
	}
	for (i = 0; i < c->nr_edges; i++)
		if (g->edges[c->first_edge + i] < g->nr_classes)
			put_name(e, "  > ",
				 &g->classes[g->edges[c->first_edge + i]]);
	if (e->as_json) {
		json_array_end(&e->json);
		json_object_end(&e->json);
	}
	return c->nr_edges;
}

static int edges_of_class(struct edges *e)
{
	bool *set = mark_new(e, e->class);
	unsigned int i, n = 0;

	if (!set)
		return EXIT_USAGE;
	if (e->as_json)
		json_array(&e->json, NULL);
	for (i = 0; i < e->snap.graph.nr_classes; i++)
		if (set[i])
			n += show_class(e, &e->snap.graph.classes[i]);
	if (e->as_json)
		json_array_end(&e->json);
	free(set);
	return n ? EXIT_CLEAN : none_found(e);
}

static int show_path(struct edges *e, const bool *from, const bool *to)
{
	unsigned int path[PATH_CLASSES];
	int i, n = lock_graph_path(&e->snap.graph, from, to, path,
				   PATH_CLASSES);

	if (n < 0)
		return complain(&e->a, "memory", strerror(-n));
	if (e->as_json)
		json_array(&e->json, NULL);
	else if (!n)
		printf("no way from %s to %s\n", e->from, e->to);
	for (i = 0; i < n && i < PATH_CLASSES; i++)
		put_name(e, i ? "  > " : "", &e->snap.graph.classes[path[i]]);
	if (e->as_json)
		json_array_end(&e->json);
	return n ? EXIT_CLEAN : none_found(e);
}

static int way(struct edges *e)
{
	bool *from = mark_new(e, e->from);
	bool *to = from ? mark_new(e, e->to) : NULL;
	int ret = EXIT_USAGE;

	if (to)
		ret = show_path(e, from, to);
	free(from);
	free(to);
	return ret;
}

/* Is what /proc/lockdep does not have of @c known not to have happened? */
static void judge(struct edges *e, const struct gmem_class *c,
		  struct gmem_edges *g)
{
	struct life_watch watch = {
		.found = c->found != GMEM_NOT_FOUND,
		.used = c->used,
		.mm_used = gmem_mmap_lock_used(&e->snap.graph),
	};

	life_judge_run(&e->snap.seen, &e->snap.seen, &watch, &e->life);
	if (e->life.life != LIFE_ALIVE)
		gmem_forget_unseen(g);
}

static void life_json(struct edges *e)
{
	const char *reason = e->life.reason;

	json_object(&e->json, "lockdep");
	json_string(&e->json, "state", life_name(e->life.life));
	json_string(&e->json, "reason", reason[0] ? reason : NULL);
	json_object_end(&e->json);
}

static void life_text(struct edges *e)
{
	if (e->life.life != LIFE_ALIVE)
		printf("  %-10s %s: %s\n", "lockdep", life_name(e->life.life),
		       e->life.reason);
}

static int gmem(struct edges *e)
{
	static struct gmem_symbols sym;
	struct gmem_class c;
	struct gmem_edges g;
	int err;

	gmem_identify(&c, NULL, &e->snap.graph, NULL, "");
	if (c.found == GMEM_NOT_FOUND && !e->file) {
		snapshot_symbols(&sym, &e->snap, e->root);
		gmem_identify(&c, NULL, &e->snap.graph, &sym, "");
	}
	err = gmem_edges(&g, &e->snap.graph, &c);
	if (err)
		return complain(&e->a, "memory", strerror(-err));
	if (!e->file)
		snapshot_chains(&g, &c, e->root);
	judge(e, &c, &g);
	if (e->as_json) {
		json_object(&e->json, NULL);
		edge_json(&e->json, "ab", &g.ab);
		edge_json(&e->json, "ba", &g.ba);
		class_json(&e->json, &c);
		json_string(&e->json, "suspect",
			    g.suspect[0] ? g.suspect : NULL);
		life_json(e);
		json_object_end(&e->json);
	} else {
		edge_text(stdout, "AB", &g.ab);
		edge_text(stdout, "BA", &g.ba);
		class_text(stdout, &c);
		if (g.suspect[0])
			printf("  %-10s %s, of a class that is not known to be "
			       "guest_memfd's\n", "like AB", g.suspect);
		life_text(e);
	}
	if (g.ab.state == EDGE_UNKNOWN)
		return EXIT_UNKNOWN;
	return g.ab.state == EDGE_YES ? EXIT_BAD : EXIT_CLEAN;
}

static int load_file(struct edges *e)
{
	struct text *t = &e->snap.classes;
	int err = read_file(e->file, t);

	/* A copy is taken at its word: the rest of its /proc is not here. */
	e->snap.seen.stats.debug_locks = 1;
	e->snap.seen.prove_locking = -1;
	if (err)
		return err;
	return lock_graph_parse(&e->snap.graph, (struct str){ t->p, t->n });
}

static int load(struct edges *e)
{
	char path[4096];
	int err;

	snprintf(path, sizeof(path), "%s/proc/lockdep", e->root);
	if (e->file) {
		err = load_file(e);
	} else {
		snapshot_take(&e->snap, e->root);
		err = e->snap.seen.classes_file;
	}
	life_judge(&e->snap.seen, &e->life);
	if (!err)
		return 0;
	return complain(&e->a, e->file ? e->file : path,
			err == -EINVAL || err == -EPROTO ?
			"is no /proc/lockdep" : strerror(-err));
}

static int set_option(struct edges *e, int opt)
{
	switch (opt) {
	case OPT_FROM:
		e->from = e->a.value;
		return 0;
	case OPT_TO:
		e->to = e->a.value;
		return 0;
	case OPT_FILE:
		e->file = e->a.value;
		return 0;
	case OPT_ROOT:
		e->root = e->a.value;
		return 0;
	case OPT_JSON:
		e->as_json = true;
		return 0;
	}
	return EXIT_USAGE;
}

static int check(struct edges *e)
{
	if (!e->from != !e->to)
		return complain(&e->a, e->from ? "--from" : "--to",
				"goes with the other of --from and --to");
	if (e->from && e->a.next < e->a.argc)
		return complain(&e->a, e->a.argv[e->a.next],
				"a class does not go with --from");
	if (e->a.next < e->a.argc)
		e->class = e->a.argv[e->a.next++];
	if (e->a.next < e->a.argc)
		return complain(&e->a, e->a.argv[e->a.next], "one class only");
	return 0;
}

int cmd_edges(int argc, char **argv)
{
	struct edges e = {
		.a = { .command = "edges", .argc = argc, .argv = argv },
		.root = "",
	};
	int opt, ret;

	while ((opt = args_next(&e.a, defs)) != ARG_END) {
		if (opt == OPT_HELP)
			return fputs(help, stdout) < 0;
		if (set_option(&e, opt))
			return EXIT_USAGE;
	}
	ret = check(&e);
	if (!ret)
		ret = load(&e);
	if (ret)
		return ret;
	json_init(&e.json, stdout);
	if (e.class)
		ret = edges_of_class(&e);
	else
		ret = e.from ? way(&e) : gmem(&e);
	if (fflush(stdout) || ferror(stdout))
		ret = complain(&e.a, "stdout", strerror(errno));
	snapshot_free(&e.snap);
	return ret;
}
