/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An edge that somebody wants to know of, "A -> B": is there a way from A to B
 * in the recorded lock order, direct or through other classes?
 *
 * The separator is " -> " with one blank on each side. Names of classes hold
 * "->", "&", "()", blanks, but not that: they are C expressions as the kernel's
 * source has them. A text with two separators is refused, not guessed at.
 *
 * A name stands for all classes of that name: with any #N, as that depends on
 * the order of registration, and with any /subclass. With #N or /subclass it
 * stands for those alone.
 */
#ifndef LOCKDEP_WATCH_H
#define LOCKDEP_WATCH_H

#include "gmem.h"

#define WATCH_TEXT	256

struct watch {
	char text[WATCH_TEXT];		/* as given */
	struct str from, to;		/* in @text */
	struct lock_edge edge;
	bool before;			/* it was there before the run */
	/* Of @from and @to: no such class; or none was ever taken. */
	bool no_from, no_to;
	bool unused_from, unused_to;
};

/* Why @text is no edge to watch, or NULL. It is copied. */
const char *watch_parse(struct watch *w, const char *text);

/* Does @pattern, see above, stand for the class called @name? */
bool watch_matches(struct str pattern, struct str name);

/*
 * Look for the edge in @g: EDGE_YES with its shortest way, or EDGE_NO. 0 or
 * -ENOMEM.
 */
int watch_graph(struct watch *w, const struct lock_graph *g);

/* The same before the run: only whether it is there. */
int watch_graph_before(struct watch *w, const struct lock_graph *g);

/*
 * Add what a circular report tells: its closing edge never is in /proc/lockdep.
 * Return true if the report is about this edge.
 */
bool watch_report(struct watch *w, const struct report *r);

/* What was not seen is not known. */
void watch_forget_unseen(struct watch *w);

#endif
