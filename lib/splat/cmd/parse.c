// SPDX-License-Identifier: GPL-2.0-only
/*
 * splat parse: find the reports in kernel logs.
 */
#include <errno.h>
#include <stdlib.h>

#include "splat/cmd/cmd.h"
#include "splat/splat.h"

enum { OPT_JSON, OPT_HELP };

static const struct option_def defs[] = {
	{ "--json", false, OPT_JSON },
	{ "--help", false, OPT_HELP },
	{ "-h", false, OPT_HELP },
	{ }
};

static const char help[] =
"usage: splat parse [--json] [FILE...]\n"
"\n"
"Find lockdep's reports, oopses and WARNs in kernel logs: dmesg, console, syslog,\n"
"journal, /dev/kmsg records, mail; with or without timestamps and caller ids.\n"
"Without FILE, or for \"-\", read stdin.\n"
"\n"
"  --json    an array of objects: kind, title, release, comm, pid, acquiring,\n"
"            holding, cycle, chain, signature, complete, first_line, last_line\n"
"\n"
"A report that lacks a line, or has one that does not belong, has complete=false\n"
"and no signature.\n"
"\n"
"exit: 0 no report, 1 some, 2 an input could not be read\n";

struct output {
	struct json json;
	bool as_json;
	unsigned long reports;
};

static void on_report(const struct report *r, void *arg)
{
	struct output *o = arg;

	if (o->as_json)
		report_json(&o->json, r, false);
	else
		report_text(stdout, r);
	o->reports++;
}

static int parse_all(struct output *o, const struct args *a)
{
	const char *reason;
	int i, ret = 0;
	bool empty;

	if (o->as_json)
		json_array(&o->json, NULL);
	for (i = a->next; i < a->argc || i == a->next; i++) {
		const char *path = i < a->argc ? a->argv[i] : "-";

		reason = read_reports(path, true, on_report, o, &empty);
		if (reason)
			ret = complain(a, path, reason);
		else if (empty)
			complain(a, path, "is empty");
	}
	if (o->as_json)
		json_array_end(&o->json);
	if (fflush(stdout) || ferror(stdout))
		ret = complain(a, "stdout", strerror(errno));
	return ret ? ret : o->reports ? EXIT_BAD : EXIT_CLEAN;
}

int cmd_parse(int argc, char **argv)
{
	struct args a = { .command = "parse", .argc = argc, .argv = argv };
	struct output o = { };
	int opt;

	while ((opt = args_next(&a, defs)) != ARG_END) {
		if (opt == ARG_BAD)
			return EXIT_USAGE;
		if (opt == OPT_HELP)
			return fputs(help, stdout) < 0;
		o.as_json = true;
	}
	json_init(&o.json, stdout);
	return parse_all(&o, &a);
}
