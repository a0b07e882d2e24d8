// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reduction with a command for a trial. A mix that ends in a splat cannot be
 * reduced in the same process or boot, as the first splat spends lockdep: each
 * trial has to be a boot of its own, which the command does.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "race/actors/actors.h"
#include "race/reduce.h"
#include "reduce_by.h"

struct by_command {
	const char *command;
	char error[128];	/* what ended it, or "" */
};

/* 0: passes, 1: fails, all else: no answer, which ends the reduction. */
static bool fails(uint64_t set, void *arg)
{
	struct by_command *by = arg;
	char names[1024];
	int status;

	if (*by->error)
		return false;

	actors_names(set, names, sizeof(names));
	setenv("ACTORS", names, 1);
	status = system(by->command);
	if (status >= 0 && WIFEXITED(status) && WEXITSTATUS(status) < 2) {
		fprintf(stderr, "%s: %s\n", names,
			WEXITSTATUS(status) ? "fails" : "passes");
		return WEXITSTATUS(status);
	}
	if (status >= 0 && WIFEXITED(status))
		snprintf(by->error, sizeof(by->error), "exit code %d",
			 WEXITSTATUS(status));
	else
		snprintf(by->error, sizeof(by->error), "%s",
			 status < 0 ? strerror(errno) :
				      strsignal(WTERMSIG(status)));
	return false;
}

int reduce_by(const char *list, const char *command, char *why, size_t size)
{
	struct by_command by = { .command = command };
	struct reduction r = { .fails = fails, .arg = &by };
	char names[1024];
	uint64_t set;

	if (!actors_parse(list, &set, why, size))
		return -EINVAL;
	if (!fails(set, &by) && !*by.error) {
		snprintf(why, size, "all of them together do not fail");
		return -ENOENT;
	}
	if (!*by.error)
		set = reduce(&r, set);
	if (*by.error) {
		snprintf(why, size, "trial with %s: %s", getenv("ACTORS"),
			 by.error);
		return -EIO;
	}
	actors_names(set, names, sizeof(names));
	puts(names);
	return 0;
}
