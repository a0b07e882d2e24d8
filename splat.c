// SPDX-License-Identifier: GPL-2.0-only
/*
 * splat: shows what a command does to the kernel's lock order, and reads
 * lockdep's reports.
 */
#include "inplace/stand_in.h"
#include "splat/cmd/cmd.h"
#include "splat/splat.h"

static const char help[] =
"usage: splat run [options] -- COMMAND [ARG...]\n"
"       splat parse [--json] [FILE...]\n"
"       splat edges [options] [CLASS]\n"
"       splat trace [options] -- COMMAND [ARG...]\n"
"       splat compare A B\n"
"       splat graph [--svg FILE] LOG | --class CLASS\n"
"       splat coverage [-- COMMAND [ARG...]]\n"
"       splat judge [options] DIR\n"
"\n"
"run       run COMMAND and print what it did to the lock order around\n"
"          guest_memfd, and whether lockdep was alive to see it\n"
"parse     find lockdep's reports in kernel logs\n"
"edges     print the lock order recorded in /proc/lockdep\n"
"trace     print the lock order of COMMAND alone, even after lockdep is off\n"
"compare   compare two reports: are they the same bug?\n"
"graph     draw a report's cycle, or the classes around a lock class\n"
"coverage  list which locks around guest_memfd were taken under which others\n"
"judge     the verdict on a run of scripts/lab, from the files in its folder\n"
"\n"
"Each has its own --help. Lockdep reports once per boot and is then off.\n";

static const struct {
	const char *name;
	int (*fn)(int argc, char **argv);
} commands[] = {
	{ "run", cmd_run },
	{ "parse", cmd_parse },
	{ "edges", cmd_edges },
	{ "trace", cmd_trace },
	{ "compare", cmd_compare },
	{ "graph", cmd_graph },
	{ "coverage", cmd_coverage },
	{ "judge", cmd_judge },
};

int main(int argc, char **argv)
{
	size_t i;

	machine_find_stand_in = stand_in_for;
	if (argc < 2) {
		fputs("splat: command: none given; see splat --help\n", stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return fputs(help, stdout) < 0;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].fn(argc - 2, argv + 2);
	fprintf(stderr, "splat: %s: unknown command; see splat --help\n",
		argv[1]);
	return EXIT_USAGE;
}
