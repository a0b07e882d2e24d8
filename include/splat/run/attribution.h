/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * On behalf of whom did the kernel report? A report names the task that was
 * running; whether that is one of the watched command's is asked of /proc as
 * soon as the report is read. Only what is certain is another's: a task that
 * lives, has the name that the report says, and does not descend from here.
 */
#ifndef SPLAT_RUN_ATTRIBUTION_H
#define SPLAT_RUN_ATTRIBUTION_H

enum attribution {
	ATTRIBUTION_UNKNOWN,		/* no longer there, or the report does not tell */
	ATTRIBUTION_PROGRAM,		/* a descendant of this process */
	ATTRIBUTION_KERNEL,		/* a kernel thread, or no process */
	ATTRIBUTION_OTHER,
};

/*
 * @pid and @comm as the report has them, -1 and NULL if it does not tell; @root
 * as in read_below(). This process has to be the ancestor, and the subreaper, of
 * all that the command starts. In another pid namespace than the kernel's own
 * all are unknown.
 */
enum attribution attribution_of(const char *root, long pid, const char *comm);

/* "program", "kernel", "other", "unknown" */
const char *attribution_name(enum attribution w);

#endif
