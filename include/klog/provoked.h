/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * WARNs that a test provokes by a failure that the kernel takes for its own
 * bug. Such a WARN is no fault of the kernel, but all others are. So the runner
 * of the test writes to the kernel's log which source file is about to WARN,
 * and when that ends:
 *
 *	kvm-gmem: run RUN: TEST provokes WARNs in FILE
 *	kvm-gmem: run RUN: TEST has ended
 *
 * A reader of the log excuses the WARNs of FILE between the two lines, counts
 * them, and excuses no others. FILE can be a folder, with a '/' at its end, if
 * one failure makes several files in it WARN. RUN is a number that `splat run`
 * passes to its program in the environment, so that no other program can
 * announce WARNs to it; "-" if there is none. Pure: text in, state out.
 */
#ifndef KLOG_PROVOKED_H
#define KLOG_PROVOKED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

#define PROVOKED_ENV	"SPLAT_RUN"
#define PROVOKED_RUN	24
#define PROVOKED_NAME	96
#define PROVOKED_LINE	320

struct provoked {
	char run[PROVOKED_RUN];		/* ignore others; "": ignore none */
	bool open;
	char test[PROVOKED_NAME];	/* of the last announcement */
	char file[PROVOKED_NAME];
	unsigned int warnings;		/* excused so far */
	char files[2 * PROVOKED_NAME];	/* ... in these, joined by ", " */
	/* Set if the announcements are inconsistent; excuses nothing then. */
	char fault[PROVOKED_LINE];
};

/*
 * Write one of the two lines, without newline. @run is NULL or "" if there is
 * none. 0, or -EINVAL if provoked_line() would refuse a name: names are
 * letters, digits and "_./-", and a file has a '/' in it.
 */
int provoked_begin(char *line, size_t size, const char *run, const char *test,
		   const char *file);
int provoked_end(char *line, size_t size, const char *run, const char *test);

/* Accept announcements of @run only, or with NULL all of them. */
void provoked_init(struct provoked *p, const char *run);

/* A line that a program wrote to the log: an announcement, or any other. */
void provoked_line(struct provoked *p, struct str line);

/*
 * Was this WARN at @file, see kind_warn_file(), announced? The path can have
 * more folders in front than the announced one.
 */
bool provoked_warning(struct provoked *p, struct str file);

/* The log has ended: an announcement without its end is a fault. */
void provoked_finish(struct provoked *p);

#endif
