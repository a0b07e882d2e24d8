/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pictures of /proc/lockdep: the file with some lines in front that say when
 * and where it was taken; and what one has that another has not.
 */
#ifndef LOCKDEP_PICTURE_H
#define LOCKDEP_PICTURE_H

#include "graph.h"

/* "" for what is not known, such as of a plain copy of /proc/lockdep. */
struct picture {
	char boot_id[64];
	char release[128];
	char taken[32];		/* UTC, 2026-01-31T12:00:00Z */
	char lockdep[192];	/* "alive", or another state ": " and why */
	struct str classes;	/* the copy of /proc/lockdep */
};

/*
 * The lines that go in front, as a string to be freed; NULL without memory. No
 * value may hold a newline.
 */
char *picture_head(const struct picture *p);

/*
 * A picture or a plain copy; false if it is neither. @p refers to @text. It is
 * for lock_graph_parse() to say whether p->classes is good.
 */
bool picture_parse(struct picture *p, struct str text);

enum same_boot {
	BOOT_UNKNOWN,
	BOOT_SAME,
	BOOT_OTHER,
};

/*
 * By their boot ids, otherwise by the keys: these are addresses, or hashes with
 * a secret of the boot, so those of one name are equal only within one boot.
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
	 * Compare names without #N, which counts in the order in which classes
	 * of one name came up: for pictures of two boots. What is told then has
	 * the name of one of the classes that are meant.
	 */
	bool by_base;
};

/* What @b has and @a has not, and the other way round. 0 or -ENOMEM. */
int graph_diff(const struct graph_diff *d, const struct lock_graph *a,
	       const struct lock_graph *b);

#endif
