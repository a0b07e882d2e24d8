// SPDX-License-Identifier: GPL-2.0-only
/*
 * splat graph: draw the cycle of a report, or the classes around a class.
 */
#include <errno.h>
#include <stdlib.h>

#include "lockdep/graph/dot.h"
#include "splat/cmd/cmd.h"
#include "splat/edges/edges.h"
#include "splat/render.h"

enum { OPT_SVG, OPT_DOT, OPT_CLASS, OPT_DEPTH, OPT_MAX, OPT_FILE, OPT_NTH,
       OPT_ROOT, OPT_HELP };

static const struct option_def defs[] = {
	{ "--svg", true, OPT_SVG },
	{ "--dot", false, OPT_DOT },
	{ "--class", true, OPT_CLASS },
	{ "--depth", true, OPT_DEPTH },
	{ "--max", true, OPT_MAX },
	{ "--file", true, OPT_FILE },
	{ "--nth", true, OPT_NTH },
	{ "--proc-root", true, OPT_ROOT },
	{ "--help", false, OPT_HELP },
	{ "-h", false, OPT_HELP },
	{ }
};

static const char help[] =
"usage: splat graph [--dot | --svg FILE] [--nth N] LOG\n"
"       splat graph [--dot | --svg FILE] [options] --class CLASS\n"
"\n"
"Draw the cycle of a report in a kernel log: lock classes, and on the arrow from\n"
"A to B the function that took B while A was held, and its mode, read or write.\n"
"The arrow that closed the cycle is red. With --class, draw the classes taken\n"
"under CLASS (right), and those that CLASS was taken under (left), from\n"
"/proc/lockdep: edges of potential cycles are red. guest_memfd's class is yellow.\n"
"\n"
"  --dot             print DOT to stdout: the default\n"
"  --svg FILE        write SVG; needs graphviz\n"
"  --nth N           the Nth report of LOG, in the order of splat parse; default:\n"
"                    the first complete one with a cycle. \"-\" is stdin\n"
"  --depth N         edges to either side of CLASS, default 1\n"
"  --max N           classes to draw, nearest first, default 80\n"
"  --file FILE       a picture of splat edges --save, or a copy of /proc/lockdep\n"
"  --proc-root DIR   for tests: DIR/proc/lockdep in place of /proc/lockdep\n"
"\n"
"exit: 0 drawn, 2 input unfit or graphviz missing, 4 /proc/lockdep unreadable\n";

struct graph {
	struct edges e;		/* the lock order for --class */
	const char *log;
	const char *svg;
	const char *class;
	unsigned long nth;
	unsigned long depth;
	unsigned long max;
	unsigned long seen;
	bool found;		/* the report to draw */
	FILE *out;		/* into @dot */
	struct text dot;
};

static void on_report(const struct report *r, void *arg)
{
	struct graph *g = arg;

	g->seen++;
	if (g->found || (g->nth ? g->seen != g->nth :
				  !r->complete || !r->nr_cycle))
		return;
	g->found = true;
	dot_report(g->out, r);
}

static int draw_log(struct graph *g)
{
	const char *reason = read_reports(g->log, false, on_report, g,
					  NULL);

	fflush(g->out);
	if (reason)
		return complain(&g->e.a, g->log, reason);
	if (g->dot.n)
		return 0;
	if (g->nth && !g->found)
		return complain(&g->e.a, g->log, "has fewer reports");
	return complain(&g->e.a, g->log, g->found ?
			"the report has no cycle" :
			"no complete report with a cycle in it");
}

static int draw_classes(struct graph *g, const bool *center)
{
	struct lock_cycles cycles;
	struct gmem_class c;
	struct dot_class d = {
		.g = g->e.graph,
		.cycles = &cycles,
		.center = center,
		.depth = g->depth,
		.max = g->max,
	};
	char title[256];
	int err;

	edges_identify(&g->e, &c, NULL);
	d.gmem = str_of(c.certain ? c.name : "");
	snprintf(title, sizeof(title), "Classes taken under %s, and held when "
		 "it was taken", g->class);
	d.title = title;
	err = lock_cycles_find(&cycles, g->e.graph);
	if (!err)
		err = dot_class(g->out, &d);
	lock_cycles_free(&cycles);
	fflush(g->out);
	if (d.left_out)
		fprintf(stderr, "splat: note: %u more classes are not drawn; "
			"see --max\n", d.left_out);
	return err ? complain(&g->e.a, "memory", strerror(-err)) : 0;
}

static int draw_class(struct graph *g)
{
	int ret = edges_load(&g->e);
	bool *center = ret ? NULL : edges_mark(&g->e, g->class);

	if (!ret)
		ret = center ? draw_classes(g, center) : EXIT_USAGE;
	free(center);
	return ret;
}

static int deliver(struct graph *g)
{
	if (g->svg)
		return render_svg(&g->e.a, &g->dot, g->svg);
	fwrite(g->dot.p, 1, g->dot.n, stdout);
	if (fflush(stdout) || ferror(stdout))
		return complain(&g->e.a, "stdout", strerror(errno));
	return 0;
}

static int draw(struct graph *g)
{
	int ret;

	g->out = open_memstream(&g->dot.p, &g->dot.n);
	if (!g->out)
		return complain(&g->e.a, "memory", strerror(errno));
	ret = g->class ? draw_class(g) : draw_log(g);
	fclose(g->out);
	if (!ret)
		ret = deliver(g);
	free(g->dot.p);
	lock_record_free(&g->e.record);
	snapshot_free(&g->e.snap);
	return ret;
}

static int set_number(struct graph *g, const char *what, unsigned long *n)
{
	return args_number(&g->e.a, what, 1, 100000, n);
}

static int set_option(struct graph *g, int opt)
{
	switch (opt) {
	case OPT_SVG:
		g->svg = g->e.a.value;
		return 0;
	case OPT_CLASS:
		g->class = g->e.a.value;
		return 0;
	case OPT_FILE:
		g->e.file = g->e.a.value;
		return 0;
	case OPT_ROOT:
		g->e.root = g->e.a.value;
		return 0;
	case OPT_DEPTH:
		return set_number(g, "edges", &g->depth);
	case OPT_MAX:
		return set_number(g, "classes", &g->max);
	case OPT_NTH:
		return set_number(g, "a report", &g->nth);
	case OPT_DOT:
		return 0;
	}
	return EXIT_USAGE;
}

static int check(struct graph *g)
{
	int words = g->e.a.argc - g->e.a.next;

	if (!g->class && !words)
		return complain(&g->e.a, "LOG", "none given, and no --class");
	if (words > !g->class)
		return complain(&g->e.a, g->e.a.argv[g->e.a.next + !g->class],
				"only one log, or --class");
	if (!g->class && g->e.file)
		return complain(&g->e.a, "--file", "needs --class");
	if (!g->class)
		g->log = g->e.a.argv[g->e.a.next];
	return 0;
}

int cmd_graph(int argc, char **argv)
{
	struct graph g = {
		.e.a = { .command = "graph", .argc = argc, .argv = argv },
		.e.root = "",
		.depth = 1,
		.max = 80,
	};
	bool dot = false;
	int opt, ret;

	while ((opt = args_next(&g.e.a, defs)) != ARG_END) {
		if (opt == OPT_HELP)
			return fputs(help, stdout) < 0;
		dot |= opt == OPT_DOT;
		if (set_option(&g, opt))
			return EXIT_USAGE;
	}
	if (dot && g.svg)
		return complain(&g.e.a, "--dot", "cannot be used with --svg");
	ret = check(&g);
	return ret ? ret : draw(&g);
}
