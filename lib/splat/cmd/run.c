// SPDX-License-Identifier: GPL-2.0-only
/*
 * splat run: read lockdep's state, run the command, read it again, and print
 * the verdict.
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
"Run COMMAND and print to stderr what it did to the lock order, what the kernel\n"
"reported, and whether lockdep was alive to see it.\n"
"  --watch 'A -> B'  also EDGE if lock class A was held when B was taken, direct\n"
"                    or through others; ' -> ' with blanks; any #N and /subclass\n"
"  --watch AB        guest_memfd's mapping.invalidate_lock > &mm->mmap_lock: the\n"
"                    default for tdx_vm_huge_page and gmem_inplace_conversion;\n"
"                    also prints BA, the reverse\n"
"  --no-watch        watch no edge, for any COMMAND\n"
"  --json [FILE]     write the verdict as JSON; without FILE, or for -, to stdout\n"
"  --ktap[=STYLE]    write the verdict as KTAP to stdout; STYLE nests COMMAND's\n"
"                    KTAP below it: indent (for kunit.py) or hash (for LKFT).\n"
"                    With --ktap or --json to stdout COMMAND's goes to stderr\n"
"  --out DIR         keep everything: log, reports, lock order, output, verdict\n"
"  --summary FILE    write the verdict as lines KEY=VALUE\n"
"  --log FILE        write the kernel's log of the run\n"
"  --timeout S       end COMMAND after S seconds (600; 0: never)\n"
"  --bisect          exit like git bisect run expects\n"
"  --proc-root DIR   for tests: use DIR/proc, DIR/sys and DIR/dev/kmsg\n"
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

static int set_ktap(struct run *r, const char *style)
{
	if (!style)
		r->ktap = RUN_KTAP_FLAT;
	else if (!strcmp(style, "indent"))
		r->ktap = RUN_KTAP_INDENT;
	else if (!strcmp(style, "hash"))
		r->ktap = RUN_KTAP_HASH;
	else
		return complain(&r->a, style, "is no style of nested KTAP: "
				"indent or hash");
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

/* The run's random name, which identifies the program's announcements. */
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

	/* The first one turned it off. */
	if (!by[0] && turns_lockdep_off(rep->kind))
		snprintf(by, sizeof(((struct log_facts *)0)->spent_by),
			 "%s%s%s", rep->title, rep->comm ? " of " : "",
			 rep->comm ? rep->comm : "");
}

/* Print what the user must know before the run. */
static void print_lockdep(struct run *r, const char *kmsg)
{
	char *by = r->facts.log.spent_by;
	struct lockdep_status st;

	lockdep_status_now(&r->before.seen, &st);
	if (st.state == LOCKDEP_SPENT)
		klog_history(kmsg, on_old_report, by);
	if (st.state != LOCKDEP_ALIVE)
		fprintf(stderr, "splat: lockdep is %s: %s%s%s: the verdict "
			"cannot be CLEAN\n", lockdep_state_name(st.state),
			st.reason, by[0] ? ", spent by " : "", by);
	else if (strcmp(r->machine.tdx, "softtdx"))
		fputs("splat: lockdep reports once: a splat in this run spends "
		      "it until the next boot\n", stderr);
}

static bool lockdep_went_off(const struct run *r)
{
	return r->before.seen.stats.debug_locks == 1 &&
	       r->after.seen.stats.debug_locks == 0;
}

/* Read /proc/lockdep, which takes the kernel long to print, only if needed. */
static void take_snapshot(const struct run *r, struct snapshot *s)
{
	const struct snapshot *before = s == &r->after ? &r->before : NULL;

	if (r->watch || r->nr_watches || r->out_dir)
		snapshot_take(s, r->root);
	else
		snapshot_take_without_graph(s, before, r->root);
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
 * Without permission to read these files the verdict can only be UNKNOWN, and
 * the run could spend lockdep unseen. So name all of them and do not run the
 * command.
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

/* Open the log before the first snapshot, so that it covers what is between. */
static int watch_command(struct run *r)
{
	char kmsg[4096];
	int err = 0;

	snprintf(kmsg, sizeof(kmsg), "%s/dev/kmsg", r->root);
	machine_read(&r->machine, r->root);
	klog_open(&r->klog, kmsg, r->files.log, r->files.records, on_report,
		  on_user_line, r);
	take_snapshot(r, &r->before);
	check_access(r);
	if (!r->facts.not_run[0]) {
		print_lockdep(r, kmsg);
		err = run_command(r);
	}
	if (!err)
		take_snapshot(r, &r->after);
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

/* The project's programs test AB, so watch it by default. */
static void watch_by_name(struct run *r)
{
	const char *slash = strrchr(r->cmd[0], '/');
	const char *name = slash ? slash + 1 : r->cmd[0];

	r->facts.ours = !strcmp(name, "tdx_vm_huge_page") ||
			!strcmp(name, "gmem_inplace_conversion");
	if (r->no_watch || r->watch || r->nr_watches || !r->facts.ours)
		return;
	r->watch = true;
	fprintf(stderr, "splat: %s: watching AB, guest_memfd's forbidden "
		"edge\n", name);
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

/* A wrong call is wrong for each commit: stop the bisection. */
static bool has_bisect_option(int argc, char **argv)
{
	int i;

	for (i = 0; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "--bisect"))
			return true;
	return false;
}

/* Else the next opened file would get the descriptor of a closed stream. */
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
	/* The rest is zero; untouched pages cost no memory. */
	r.a = (struct args){ .command = "run", .argc = argc, .argv = argv };
	r.root = "";
	r.timeout_s = 600;
	ret = parse_and_run(&r);
	snapshot_free(&r.before);
	snapshot_free(&r.after);
	run_files_free(&r);
	if (ret == EXIT_USAGE && has_bisect_option(argc, argv))
		return EXIT_BISECT_STOP;
	return ret;
}
