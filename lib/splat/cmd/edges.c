// SPDX-License-Identifier: GPL-2.0-only
/*
 * splat edges: the recorded lock order; options and questions.
 */
#include <errno.h>
#include <limits.h>

#include "splat/cmd/cmd.h"
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
"       splat edges [options] CLASS             classes taken under CLASS\n"
"       splat edges [options] --from X --to Y   paths, shortest first: one,\n"
"                                               --count N or --all\n"
"       splat edges [options] --cycles          classes that reach each other\n"
"       splat edges --save FILE                 save /proc/lockdep as a picture\n"
"       splat edges [--other-boot] --diff A B   new (+), removed (-) and newly\n"
"                                               used (*) between two pictures\n"
"AB is guest_memfd's mapping.invalidate_lock > &mm->mmap_lock, forbidden; BA is\n"
"the reverse. CLASS is a name in /proc/lockdep; without #N or /subclass it means\n"
"all classes of that name.\n"
"  --file FILE       read a picture, or a copy of /proc/lockdep\n"
"  --before FILE     a picture from before the first use of guest_memfd, to\n"
"                    identify its class if nothing more reliable does\n"
"  --probe           use a guest_memfd to identify its class; needs /dev/kvm\n"
"  --other-boot      compare pictures of two boots, by names without #N\n"
"  --json            print JSON\n"
"  --proc-root DIR   for tests: DIR/proc/lockdep in place of /proc/lockdep\n"
"exit: 0 edges or paths found, 1 none; for AB and BA, --cycles and --diff: 0 no\n"
"AB, cycle or difference, 1 there is; 2 a file or class is missing or unfit;\n"
"4 cannot tell\n";

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
		return args_number(&e->a, "paths", 1, ULONG_MAX, &e->count);
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
					"one question at a time");
		first = first ?: asked[i];
	}
	if (e->file && (e->save || e->diff || e->probe))
		return complain(&e->a, "--file", "cannot be used with --save, "
				"--diff or --probe");
	return 0;
}

static int check(struct edges *e)
{
	int words = e->a.argc - e->a.next;

	if (!e->from != !e->to)
		return complain(&e->a, e->from ? "--from" : "--to",
				"needs the other of --from and --to");
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
