// SPDX-License-Identifier: GPL-2.0-only
/*
 * The output of `splat run`. All files are opened before the run, so that a
 * wrong name wastes no run. stdout and stderr are queues (outlet.h) if
 * COMMAND's output must pass through this process: because it is kept (--out),
 * or because stdout is reserved for the verdict.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splat/run/run.h"

static FILE *open_out(struct run *r, const char *path)
{
	FILE *f = fopen(path, "we");

	if (!f)
		complain(&r->a, path, strerror(errno));
	return f;
}

static int close_out(struct run *r, const char *path, FILE *f)
{
	int bad;

	if (!f)
		return 0;
	bad = ferror(f);
	if (fclose(f))
		bad = 1;
	return bad ? complain(&r->a, path, strerror(errno)) : 0;
}

static const char *in_dir(const struct run *r, const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", r->out_dir, name);
	return path;
}

/* The files of --out that are written after the run. */
static const char *const late_files[] = {
	"command", "reports.json", "lockdep.before", "lockdep.after",
	"lockdep_stats.before", "lockdep_stats.after", "verdict.json",
	"verdict.txt", "summary",
};

#define NR_LATE_FILES (sizeof(late_files) / sizeof(late_files[0]))

/* --out DIR: create DIR, and remove the files of an earlier run. */
static int open_dir(struct run *r)
{
	struct run_files *o = &r->files;
	size_t i;

	if (!r->out_dir)
		return 0;
	if (mkdir(r->out_dir, 0777) && errno != EEXIST)
		return complain(&r->a, r->out_dir, strerror(errno));
	for (i = 0; i < NR_LATE_FILES; i++)
		unlink(in_dir(r, late_files[i]));
	unlink(in_dir(r, "kmsg.log"));
	if (!(o->records = open_out(r, in_dir(r, "kmsg.records"))) ||
	    !(o->output[0] = open_out(r, in_dir(r, "stdout"))) ||
	    !(o->output[1] = open_out(r, in_dir(r, "stderr"))))
		return EXIT_USAGE;
	if (!r->log_path && !(o->log = open_out(r, in_dir(r, "kmsg.log"))))
		return EXIT_USAGE;
	return 0;
}

static void put_out(void *arg, const char *text, size_t n)
{
	struct run *r = arg;

	outlet_put(&r->files.out, text, n);
}

static void on_line(const char *line, void *arg)
{
	struct run *r = arg;

	nest_line(&r->files.nest, line);
}

static int open_stdout(struct run *r)
{
	struct run_files *o = &r->files;
	size_t size = 0;
	char *text = NULL;
	FILE *f;

	outlet_init(&o->out, STDOUT_FILENO);
	outlet_init(&o->err, STDERR_FILENO);
	o->pass_on = r->out_dir || r->json || r->ktap;
	o->nest.style = r->ktap == RUN_KTAP_HASH ? NEST_HASH : NEST_INDENT;
	o->nest.put = put_out;
	o->nest.arg = r;
	lines_init(&o->lines, on_line, r);
	if (!r->ktap)
		return 0;
	f = open_memstream(&text, &size);
	if (!f)
		return complain(&r->a, "memory", strerror(errno));
	run_ktap_begin(f);
	fclose(f);
	outlet_put(&o->out, text, size);
	free(text);
	return 0;
}

int run_files_open(struct run *r)
{
	struct run_files *o = &r->files;

	if (r->json_path && !(o->json = open_out(r, r->json_path)))
		return EXIT_USAGE;
	if (r->log_path && !(o->log = open_out(r, r->log_path)))
		return EXIT_USAGE;
	if (r->summary_path && !(o->summary = open_out(r, r->summary_path)))
		return EXIT_USAGE;
	if (open_dir(r))
		return EXIT_USAGE;
	o->reports_stream = open_memstream(&o->reports, &o->reports_size);
	if (!o->reports_stream)
		return complain(&r->a, "memory", strerror(errno));
	json_init(&o->reports_json, o->reports_stream);
	json_array(&o->reports_json, NULL);
	return open_stdout(r);
}

/* If stdout is reserved, COMMAND's output to stdout goes to stderr. */
static void on_data(int fd, const char *p, size_t n, void *arg)
{
	struct run *r = arg;
	struct run_files *o = &r->files;
	bool to_stdout = fd == STDOUT_FILENO;

	if (o->output[!to_stdout])
		fwrite(p, 1, n, o->output[!to_stdout]);
	if (to_stdout && r->ktap > RUN_KTAP_FLAT)
		lines_feed(&o->lines, p, n);
	else if (to_stdout && !r->json && !r->ktap)
		outlet_put(&o->out, p, n);
	else
		outlet_put(&o->err, p, n);
}

static int blocked_fd(void *arg)
{
	struct run_files *o = &((struct run *)arg)->files;

	if (outlet_flush(&o->out))
		return o->out.fd;
	return outlet_flush(&o->err) ? o->err.fd : -1;
}

void run_files_opts(struct run *r, struct child_opts *o)
{
	if (!r->files.pass_on)
		return;
	o->data = on_data;
	o->blocked = blocked_fd;
	o->data_arg = r;
}

static void put_text(FILE *f, const struct text *t)
{
	if (t->n)
		fwrite(t->p, 1, t->n, f);
}

static void put_command(FILE *f, const struct run *r)
{
	char **arg;

	for (arg = r->cmd; *arg; arg++)
		fprintf(f, "%s\n", *arg);
}

static void on_kept_report(const struct report *rep, void *arg)
{
	report_json(arg, rep, false);
}

/*
 * Parse the log again: during the run, reports were passed on at their titles,
 * and with the line numbers of records. These have bodies, and the line numbers
 * of the file in the same folder.
 */
static void put_reports(FILE *f, const struct run *r)
{
	const char *log = in_dir(r, r->log_path ? "kmsg.records" : "kmsg.log");
	const char *reason;
	struct json j;

	json_init(&j, f);
	json_array(&j, NULL);
	reason = read_reports(log, true, on_kept_report, &j, NULL);
	json_array_end(&j);
	if (reason)
		complain(&r->a, log, reason);
}

static void write_late(FILE *f, const struct run *r, size_t i)
{
	switch (i) {
	case 0:
		put_command(f, r);
		break;
	case 1:
		put_reports(f, r);
		break;
	case 2:
		put_text(f, &r->before.classes);
		break;
	case 3:
		put_text(f, &r->after.classes);
		break;
	case 4:
		put_text(f, &r->before.stats);
		break;
	case 5:
		put_text(f, &r->after.stats);
		break;
	case 6:
		run_json(f, r);
		break;
	case 7:
		run_text(f, r);
		break;
	case 8:
		run_summary(f, r);
		break;
	}
}

static int write_dir(struct run *r)
{
	int ret = 0;
	size_t i;

	for (i = 0; i < NR_LATE_FILES; i++) {
		FILE *f = open_out(r, in_dir(r, late_files[i]));

		if (!f)
			return EXIT_USAGE;
		write_late(f, r, i);
		ret |= close_out(r, in_dir(r, late_files[i]), f);
	}
	return ret;
}

/* After COMMAND's output. */
static int write_stdout(struct run *r)
{
	struct run_files *o = &r->files;
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	int err;

	if (!f)
		return complain(&r->a, "memory", strerror(errno));
	if (r->ktap > RUN_KTAP_FLAT) {
		lines_end(&o->lines);
		nest_end(&o->nest);
	}
	if (r->ktap)
		run_ktap_results(f, r);
	if (r->json)
		run_json(f, r);
	fclose(f);
	outlet_put(&o->out, text, size);
	free(text);
	err = outlet_finish(&o->out);
	outlet_end_line(&o->err);
	outlet_finish(&o->err);
	return err ? complain(&r->a, "stdout", strerror(-err)) : 0;
}

int run_files_write(struct run *r)
{
	struct run_files *o = &r->files;
	int ret = write_stdout(r);

	setvbuf(stderr, NULL, _IOFBF, BUFSIZ);
	run_text(stderr, r);
	fflush(stderr);
	setvbuf(stderr, NULL, _IONBF, 0);
	if (o->json) {
		run_json(o->json, r);
		ret |= close_out(r, r->json_path, o->json);
	}
	if (o->summary) {
		run_summary(o->summary, r);
		ret |= close_out(r, r->summary_path, o->summary);
	}
	ret |= close_out(r, r->log_path ?: "kmsg.log", o->log);
	ret |= close_out(r, "kmsg.records", o->records);
	ret |= close_out(r, "stdout", o->output[0]);
	ret |= close_out(r, "stderr", o->output[1]);
	if (r->out_dir)
		ret |= write_dir(r);
	return ret ? EXIT_USAGE : 0;
}

void run_files_free(struct run *r)
{
	free(r->files.reports);
	free(r->files.out.buf);
	free(r->files.err.buf);
}
