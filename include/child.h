/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Run a function or a command in a process of its own, with a bound in time,
 * and leave nothing of it behind. Used by the suite for each subtest and by
 * splat for the command that it watches.
 */
#ifndef CHILD_H
#define CHILD_H

#include <stdbool.h>

struct child_opts {
	/* One of both. fn()'s result is the exit code; argv ends with NULL. */
	int (*fn)(void *arg);
	void *arg;
	char *const *argv;
	/* Bound in seconds; 0 is none. */
	unsigned int timeout_s;
	/*
	 * Called for each line that the child writes to stdout or stderr, see
	 * lines.h for what a line can hold. NULL: both are inherited.
	 */
	void (*line)(const char *line, void *arg);
	void *line_arg;
};

struct child_result {
	int code;		/* exit code, if exited */
	int sig;		/* signal that ended it, or 0 */
	bool exited;		/* ended by itself, not by a signal */
	bool timed_out;
	bool stuck;		/* SIGKILL did not end it: kernel hung? */
	bool leftovers;		/* it had left processes behind */
};

/*
 * The child has a process group of its own and /dev/null as stdin, and dies
 * with its parent. At the bound its group gets SIGTERM, two seconds later
 * SIGKILL, and ten more seconds to be gone. Processes that it leaves behind,
 * in its group or not, are killed too; none of them can keep child_run() from
 * returning.
 *
 * If this process gets SIGHUP, SIGINT, SIGTERM or SIGPIPE meanwhile, it ends
 * the child in the same way and calls exit(128 + signal).
 *
 * Not for two threads at the same time: signal handlers and the subreaper
 * setting of the process are changed, and restored before the return.
 *
 * Return 0 and fill @r, or -errno if the child could not be started.
 */
int child_run(const struct child_opts *o, struct child_result *r);

#endif
