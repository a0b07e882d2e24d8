/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Run a function or a command in a process of its own, with a bound in time,
 * and leave no process of it. The suite uses it for each subtest, splat for the
 * command that it watches.
 */
#ifndef RUNNER_CHILD_H
#define RUNNER_CHILD_H

#include <stdbool.h>
#include <stddef.h>

struct child_opts {
	/* One of both. fn()'s result is the exit code; argv ends with NULL. */
	int (*fn)(void *arg);
	void *arg;
	char *const *argv;
	/*
	 * Called in the child just before argv is; 0, or -errno to give up. It
	 * runs on the memory of this process, as after vfork().
	 */
	int (*prepare)(void *arg);
	void *prepare_arg;
	/* Bound in seconds; 0 is none. */
	unsigned int timeout_s;
	/*
	 * Called for each line that the child writes to stdout or stderr, see
	 * lines.h for what a line can hold. NULL: both are inherited.
	 */
	void (*line)(const char *line, void *arg);
	void *line_arg;
	/*
	 * Instead: called with what the child writes to stdout (@fd 1) and to
	 * stderr (2), as it comes. As long as blocked(), if not NULL, returns a
	 * descriptor, nothing is read until that one can be written to; it is
	 * called repeatedly and may pass on a part each time.
	 */
	void (*data)(int fd, const char *p, size_t n, void *arg);
	int (*blocked)(void *arg);
	void *data_arg;
	/* Pass on this process's stdin, unless that is a terminal. */
	bool stdin_too;
	/* Do not exit() on a signal, but return with it in result.caught. */
	bool tell_signal;
};

struct child_result {
	int code;		/* exit code, if exited */
	int sig;		/* signal that ended it, or 0 */
	bool exited;		/* ended by itself, not by a signal */
	bool timed_out;
	bool stuck;		/* SIGKILL did not end it: kernel hung? */
	bool leftovers;		/* it had left processes behind */
	int caught;		/* signal that ended child_run(), or 0 */
};

/*
 * The child has a process group of its own and, unless @o has it otherwise,
 * /dev/null as stdin. It dies with its parent. At the bound its group gets
 * SIGTERM, two seconds later SIGKILL, and ten more seconds to be gone.
 * Processes that it leaves behind, in its group or not, are killed too; none of
 * them can keep child_run() from returning.
 *
 * If this process gets SIGHUP, SIGINT, SIGTERM or SIGPIPE meanwhile, it ends
 * the child in the same way and calls exit(128 + signal), or see tell_signal.
 *
 * Not for two threads at the same time: signal handlers and the subreaper
 * setting of the process are changed, and restored before the return.
 *
 * Return 0 and fill @r, or -errno if the child could not be started.
 */
int child_run(const struct child_opts *o, struct child_result *r);

/*
 * Did the command fail, or is its end unknown? The reason, for people, is in
 * @buf. False for NULL.
 */
bool child_failed(const struct child_result *c, char *buf, size_t size);

#endif
