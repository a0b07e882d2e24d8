/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pictures of /proc/lockdep: the file, after some lines that say when and where
 * it was read; and the differences of two.
 */
#ifndef LOCKDEP_GRAPH_PICTURE_H
#define LOCKDEP_GRAPH_PICTURE_H

#include "graph.h"

/* Unknown fields are "": those of a plain copy of /proc/lockdep. */
struct picture {
	char boot_id[64];
	char release[128];
	char taken[32];		/* UTC, 2026-01-31T12:00:00Z */
	char lockdep[192];	/* "alive", or another state, ": " and why */
	struct str classes;	/* the copy of /proc/lockdep */
};

/*
 * The first lines, as a string to free; NULL without memory. No field can hold
 * a newline.
 */
char *picture_head(const struct picture *p);

/*
 * Parse a picture or a plain copy; false if @text is neither. @p refers to
 * @text. lock_graph_parse() checks p->classes.
 */
bool picture_parse(struct picture *p, struct str text);

enum same_boot {
	BOOT_UNKNOWN,
	BOOT_SAME,
	BOOT_OTHER,
};

/*
 * Are both of the same boot? By their boot ids, else by the keys of the
 * classes: these are addresses, or hashes with a secret of the boot, and so
 * equal for equal names only within one boot.
 */
enum same_boot picture_same_boot(const struct picture *a,
				 const struct lock_graph *ga,
				 const struct picture *b,
				 const struct lock_graph *gb);

enum diff_what {
	DIFF_CLASS_NEW,
	DIFF_CLASS_GONE,
	DIFF_CLASS_USED,	/* came into use */
	DIFF_EDGE_NEW,
	DIFF_EDGE_GONE,
};

struct graph_diff {
	void (*fn)(enum diff_what what, struct str from, struct str to,
		   void *arg);	/* @to is empty for a class */
	void *arg;
	/*
	 * For pictures of two boots: compare names without #N, which is the
	 * order in which classes of one name were registered. @fn then gets the
	 * name of any one of the classes.
	 */
	bool by_base;
};

/* Call d->fn for what is only in @a, or only in @b. 0 or -ENOMEM. */
int graph_diff(const struct graph_diff *d, const struct lock_graph *a,
	       const struct lock_graph *b);

#endif
