// SPDX-License-Identifier: GPL-2.0-only
/*
 * splat run: baseline, run, proof of life, edges, log, verdict.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include "clock.h"
#include "number.h"
#include "run.h"

enum {
	OPT_TIMEOUT, OPT_JSON, OPT_LOG, OPT_SUMMARY, OPT_BISECT, OPT_NO_WATCH,
	OPT_ROOT, OPT_HELP,
};

static const struct option_def defs[] = {
	{ "--timeout", true, OPT_TIMEOUT },
	{ "--json", true, OPT_JSON },
	{ "--log", true, OPT_LOG },
	{ "--summary", true, OPT_SUMMARY },
	{ "--bisect", false, OPT_BISECT },
	{ "--no-watch", false, OPT_NO_WATCH },
	{ "--proc-root", true, OPT_ROOT },
	{ "--help", false, OPT_HELP },
	{ "-h", false, OPT_HELP },
	{ }
};

static const char help[] =
"usage: splat run [options] -- COMMAND [ARG...]\n"
"\n"
"Run COMMAND and tell what the kernel says about it: what lockdep recorded of\n"
"the lock order around guest_memfd, what it reported, and whether it was alive\n"
"to see anything. stdout is COMMAND's own; the answer goes to stderr.\n"
"\n"
"  --timeout S       end COMMAND after S seconds (600; 0: never)\n"
"  --json FILE       the answer as JSON; \"-\" is stdout, behind COMMAND's output\n"
"  --summary FILE    the answer as lines KEY=VALUE\n"
"  --log FILE        the kernel's log of the run\n"
"  --bisect          exit codes of git bisect run\n"
"  --no-watch        do not ask for guest_memfd's edges\n"
"  --proc-root DIR   for tests: DIR/proc, DIR/sys and DIR/dev/kmsg are read\n"
"\n"
"AB is guest_memfd's mapping.invalidate_lock > &mm->mmap_lock: forbidden. BA is\n"
"the reverse: kernels with in-place conversion have it. Both close a cycle.\n"
"\n"
"exit: 0 CLEAN; 1 EDGE, SPLAT, FAILED, CRASHED, HUNG; 4 UNKNOWN; 2 wrong call\n"
"      with --bisect: 0 good, 1 bad, 125 cannot tell, 128 or more: stop\n";

static int set_option(struct run *r, int opt)
{
	unsigned long n;

	switch (opt) {
	case OPT_TIMEOUT:
		if (number_parse(r->a.value, 0, 1000000, &n))
			return complain(&r->a, r->a.value,
					"is no number of seconds");
		r->timeout_s = n;
		return 0;
	case OPT_JSON:
		r->json_path = r->a.value;
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
		r->watch = false;
		return 0;
	case OPT_ROOT:
		r->root = r->a.value;
		return 0;
	}
	return EXIT_USAGE;
}

/* Open what will be written before anything is run. */
static FILE *open_out(struct run *r, const char *path)
{
	FILE *f = fopen(path, "we");

	if (!f)
		complain(&r->a, path, strerror(errno));
	return f;
}

static int close_out(struct run *r, const char *path, FILE *f)
{
	int bad = ferror(f);

	if (f == stdout ? fflush(f) : fclose(f))
		bad = 1;
	return bad ? complain(&r->a, path, strerror(errno)) : 0;
}

struct outputs {
	FILE *json;
	FILE *log;
	FILE *summary;
	FILE *reports;		/* their JSON, while they come */
	size_t reports_size;
	struct json reports_json;
};

static int open_outputs(struct run *r, struct outputs *o)
{
	if (r->json_path && !strcmp(r->json_path, "-"))
		o->json = stdout;
	else if (r->json_path && !(o->json = open_out(r, r->json_path)))
		return EXIT_USAGE;
	if (r->log_path && !(o->log = open_out(r, r->log_path)))
		return EXIT_USAGE;
	if (r->summary_path && !(o->summary = open_out(r, r->summary_path)))
		return EXIT_USAGE;
	o->reports = open_memstream(&r->reports_json, &o->reports_size);
	if (!o->reports)
		return complain(&r->a, "memory", strerror(errno));
	json_init(&o->reports_json, o->reports);
	json_array(&o->reports_json, NULL);
	return 0;
}

static int write_outputs(struct run *r, struct outputs *o)
{
	int ret = 0;

	run_text(stderr, r);
	if (o->json) {
		run_json(o->json, r);
		ret |= close_out(r, r->json_path, o->json);
	}
	if (o->log)
		ret |= close_out(r, r->log_path, o->log);
	if (o->summary) {
		run_summary(o->summary, r);
		ret |= close_out(r, r->summary_path, o->summary);
	}
	return ret;
}

struct reporting {
	struct run *r;
	struct outputs *o;
};

static void on_report(const struct report *rep, void *arg)
{
	struct reporting *to = arg;

	bool provoked = run_add_report(to->r, rep);

	if (to->r->reports++ < RUN_REPORTS)
		report_json(&to->o->reports_json, rep, provoked);
}

static void on_user_line(struct str text, void *arg)
{
	struct reporting *to = arg;

	provoked_line(&to->r->provoked, text);
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

static void on_old_report(const struct report *rep, void *arg)
{
	char *by = arg;

	/* Of all kinds but one, the first turned lockdep off. */
	if (!by[0] && kind_is_splat(rep->kind) && rep->kind != KIND_RCU)
		snprintf(by, sizeof(((struct log_facts *)0)->spent_by), "%s%s%s",
			 rep->title, rep->comm ? " of " : "",
			 rep->comm ? rep->comm : "");
}

/* Say what is to be said before anything is run. */
static void announce(struct run *r, const char *kmsg)
{
	char *by = r->facts.log.spent_by;
	struct life_state st;

	life_judge(&r->before.seen, &st);
	if (st.life == LIFE_SPENT)
		klog_history(kmsg, on_old_report, by);
	if (st.life != LIFE_ALIVE)
		fprintf(stderr, "splat: lockdep is %s: %s%s%s: the verdict "
			"cannot be CLEAN\n", life_name(st.life), st.reason,
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

static int watch_command(struct run *r, struct outputs *o)
{
	struct child_opts opts = { .argv = r->cmd, .timeout_s = r->timeout_s };
	struct reporting to = { r, o };
	char kmsg[4096];
	long long start;
	int err;

	snprintf(kmsg, sizeof(kmsg), "%s/dev/kmsg", r->root);
	machine_look(&r->machine, r->root);
	snapshot_take(&r->before, r->root);
	announce(r, kmsg);
	klog_start(&r->klog, kmsg, o->log, on_report, on_user_line, &to);
	start = clock_ms();
	err = child_run(&opts, &r->facts.child);
	r->seconds = (clock_ms() - start) / 1000.0;
	if (!err)
		snapshot_take(&r->after, r->root);
	machine_taint(r->taint_after, sizeof(r->taint_after), r->root);
	klog_stop(&r->klog, !err && lockdep_went_off(r));
	json_array_end(&o->reports_json);
	fclose(o->reports);
	return err;
}

static int run(struct run *r)
{
	struct outputs o = { };
	int ret;

	ret = open_outputs(r, &o);
	if (ret)
		return ret;
	ret = name_run(&r->provoked);
	if (ret)
		return complain(&r->a, "random number", strerror(-ret));
	ret = watch_command(r, &o);
	if (ret)
		return complain(&r->a, r->cmd[0], strerror(-ret));
	run_gather(r);
	verdict_judge(&r->facts, &r->judgement);
	ret = write_outputs(r, &o);
	if (ret)
		return ret;
	return verdict_exit(r->judgement.verdict, r->bisect);
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
	r->cmd = r->a.argv + r->a.next;
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

int cmd_run(int argc, char **argv)
{
	static struct run r;
	int ret;

	r = (struct run){
		.a = { .command = "run", .argc = argc, .argv = argv },
		.root = "",
		.timeout_s = 600,
		.watch = true,
	};
	ret = parse_and_run(&r);
	snapshot_free(&r.before);
	snapshot_free(&r.after);
	free(r.reports_json);
	if (ret == EXIT_USAGE && asks_for_bisect(argc, argv))
		return EXIT_BISECT_STOP;
	return ret;
}
