// SPDX-License-Identifier: GPL-2.0-only
/*
 * splat edges: the recorded lock order. What is asked, and of which record.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "splat/edges/edges.h"

enum { OPT_FROM, OPT_TO, OPT_COUNT, OPT_ALL, OPT_CYCLES, OPT_SAVE, OPT_DIFF,
       OPT_OTHER_BOOT, OPT_FILE, OPT_BEFORE, OPT_PROBE, OPT_JSON, OPT_ROOT,
       OPT_HELP };

static const struct option_def defs[] = {
	{ "--from", true, OPT_FROM },
	{ "--to", true, OPT_TO },
	{ "--count", true, OPT_COUNT },
	{ "--all", false, OPT_ALL },
	{ "--cycles", false, OPT_CYCLES },
	{ "--save", true, OPT_SAVE },
	{ "--diff", false, OPT_DIFF },
	{ "--other-boot", false, OPT_OTHER_BOOT },
	{ "--file", true, OPT_FILE },
	{ "--before", true, OPT_BEFORE },
	{ "--probe", false, OPT_PROBE },
	{ "--json", false, OPT_JSON },
	{ "--proc-root", true, OPT_ROOT },
	{ "--help", false, OPT_HELP },
	{ "-h", false, OPT_HELP },
	{ }
};

static const char help[] =
"usage: splat edges [options]                   guest_memfd's AB and BA\n"
"       splat edges [options] CLASS             what was taken under CLASS\n"
"       splat edges [options] --from X --to Y   ways, shortest first: one,\n"
"                                               --count N or --all\n"
"       splat edges [options] --cycles          classes that reach each other\n"
"       splat edges --save FILE                 keep a picture of now\n"
"       splat edges [--other-boot] --diff A B   what came (+), went (-), came\n"
"                                               into use (*) between pictures\n"
"AB is guest_memfd's mapping.invalidate_lock > &mm->mmap_lock, forbidden; BA the\n"
"other way round. A CLASS is named as in /proc/lockdep; without #N or /subclass\n"
"all of the name are meant.\n"
"  --file FILE       a picture or a copy of /proc/lockdep, in place of that\n"
"  --before FILE     a picture of before guest_memfd was first used, which tells\n"
"                    its class where nothing surer does\n"
"  --probe           use a guest_memfd, which tells its class; needs /dev/kvm\n"
"  --other-boot      compare pictures of two boots, by names without #N\n"
"  --json            as JSON\n"
"  --proc-root DIR   for tests: DIR/proc/lockdep in place of /proc/lockdep\n"
"exit: 0 such edges or ways are there, 1 there are none; for AB and BA, --cycles\n"
"and --diff: 0 no AB, no cycle, no difference, 1 there is; 2 a file or a class is\n"
"not there or unfit, 4 cannot tell\n";

/*
 * What a lockdep that is not alive has not recorded may have happened all the
 * same.
 */
int edges_none_found(struct edges *e)
{
	if (e->alive.state == LOCKDEP_ALIVE)
		return EXIT_BAD;
	fprintf(stderr, "splat: lockdep is %s: %s: it cannot tell\n",
		lockdep_state_name(e->alive.state), e->alive.reason);
	return EXIT_UNKNOWN;
}

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

bool *edges_mark(struct edges *e, const char *name)
{
	bool *set = calloc(e->graph->nr_classes + 1, sizeof(*set));

	if (!set)
		complain(&e->a, "memory", strerror(ENOMEM));
	else if (!mark(e->graph, name, set))
		complain(&e->a, name, "no such lock class");
	else
		return set;
	free(set);
	return NULL;
}

/* "spent: debug_locks is 0", as a picture tells it */
static void take_alive(struct lockdep_alive *st, const char *told)
{
	enum lockdep_state l;

	for (l = LOCKDEP_ABSENT; l <= LOCKDEP_ALIVE; l++) {
		struct str s = str_of(told);

		if (!str_take(&s, str_of(lockdep_state_name(l))))
			continue;
		str_take(&s, STR(": "));
		st->state = l;
		if (l != LOCKDEP_ALIVE)
			snprintf(st->reason, sizeof(st->reason),
				 "%.*s (in the picture)",
				 (int)str_head(s, 140).n, s.p);
	}
}

/*
 * A copy is taken at its word: the rest of its /proc is not here. A picture
 * says what lockdep was when it was taken.
 */
static int load_file(struct edges *e)
{
	int ret = lock_record_load(&e->record, &e->a, e->file);

	if (ret)
		return ret;
	e->graph = &e->record.graph;
	e->snap.seen.stats.debug_locks = 1;
	e->snap.seen.prove_locking = -1;
	lockdep_alive_now(&e->snap.seen, &e->alive);
	take_alive(&e->alive, e->record.picture.lockdep);
	return 0;
}

static int load_now(struct edges *e, char *path, size_t size)
{
	const char *reason = e->probe ? gmem_probe() : NULL;
	int err;

	snprintf(path, size, "%s/proc/lockdep", e->root);
	if (reason) {
		complain(&e->a, "--probe: /dev/kvm", reason);
		return EXIT_UNKNOWN;
	}
	snapshot_take(&e->snap, e->root);
	e->graph = &e->snap.graph;
	lockdep_alive_now(&e->snap.seen, &e->alive);
	err = e->snap.seen.classes_file;
	return err ? complain_of_proc(&e->a, path, err) : 0;
}

int edges_load(struct edges *e)
{
	char path[4096];
	int ret;

	ret = e->file ? load_file(e) : load_now(e, path, sizeof(path));
	if (!ret)
		lock_graph_remark(e->graph, e->file ?: path);
	return ret;
}

static int set_option(struct edges *e, int opt)
{
	const char **values[] = {
		[OPT_FROM]	= &e->from,
		[OPT_TO]	= &e->to,
		[OPT_SAVE]	= &e->save,
		[OPT_FILE]	= &e->file,
		[OPT_BEFORE]	= &e->before,
		[OPT_ROOT]	= &e->root,
		[OPT_HELP]	= NULL,
	};
	bool *flags[] = {
		[OPT_CYCLES]	= &e->cycles,
		[OPT_DIFF]	= &e->diff,
		[OPT_OTHER_BOOT] = &e->other_boot,
		[OPT_PROBE]	= &e->probe,
		[OPT_JSON]	= &e->as_json,
		[OPT_HELP]	= NULL,
	};

	if (opt < 0)
		return EXIT_USAGE;
	if (opt == OPT_COUNT)
		return args_number(&e->a, "ways", 1, ULONG_MAX, &e->count);
	if (opt == OPT_ALL)
		e->count = 0;
	else if (values[opt])
		*values[opt] = e->a.value;
	else
		*flags[opt] = true;
	return 0;
}

/* One question at a time. */
static int check_question(struct edges *e)
{
	const char *asked[] = {
		e->from ? "--from" : NULL,
		e->cycles ? "--cycles" : NULL,
		e->save ? "--save" : NULL,
		e->diff ? "--diff" : NULL,
		e->before ? "--before" : NULL,
		e->class,
	};
	const char *first = NULL;
	size_t i;

	for (i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		if (asked[i] && first)
			return complain(&e->a, asked[i],
					"does not go with what was asked "
					"before");
		first = first ?: asked[i];
	}
	if (e->file && (e->save || e->diff || e->probe))
		return complain(&e->a, "--file", "goes with none of --save, "
				"--diff and --probe");
	return 0;
}

static int check(struct edges *e)
{
	int words = e->a.argc - e->a.next;

	if (!e->from != !e->to)
		return complain(&e->a, e->from ? "--from" : "--to",
				"goes with the other of --from and --to");
	if (e->diff && words != 2)
		return complain(&e->a, "--diff", "needs two pictures");
	if (!e->diff && words)
		e->class = e->a.argv[e->a.next];
	if (!e->diff && words > 1)
		return complain(&e->a, e->a.argv[e->a.next + 1],
				"one class only");
	return check_question(e);
}

static int answer(struct edges *e)
{
	int ret = edges_load(e);

	if (ret)
		return ret;
	if (e->save)
		return edges_save(e);
	if (e->class)
		return edges_of_class(e);
	if (e->cycles)
		return edges_cycles(e);
	return e->from ? edges_paths(e) : edges_of_gmem(e);
}

int cmd_edges(int argc, char **argv)
{
	struct edges e = {
		.a = { .command = "edges", .argc = argc, .argv = argv },
		.root = "",
		.count = 1,
	};
	int opt, ret;

	while ((opt = args_next(&e.a, defs)) != ARG_END) {
		if (opt == OPT_HELP)
			return fputs(help, stdout) < 0;
		if (set_option(&e, opt))
			return EXIT_USAGE;
	}
	ret = check(&e);
	if (ret)
		return ret;
	json_init(&e.json, stdout);
	if (e.diff)
		ret = edges_diff(&e, argv[e.a.next], argv[e.a.next + 1]);
	else
		ret = answer(&e);
	if (fflush(stdout) || ferror(stdout))
		ret = complain(&e.a, "stdout", strerror(errno));
	lock_record_free(&e.record);
	snapshot_free(&e.snap);
	return ret;
}
