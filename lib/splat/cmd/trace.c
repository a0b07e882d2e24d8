// SPDX-License-Identifier: GPL-2.0-only
/*
 * splat trace: the lock order of one command, from the kernel's lock events.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "splat/cmd/cmd.h"
#include "splat/trace/out.h"
#include "splat/trace/tracefs.h"

enum {
	OPT_TIMEOUT, OPT_JSON, OPT_SAVE, OPT_FILE, OPT_BUFFER, OPT_STACKS,
	OPT_EDGES, OPT_ROOT, OPT_HELP,
};

static const struct option_def defs[] = {
	{ "--timeout", true, OPT_TIMEOUT },
	{ "--json", true, OPT_JSON },
	{ "--save", true, OPT_SAVE },
	{ "--file", true, OPT_FILE },
	{ "--buffer", true, OPT_BUFFER },
	{ "--stacks", false, OPT_STACKS },
	{ "--edges", false, OPT_EDGES },
	{ "--proc-root", true, OPT_ROOT },
	{ "--help", false, OPT_HELP },
	{ "-h", false, OPT_HELP },
	{ }
};

static const char help[] =
"usage: splat trace [options] -- COMMAND [ARG...]\n"
"       splat trace [options] --file FILE\n"
"\n"
"Run COMMAND and print in which order it and all its children took locks, and\n"
"whether the orders form a cycle. Reads the events lock:lock_acquire and\n"
"lock_release, which continue after lockdep has reported and is off, so it works\n"
"any number of times per boot. stdout is COMMAND's; the result goes to stderr.\n"
"\n"
"  --timeout S       end COMMAND after S seconds (600; 0: never)\n"
"  --json FILE       write the result as JSON, with all edges; \"-\" is stdout\n"
"  --edges           print all edges\n"
"  --stacks          record which functions took the locks (slow)\n"
"  --buffer MIB      size of each CPU's event buffer\n"
"  --save FILE       keep the trace; --file FILE reads it again\n"
"  --proc-root DIR   for tests: use DIR/proc and DIR/sys/kernel/tracing\n"
"\n"
"Not seen: locks that other tasks, such as kworkers, took for COMMAND, and\n"
"orders between a task and its interrupts. Cycles marked \"perhaps\" are no\n"
"finding: the events have the names of locks, but not their classes.\n"
"\n"
"exit: 0 no cycle; 1 a cycle, or the forbidden AB (see splat edges --help);\n"
"      4 cannot tell; 2 wrong call\n";

struct tracing {
	struct args a;
	const char *root;
	const char *json_path;
	const char *save_path;
	const char *file;
	unsigned int timeout_s;
	unsigned long buffer_mib;
	bool stacks;
	bool all_edges;
	char **cmd;
	FILE *json;
	FILE *save;
	struct trace *trace;
	struct child_result child;
	struct trace_result result;
};

/* Also used at exit(), which child_run() calls when it is interrupted. */
static struct tracefs tracefs;
static bool tracefs_is_open;
static pid_t tracefs_owner;

static void close_tracefs(void)
{
	if (tracefs_is_open && getpid() == tracefs_owner)
		tracefs_close(&tracefs);
	tracefs_is_open = false;
}

static int set_option(struct tracing *t, int opt)
{
	unsigned long n = 0;
	int ret = 0;

	switch (opt) {
	case OPT_TIMEOUT:
		ret = args_number(&t->a, "seconds", 0, 1000000, &n);
		t->timeout_s = n;
		return ret;
	case OPT_BUFFER:
		return args_number(&t->a, "MiB", 0, 65536, &t->buffer_mib);
	case OPT_JSON:
		t->json_path = t->a.value;
		return 0;
	case OPT_SAVE:
		t->save_path = t->a.value;
		return 0;
	case OPT_FILE:
		t->file = t->a.value;
		return 0;
	case OPT_ROOT:
		t->root = t->a.value;
		return 0;
	case OPT_STACKS:
		t->stacks = true;
		return 0;
	case OPT_EDGES:
		t->all_edges = true;
		return 0;
	}
	return EXIT_USAGE;
}

static int check(struct tracing *t)
{
	if (t->a.next < t->a.argc)
		t->cmd = t->a.argv + t->a.next;
	if (t->file && (t->cmd || t->save_path || t->stacks))
		return complain(&t->a, "--file", "cannot be used with a "
				"command, --save or --stacks");
	if (!t->file && !t->cmd)
		return complain(&t->a, "command", "none given");
	return 0;
}

static int open_out(struct tracing *t, const char *path, FILE **f)
{
	if (!path)
		return 0;
	*f = strcmp(path, "-") ? fopen(path, "we") : stdout;
	return *f ? 0 : complain(&t->a, path, strerror(errno));
}

static int close_out(struct tracing *t, const char *path, FILE *f)
{
	int bad = f ? ferror(f) : 0;

	if (!f)
		return 0;
	if (f == stdout ? fflush(f) : fclose(f))
		bad = 1;
	return bad ? complain(&t->a, path, strerror(errno)) : 0;
}

/* Pass /proc/lockdep to the trace: it has the classes. */
static int end_trace(struct tracing *t)
{
	struct snapshot snap = { };
	struct lockdep_status status = { };
	int err;

	/* A saved trace can be of another boot. */
	if (!t->file)
		snapshot_take(&snap, t->root);
	if (!t->file)
		lockdep_status_now(&snap.seen, &status);
	err = trace_end(t->trace, snap.has_graph ? &snap.graph : NULL,
			snap.has_graph && status.state == LOCKDEP_ALIVE);
	snapshot_free(&snap);
	return err ? complain(&t->a, "memory", strerror(-err)) : 0;
}

static void take(void *arg, const char *data, size_t n)
{
	trace_feed(arg, data, n);
}

static int read_trace(struct tracing *t)
{
	const char *reason = read_log(t->file, take, t->trace);

	return reason ? complain(&t->a, t->file, reason) : 0;
}

static int cannot_tell(const char *why)
{
	fprintf(stderr, "splat trace: %s\n", why);
	return EXIT_UNKNOWN;
}

static int join(void *arg)
{
	return tracefs_join(arg);
}

static int trace_command(struct tracing *t)
{
	struct tracefs_opts o = {
		.root = t->root,
		.buffer_kib = t->buffer_mib << 10,
		.stacks = t->stacks,
	};
	struct child_opts opts = {
		.argv = t->cmd,
		.timeout_s = t->timeout_s,
		.prepare = join,
		.prepare_arg = &tracefs,
	};
	int err;

	tracefs_owner = getpid();
	tracefs_is_open = true;
	atexit(close_tracefs);
	err = tracefs_open(&tracefs, &o);
	if (!err)
		err = tracefs_start(&tracefs, t->trace, t->save);
	if (err)
		return cannot_tell(tracefs.why);
	err = child_run(&opts, &t->child);
	if (err)
		return complain(&t->a, t->cmd[0], strerror(-err));
	if (tracefs_stop(&tracefs))
		return cannot_tell(tracefs.why);
	t->result.child = &t->child;
	return 0;
}

static int answer(struct tracing *t)
{
	int ret;

	t->result.trace = t->trace;
	t->result.all_edges = t->all_edges;
	trace_judge(&t->result);
	trace_text(t->file ? stdout : stderr, &t->result);
	if (t->json)
		trace_json(t->json, &t->result);
	ret = close_out(t, t->json_path, t->json);
	if (t->file && !ret && (fflush(stdout) || ferror(stdout)))
		ret = complain(&t->a, "stdout", strerror(errno));
	return ret ? ret : trace_exit(t->result.verdict);
}

static int run(struct tracing *t)
{
	int ret;

	ret = check(t);
	if (!ret)
		ret = open_out(t, t->json_path, &t->json);
	if (!ret)
		ret = open_out(t, t->save_path, &t->save);
	if (ret)
		return ret;
	t->trace = trace_new();
	if (!t->trace)
		return complain(&t->a, "memory", strerror(ENOMEM));
	ret = t->file ? read_trace(t) : trace_command(t);
	close_tracefs();
	if (!ret)
		ret = close_out(t, t->save_path, t->save);
	if (!ret)
		ret = end_trace(t);
	if (!ret)
		ret = answer(t);
	trace_free(t->trace);
	return ret;
}

int cmd_trace(int argc, char **argv)
{
	static struct tracing t;
	int opt;

	t = (struct tracing){
		.a = { .command = "trace", .argc = argc, .argv = argv },
		.root = "",
		.timeout_s = 600,
	};
	while ((opt = args_next(&t.a, defs)) != ARG_END) {
		if (opt == OPT_HELP)
			return fputs(help, stdout) < 0;
		if (set_option(&t, opt))
			return EXIT_USAGE;
	}
	return run(&t);
}
