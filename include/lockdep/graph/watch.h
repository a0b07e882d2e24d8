/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A watched edge "A -> B": is there a path from A to B in the recorded lock
 * order, direct or through other classes?
 *
 * The separator is " -> " with one blank on each side. Names of classes are C
 * expressions from the kernel's source: they hold "->", "&", "()" and blanks,
 * but not the separator. A text with two separators is refused.
 *
 * A name means all classes of that name, with any #N, which depends on the
 * order of registration, and with any /subclass. A name with #N or /subclass
 * means only those.
 */
#ifndef LOCKDEP_GRAPH_WATCH_H
#define LOCKDEP_GRAPH_WATCH_H

#include "gmem.h"

#define WATCH_TEXT	256

struct watch {
	char text[WATCH_TEXT];		/* as given */
	struct str from, to;		/* in @text */
	struct lock_edge edge;
	bool before;			/* recorded before the run */
	/* @from, @to: no such class; or none was ever taken. */
	bool no_from, no_to;
	bool unused_from, unused_to;
};

/* Return why @text is no edge to watch, or NULL. @text is copied. */
const char *watch_parse(struct watch *w, const char *text);

/* Does @pattern, see above, include the class @name? */
bool watch_matches(struct str pattern, struct str name);

/*
 * Look for the edge in @g: EDGE_YES with its shortest path, or EDGE_NO. 0 or
 * -ENOMEM.
 */
int watch_graph(struct watch *w, const struct lock_graph *g);

/* The same before the run: sets only w->before. */
int watch_graph_before(struct watch *w, const struct lock_graph *g);

/*
 * Add the edges of a circular report: the one that closes the cycle is never in
 * /proc/lockdep. Return true if the report is about this edge.
 */
bool watch_report(struct watch *w, const struct report *r);

/* Make an edge that was not seen unknown. */
void watch_forget_unseen(struct watch *w);

#endif
