/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Run a program and wait for it: its exit code, 128 if a signal ended it, 127
 * if it could not be run, which is said.
 */
#ifndef RUN_PROGRAM_H
#define RUN_PROGRAM_H

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static inline int run_program(char **argv)
{
	int status;
	pid_t pid;

	pid = fork();
	if (!pid)
		execv(argv[0], argv);
	if (pid <= 0 || waitpid(pid, &status, 0) != pid) {
		fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name,
			pid ? "fork" : argv[0], strerror(errno));
		if (!pid)
			_exit(127);
		return 127;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

#endif
