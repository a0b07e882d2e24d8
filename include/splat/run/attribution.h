/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which process does a report of the kernel belong to? A report names the task
 * that was running. As soon as it was read, look up in /proc whether that task
 * belongs to the watched command. It belongs to another process only if that is
 * certain: the task is alive, has the name that the report has, and does not
 * descend from this process.
 */
#ifndef SPLAT_RUN_ATTRIBUTION_H
#define SPLAT_RUN_ATTRIBUTION_H

enum attribution {
	ATTRIBUTION_UNKNOWN,	/* it has exited, or the report names none */
	ATTRIBUTION_PROGRAM,	/* a descendant of this process */
	ATTRIBUTION_KERNEL,	/* a kernel thread, or no process */
	ATTRIBUTION_OTHER,	/* another process */
};

/*
 * @pid and @comm are those of the report, or -1 and NULL; for @root see
 * read_below(). This process must be an ancestor, and the subreaper, of all
 * processes of the command. Outside of the initial pid namespace the result is
 * always ATTRIBUTION_UNKNOWN.
 */
enum attribution attribution_of(const char *root, long pid, const char *comm);

/* "program", "kernel", "other", "unknown" */
const char *attribution_name(enum attribution a);

#endif
