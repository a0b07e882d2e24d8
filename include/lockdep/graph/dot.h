/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Draw lock orders in graphviz' DOT: the cycle of a report, and the classes
 * around a class. Long names are broken into lines, guest_memfd's class has a
 * colour of its own, edges that close a cycle are red.
 */
#ifndef LOCKDEP_GRAPH_DOT_H
#define LOCKDEP_GRAPH_DOT_H

#include <stdio.h>

#include "cycles.h"
#include "lockdep/report/report.h"

/* False, and nothing is written, if the report has no cycle. */
bool dot_report(FILE *f, const struct report *r);

struct dot_class {
	const struct lock_graph *g;
	const struct lock_cycles *cycles;	/* of @g */
	const bool *center;	/* draw around these classes, by index */
	struct str gmem;	/* guest_memfd's, with #n; "" if not known */
	const char *title;
	unsigned int depth;
	unsigned int max;	/* classes to draw, besides center */
	unsigned int left_out;	/* result: classes that were not drawn */
};

/* 0 or -ENOMEM. */
int dot_class(FILE *f, struct dot_class *d);

/* dot.c: the parts of both. */
void dot_begin(FILE *f);
void dot_node(FILE *f, unsigned int id, struct str name, bool gmem,
	      const char *more);
/* @text with escapes, broken into lines not much wider than @width. */
void dot_text(FILE *f, struct str text, unsigned int width);
void dot_end(FILE *f);

#define DOT_RED	"color=\"#c00000\" fontcolor=\"#c00000\" penwidth=2.2"

#endif
