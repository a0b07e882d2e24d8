/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Find and end the processes that a child left behind: those of its process
 * group, and those that left it and were then given to this process as their
 * subreaper.
 */
#ifndef RUNNER_REAP_H
#define RUNNER_REAP_H

#include <stdbool.h>
#include <sys/types.h>

/* One line of /proc/PID/stat, as far as it is needed here. */
struct proc_stat {
	pid_t pid;
	pid_t ppid;
	pid_t pgrp;
	char state;
};

/* Children of this process that are not leftovers of a child. */
struct reap_known {
	pid_t *pids;
	size_t count;
	bool incomplete;
};

/*
 * Parse the text of /proc/PID/stat. False if it is not one. The name in it may
 * hold blanks and parentheses.
 */
bool proc_stat_parse(const char *text, struct proc_stat *st);

/*
 * This process has no living child, and so none that was given to it as its
 * subreaper. For when the leader of a group is dead: it is cheap, while
 * reap_leftovers() reads a file of each process of the machine.
 */
bool reap_nothing(void);

/* Remember the children of this process. 0 or -errno. */
int reap_remember(struct reap_known *known);
void reap_forget(struct reap_known *known);

/*
 * Kill all of group @pgrp and all that has become a child of this process since
 * reap_remember(), until none is left. @leader is neither killed nor waited
 * for: as long as it is a zombie, its number names the right group. Processes
 * that end by themselves within a tenth of a second are not counted.
 *
 * Return 1 if some had to be killed, 0 if none, -EBUSY if some did not end
 * within @bound_ms, e.g. in uninterruptible sleep, or -errno without /proc.
 */
int reap_leftovers(const struct reap_known *known, pid_t leader, pid_t pgrp,
		   unsigned int bound_ms);

#endif
