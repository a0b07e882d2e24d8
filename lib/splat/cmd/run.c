// SPDX-License-Identifier: GPL-2.0-only
/*
 * splat run: baseline, run, proof of life, edges, log, verdict.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"
#include "splat/cmd/cmd.h"
#include "splat/run/run.h"

enum {
	OPT_TIMEOUT, OPT_JSON, OPT_LOG, OPT_SUMMARY, OPT_BISECT, OPT_NO_WATCH,
	OPT_WATCH, OPT_OUT, OPT_KTAP, OPT_ROOT, OPT_HELP,
};

static const struct option_def defs[] = {
	{ "--timeout", true, OPT_TIMEOUT },
	{ "--watch", true, OPT_WATCH },
	{ "--no-watch", false, OPT_NO_WATCH },
	{ "--json", VALUE_MAYBE, OPT_JSON },
	{ "--ktap", VALUE_BY_EQUALS, OPT_KTAP },
	{ "--out", true, OPT_OUT },
	{ "--log", true, OPT_LOG },
	{ "--summary", true, OPT_SUMMARY },
	{ "--bisect", false, OPT_BISECT },
	{ "--proc-root", true, OPT_ROOT },
	{ "--help", false, OPT_HELP },
	{ "-h", false, OPT_HELP },
	{ }
};

static const char help[] =
"usage: splat run [options] -- COMMAND [ARG...]\n"
"Run COMMAND, then tell on stderr what it did to the lock order, what the\n"
"kernel said, and whether lockdep was alive to see it.\n"
"  --watch 'A -> B'  also EDGE if lock class A was held when B was taken, direct\n"
"                    or through others; ' -> ' with blanks; any #N and /subclass\n"
"  --watch AB        guest_memfd's mapping.invalidate_lock > &mm->mmap_lock: the\n"
"                    default for tdx_vm_huge_page and gmem_inplace_conversion;\n"
"                    BA, the reverse, is told with it\n"
"  --no-watch        no edge, whatever COMMAND is\n"
"  --json [FILE]     the answer as JSON; without FILE, or with -, on stdout\n"
"  --ktap[=WAY]      the answer as KTAP on stdout; WAY nests COMMAND's own below\n"
"                    it: indent (kunit.py reads that) or hash (LKFT)\n"
"                    COMMAND's stdout goes to stderr if stdout is taken\n"
"  --out DIR         keep all: log, reports, lock order, output, verdict\n"
"  --summary FILE    the answer as lines KEY=VALUE\n"
"  --log FILE        the kernel's log of the run\n"
"  --timeout S       end COMMAND after S seconds (600; 0: never)\n"
"  --bisect          exit codes of git bisect run\n"
"  --proc-root DIR   for tests: DIR/proc, DIR/sys, DIR/dev/kmsg are the machine's\n"
"exit: 0 CLEAN; 1 EDGE, SPLAT, FAILED, CRASHED, HUNG; 4 UNKNOWN; 2 wrong call;\n"
"      128+N by signal N; --bisect: 0 good, 1 bad, 125 cannot tell, 128+: stop\n";

static int add_watch(struct run *r, const char *text)
{
	const char *wrong;

	if (!strcmp(text, "AB")) {
		r->watch = true;
		return 0;
	}
	if (r->nr_watches == RUN_WATCHES)
		return complain(&r->a, text, "is one edge too many");
	wrong = watch_parse(&r->watches[r->nr_watches++], text);
	return wrong ? complain(&r->a, text, wrong) : 0;
}

static int set_ktap(struct run *r, const char *way)
{
	if (!way)
		r->ktap = RUN_KTAP_FLAT;
	else if (!strcmp(way, "indent"))
		r->ktap = RUN_KTAP_INDENT;
	else if (!strcmp(way, "hash"))
		r->ktap = RUN_KTAP_HASH;
	else
		return complain(&r->a, way, "is no way to nest KTAP: indent or "
				"hash");
	return 0;
}

static int set_option(struct run *r, int opt)
{
	unsigned long n;

	switch (opt) {
	case OPT_TIMEOUT:
		if (args_number(&r->a, "seconds", 0, 1000000, &n))
			return EXIT_USAGE;
		r->timeout_s = n;
		return 0;
	case OPT_WATCH:
		return add_watch(r, r->a.value);
	case OPT_KTAP:
		return set_ktap(r, r->a.value);
	case OPT_JSON:
		r->json = !r->a.value || !strcmp(r->a.value, "-");
		r->json_path = r->json ? NULL : r->a.value;
		return 0;
	case OPT_OUT:
		r->out_dir = r->a.value;
		return 0;
	case OPT_LOG:
		r->log_path = r->a.value;
		return 0;
	case OPT_SUMMARY:
		r->summary_path = r->a.value;
		return 0;
	case OPT_BISECT:
		r->bisect = true;
		return 0;
	case OPT_NO_WATCH:
		r->no_watch = true;
		return 0;
	case OPT_ROOT:
		r->root = r->a.value;
		return 0;
	}
	return EXIT_USAGE;
}

static void on_report(const struct report *rep, void *arg)
{
	struct run *r = arg;
	bool provoked = run_add_report(r, rep);

	if (r->reports++ < RUN_REPORTS)
		report_json(&r->files.reports_json, rep, provoked);
}

static void on_user_line(struct str text, void *arg)
{
	struct run *r = arg;

	provoked_line(&r->provoked, text);
}

/* A name of this run, by which the program's announcements are known. */
static int name_run(struct provoked *p)
{
	unsigned long long random;
	char name[PROVOKED_RUN];

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return -errno;
	snprintf(name, sizeof(name), "%016llx", random);
	provoked_init(p, name);
	return setenv(PROVOKED_ENV, name, 1) ? -errno : 0;
}

static bool turns_lockdep_off(enum report_kind kind)
{
	return (kind_is_splat(kind) && kind != KIND_RCU) ||
	       kind == KIND_CHAIN_COLLISION || kind == KIND_TABLE_FULL;
}

static void on_old_report(const struct report *rep, void *arg)
{
	char *by = arg;

	/* The first of them did. */
	if (!by[0] && turns_lockdep_off(rep->kind))
		snprintf(by, sizeof(((struct log_facts *)0)->spent_by), "%s%s%s",
			 rep->title, rep->comm ? " of " : "",
			 rep->comm ? rep->comm : "");
}

/* Say what is to be said before anything is run. */
static void announce(struct run *r, const char *kmsg)
{
	char *by = r->facts.log.spent_by;
	struct lockdep_alive st;

	lockdep_alive_now(&r->before.seen, &st);
	if (st.state == LOCKDEP_SPENT)
		klog_history(kmsg, on_old_report, by);
	if (st.state != LOCKDEP_ALIVE)
		fprintf(stderr, "splat: lockdep is %s: %s%s%s: the verdict "
			"cannot be CLEAN\n", lockdep_state_name(st.state), st.reason,
			by[0] ? ", spent by " : "", by);
	else if (strcmp(r->machine.tdx, "softtdx"))
		fputs("splat: lockdep reports once: a splat in this run spends "
		      "it until the next boot\n", stderr);
}

static bool lockdep_went_off(const struct run *r)
{
	return r->before.seen.stats.debug_locks == 1 &&
	       r->after.seen.stats.debug_locks == 0;
}

/* The text of /proc/lockdep takes a while to make: only for who wants it. */
static void look(const struct run *r, struct snapshot *s)
{
	if (r->watch || r->nr_watches || r->out_dir)
		snapshot_take(s, r->root);
	else
		snapshot_look(s, s == &r->after ? &r->before : NULL, r->root);
}

static void add_denied(struct run *r, const char *file, int err)
{
	char *text = r->facts.not_run;
	size_t n = strlen(text);

	if (err == -EACCES || err == -EPERM)
		snprintf(text + n, sizeof(r->facts.not_run) - n, "%s%s: %s",
			 n ? ", " : "", file, strerror(-err));
}

/*
 * Who may not look could only ever hear UNKNOWN, at the price of a splat that
 * nobody sees: say what is missing, all of it, and run nothing.
 */
static void check_access(struct run *r)
{
	add_denied(r, "/dev/kmsg", r->klog.error);
	add_denied(r, "/proc/lockdep_stats", r->before.seen.stats_file);
	add_denied(r, "/proc/lockdep_chains", r->before.seen.chains_file);
	add_denied(r, "/proc/lockdep", r->before.seen.classes_file);
}

static int run_command(struct run *r)
{
	struct child_opts opts = {
		.argv = r->cmd, .timeout_s = r->timeout_s,
		.stdin_too = true, .tell_signal = true,
	};
	long long start;
	int err;

	run_files_opts(r, &opts);
	klog_begin(&r->klog);
	start = clock_ms();
	err = child_run(&opts, &r->facts.child);
	r->seconds = (clock_ms() - start) / 1000.0;
	return err;
}

/* The log is open before the first look: what is between the two is in it. */
static int watch_command(struct run *r)
{
	char kmsg[4096];
	int err = 0;

	snprintf(kmsg, sizeof(kmsg), "%s/dev/kmsg", r->root);
	machine_look(&r->machine, r->root);
	klog_open(&r->klog, kmsg, r->files.log, r->files.records, on_report,
		  on_user_line, r);
	look(r, &r->before);
	check_access(r);
	if (!r->facts.not_run[0]) {
		announce(r, kmsg);
		err = run_command(r);
	}
	if (!err)
		look(r, &r->after);
	machine_taint(r->taint_after, sizeof(r->taint_after), r->root);
	klog_stop(&r->klog, !err && lockdep_went_off(r));
	json_array_end(&r->files.reports_json);
	fclose(r->files.reports_stream);
	return err;
}

static int run(struct run *r)
{
	int ret = run_files_open(r);

	if (ret)
		return ret;
	ret = name_run(&r->provoked);
	if (ret)
		return complain(&r->a, "random number", strerror(-ret));
	ret = watch_command(r);
	if (ret)
		return complain(&r->a, r->cmd[0], strerror(-ret));
	run_gather(r);
	verdict_judge(&r->facts, &r->judgement);
	ret = run_files_write(r);
	if (ret)
		return ret;
	if (r->facts.child.caught)
		return 128 + r->facts.child.caught;
	return verdict_exit(r->judgement.verdict, r->bisect);
}

/* Programs of ours are about AB, and so is whoever runs them. */
static void watch_by_name(struct run *r)
{
	const char *slash = strrchr(r->cmd[0], '/');
	const char *name = slash ? slash + 1 : r->cmd[0];

	r->facts.ours = !strcmp(name, "tdx_vm_huge_page") ||
			!strcmp(name, "gmem_inplace_conversion");
	if (r->no_watch || r->watch || r->nr_watches || !r->facts.ours)
		return;
	r->watch = true;
	fprintf(stderr, "splat: %s: watching AB, guest_memfd's forbidden edge\n",
		name);
}

static int parse_and_run(struct run *r)
{
	int opt;

	while ((opt = args_next(&r->a, defs)) != ARG_END) {
		if (opt == OPT_HELP)
			return fputs(help, stdout) < 0;
		if (set_option(r, opt))
			return EXIT_USAGE;
	}
	if (r->a.next >= r->a.argc)
		return complain(&r->a, "command", "none given");
	if (r->json && r->ktap)
		return complain(&r->a, "--ktap", "stdout is for --json");
	r->cmd = r->a.argv + r->a.next;
	if (r->no_watch && (r->watch || r->nr_watches))
		return complain(&r->a, "--no-watch", "but --watch was given");
	watch_by_name(r);
	return run(r);
}

/* What is wrong with the call is wrong for each commit: end the bisection. */
static bool asks_for_bisect(int argc, char **argv)
{
	int i;

	for (i = 0; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "--bisect"))
			return true;
	return false;
}

/* Else a file that is opened takes the place of a stream that is closed. */
static void fill_stdio(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int cmd_run(int argc, char **argv)
{
	static struct run r;
	int ret;

	fill_stdio();
	/* The rest is zero: not touched, its pages need not be there. */
	r.a = (struct args){ .command = "run", .argc = argc, .argv = argv };
	r.root = "";
	r.timeout_s = 600;
	ret = parse_and_run(&r);
	snapshot_free(&r.before);
	snapshot_free(&r.after);
	run_files_free(&r);
	if (ret == EXIT_USAGE && asks_for_bisect(argc, argv))
		return EXIT_BISECT_STOP;
	return ret;
}
