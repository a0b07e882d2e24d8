/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lock orders as pictures, in graphviz' DOT: the cycle of a report, and what is
 * around a class. Made to be read at a glance: long names are broken,
 * guest_memfd's class stands out, what closes a cycle is red.
 */
#ifndef LOCKDEP_DOT_H
#define LOCKDEP_DOT_H

#include <stdio.h>

#include "cycles.h"
#include "lockdep/report/report.h"

/* False if the report has no cycle; nothing is written then. */
bool dot_report(FILE *f, const struct report *r);

struct dot_class {
	const struct lock_graph *g;
	const struct lock_cycles *cycles;	/* of @g */
	const bool *center;	/* the classes in question, by index */
	struct str gmem;	/* guest_memfd's, with #n; "" if not known */
	const char *title;
	unsigned int depth;
	unsigned int max;	/* classes drawn; center always is */
	unsigned int left_out;	/* set: how many more there are */
};

/* 0 or -ENOMEM. */
int dot_class(FILE *f, struct dot_class *d);

/* dot.c: what both are made of. */
void dot_begin(FILE *f);
void dot_node(FILE *f, unsigned int id, struct str name, bool gmem,
	      const char *more);
/* @name in quotes, broken into lines that are not much wider than @width. */
void dot_text(FILE *f, struct str text, unsigned int width);
void dot_end(FILE *f);

#define DOT_RED	"color=\"#c00000\" fontcolor=\"#c00000\" penwidth=2.2"

#endif
