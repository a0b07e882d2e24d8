/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Warnings that a test provokes: it makes something fail that the kernel takes
 * for its own bug, and WARNs. So that such a WARN is not held against the
 * kernel, and no other one is excused, the test's runner says in the kernel's
 * log which source file is about to WARN, and when that is over:
 *
 *	kvm-gmem: run RUN: TEST provokes WARNs in FILE
 *	kvm-gmem: run RUN: TEST has ended
 *
 * Whoever reads the log excuses the WARNs of FILE between the two, counts them,
 * and excuses nothing else. FILE may be a folder and ends with '/' then, where
 * one fault makes several of its files WARN. RUN is what `splat run` gives to its program in the
 * environment, so that nobody else can announce anything to it; "-" without.
 * Pure: text in, state out.
 */
#ifndef PROVOKED_H
#define PROVOKED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

#define PROVOKED_ENV	"SPLAT_RUN"
#define PROVOKED_RUN	24
#define PROVOKED_NAME	96
#define PROVOKED_LINE	320

struct provoked {
	char run[PROVOKED_RUN];		/* whose lines count; "": anybody's */
	bool open;
	char test[PROVOKED_NAME];	/* what is announced, or was last */
	char file[PROVOKED_NAME];
	unsigned int warnings;		/* excused so far */
	char files[2 * PROVOKED_NAME];	/* ... in these, joined by ", " */
	/* Set once the lines make no sense; nothing is excused then. */
	char fault[PROVOKED_LINE];
};

/*
 * The two lines, without newline. @run is NULL or "" without one. 0, or -EINVAL
 * for a name that would not be read back: of letters, digits and "_./-" only, a
 * file with a '/' in it.
 */
int provoked_begin(char *line, size_t size, const char *run, const char *test,
		   const char *file);
int provoked_end(char *line, size_t size, const char *run, const char *test);

/* Listen to @run only, or with NULL to every announcement. */
void provoked_init(struct provoked *p, const char *run);

/* A line of the log that a program has written; most are none of ours. */
void provoked_line(struct provoked *p, struct str line);

/*
 * A WARN at @file, see kind_warn_file(): is it one that was announced? The path
 * may have more in front than the one that was announced.
 */
bool provoked_warning(struct provoked *p, struct str file);

/* The log ends here: an announcement that is still open is a fault. */
void provoked_finish(struct provoked *p);

#endif
