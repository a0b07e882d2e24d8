// SPDX-License-Identifier: GPL-2.0-only
/*
 * splat judge: the files that a run of the lab left behind, to a verdict. The
 * rules are in lib/splat/judge; here files are read and lines are printed.
 */
#include <errno.h>
#include <stdlib.h>

#include "splat/judge/judge.h"
#include "splat/cmd/cmd.h"
#include "splat/splat.h"

enum { OPT_WATCH, OPT_BISECT, OPT_BAD_SIG, OPT_CONTROL, OPT_HELP };

static const struct option_def defs[] = {
	{ "--watch", true, OPT_WATCH },
	{ "--bisect", false, OPT_BISECT },
	{ "--bad-sig", true, OPT_BAD_SIG },
	{ "--control", false, OPT_CONTROL },
	{ "--help", false, OPT_HELP },
	{ "-h", false, OPT_HELP },
	{ }
};

static const char help[] =
"usage: splat judge [--watch yes|no] DIR\n"
"       splat judge --bisect [--bad-sig SIG] DIR\n"
"       splat judge --control DIR\n"
"\n"
"Judge a run of scripts/lab by the files that it left in DIR.\n"
"\n"
"  (no option)      the verdict as lines KEY=VALUE, for DIR/verdict: verdict,\n"
"                   code, reason, ab, ba, lockdep, signature, exit, provoked,\n"
"                   provoked_in, seconds; from DIR/result, summary, output.log\n"
"  --watch yes|no   whether the program ran under splat run (no)\n"
"  --bisect         the answer for git bisect, from DIR/verdict, as one line\n"
"                   CODE WORD WHY: 0 good, 1 bad, 125 skip, 128 stop\n"
"  --bad-sig SIG    only this splat, or a crash, is bad; without its functions\n"
"                   SIG means each splat of that cycle\n"
"  --control        do the control rows of scripts/lab repro hold? Lines\n"
"                   KEY=VALUE from DIR/pristine, +ab, +ba and +ab+ba: verdict,\n"
"                   code, reason, control (holds, failed, none), failed_rows,\n"
"                   and for each of these rows a line failed\n"
"\n"
"exit: 0 judged, 2 wrong call or a file that cannot be read\n";

struct judge {
	struct args a;
	bool bisect, control;
	const char *wanted;
	struct lab_run run;
	struct output_facts output;
	bool seen;		/* the wanted splat */
};

static const char *in_dir(const char *dir, const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

/* A file that is not there is a fact as well, but for @needed ones. */
static int read_part(const struct judge *j, const char *name, bool needed,
		     struct str *s)
{
	const char *path = in_dir(j->run.dir, name);
	struct text text;
	int err = read_file(path, &text);

	if (err == -ENOENT && !needed)
		err = 0;
	if (err)
		return complain(&j->a, path, input_error(err));
	*s = (struct str){ text.p, text.n };
	return 0;
}

static void free_part(struct str *s)
{
	free((void *)s->p);
	*s = (struct str){ };
}

static void feed_output(void *arg, const char *data, size_t n)
{
	output_feed(arg, data, n);
}

/* A run that ended early has none. */
static void read_output(struct judge *j)
{
	output_init(&j->output);
	read_log(in_dir(j->run.dir, "output.log"), feed_output, &j->output);
	output_end(&j->output);
	j->run.output = &j->output;
}

static int judge_run(struct judge *j)
{
	struct lab_verdict v;

	if (read_part(j, "result", true, &j->run.result) ||
	    read_part(j, "summary", false, &j->run.summary))
		return EXIT_USAGE;
	read_output(j);
	lab_judge(&j->run, &v);
	lab_verdict_write(stdout, &v);
	return 0;
}

static void on_report(const struct report *r, void *arg)
{
	struct judge *j = arg;

	j->seen |= r->signature && signature_is_wanted(r->signature, j->wanted);
}

static int judge_bisect(struct judge *j)
{
	struct bisect_answer a;

	if (read_part(j, "result", true, &j->run.result) ||
	    read_part(j, "verdict", true, &j->run.verdict) ||
	    read_part(j, "summary", false, &j->run.summary))
		return EXIT_USAGE;
	/* Any of the run's splats: after one of RCU's lockdep goes on. */
	if (j->wanted)
		read_reports(in_dir(j->run.dir, "kmsg.log"), true, on_report,
			     j, NULL);
	bisect_judge(&j->run, j->wanted, j->seen, &a);
	printf("%d %s %s\n", a.code, a.word, a.why);
	return 0;
}

static void print_control(const struct control *c)
{
	unsigned int i;
	const char *state = c->rows ? "holds" : "none";
	char names[64] = "";

	for (i = 0; i < NR_CONTROLS; i++) {
		if (!c->row[i].failed)
			continue;
		state = "failed";
		snprintf(names + strlen(names), sizeof(names) - strlen(names),
			 "%s%s", names[0] ? " " : "", control_name(i));
	}
	pair_put(stdout, "verdict", "%s", verdict_name(c->verdict));
	pair_put(stdout, "code", "%d", c->code);
	pair_put(stdout, "reason", "%s", c->reason);
	pair_put(stdout, "control", "%s", state);
	pair_put(stdout, "failed_rows", "%s", names);
	for (i = 0; i < NR_CONTROLS; i++)
		if (c->row[i].failed)
			pair_put(stdout, "failed", "%s: got '%s', wanted '%s'",
				 control_name(i), c->row[i].got,
				 c->row[i].wanted);
}

static int judge_control(struct judge *j)
{
	static struct lab_verdict verdicts[NR_CONTROLS];
	const struct lab_verdict *rows[NR_CONTROLS] = { };
	char name[32];
	struct control c;
	unsigned int i;

	for (i = 0; i < NR_CONTROLS; i++) {
		struct str text = { };

		snprintf(name, sizeof(name), "%s/verdict", control_name(i));
		if (read_part(j, name, i == CONTROL_PRISTINE, &text))
			return EXIT_USAGE;
		if (!text.p)
			continue;
		if (!lab_verdict_read(text, &verdicts[i])) {
			free_part(&text);
			return complain(&j->a, in_dir(j->run.dir, name),
					"has no verdict");
		}
		free_part(&text);
		rows[i] = &verdicts[i];
	}
	control_judge(rows, &c);
	print_control(&c);
	return 0;
}

static int set_option(struct judge *j, int opt)
{
	switch (opt) {
	case OPT_WATCH:
		j->run.watched = !strcmp(j->a.value, "yes");
		if (j->run.watched || !strcmp(j->a.value, "no"))
			return 0;
		return complain(&j->a, j->a.value, "is neither yes nor no");
	case OPT_BISECT:
		j->bisect = true;
		return 0;
	case OPT_BAD_SIG:
		j->wanted = j->a.value[0] ? j->a.value : NULL;
		return 0;
	case OPT_CONTROL:
		j->control = true;
		return 0;
	}
	return EXIT_USAGE;
}

static int parse_and_judge(struct judge *j)
{
	int opt, ret;

	while ((opt = args_next(&j->a, defs)) != ARG_END) {
		if (opt == OPT_HELP)
			return fputs(help, stdout) < 0;
		if (set_option(j, opt))
			return EXIT_USAGE;
	}
	if (j->a.argc - j->a.next != 1)
		return complain(&j->a, "DIR", "one is needed");
	if (j->bisect && j->control)
		return complain(&j->a, "--control", "but --bisect was given");
	if (j->wanted && !j->bisect)
		return complain(&j->a, "--bad-sig", "needs --bisect");
	j->run.dir = j->a.argv[j->a.next];
	ret = j->bisect ? judge_bisect(j) : j->control ? judge_control(j) :
	      judge_run(j);
	if (!ret && (fflush(stdout) || ferror(stdout)))
		ret = complain(&j->a, "stdout", strerror(errno));
	return ret;
}

int cmd_judge(int argc, char **argv)
{
	static struct judge j;
	int ret;

	j.a = (struct args){ .command = "judge", .argc = argc, .argv = argv };
	ret = parse_and_judge(&j);
	free_part(&j.run.result);
	free_part(&j.run.summary);
	free_part(&j.run.verdict);
	return ret;
}
