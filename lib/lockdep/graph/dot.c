// SPDX-License-Identifier: GPL-2.0-only
/* Parts of drawings of lock orders, see dot.h. Pure. */
#include "lockdep/graph/dot.h"

#define NAME_WIDTH	22

/* Can a name be broken after s[i]: after these, and before "->"? */
static bool breaks(struct str s, size_t i)
{
	if (s.n - i > 2 && s.p[i + 1] == '-' && s.p[i + 2] == '>')
		return true;
	return memchr("_./:) ", s.p[i], 6) ||
	       (i && s.p[i - 1] == '-' && s.p[i] == '>');
}

/* graphviz accepts only UTF-8; sane names of locks are ASCII. */
static void put(FILE *f, char c)
{
	if (c == '"' || c == '\\')
		putc('\\', f);
	putc(c < ' ' || c > '~' ? '?' : c, f);
}

/* The end of the line that begins at @i: the last break that fits. */
static size_t line_end(struct str s, size_t i, unsigned int width)
{
	size_t k, end = 0;

	if (s.n - i <= width + 4)
		return s.n;
	for (k = i; k < s.n && k < i + width; k++)
		if (breaks(s, k) && k + 1 - i >= width / 3)
			end = k + 1;
	for (; !end && k < s.n; k++)
		if (breaks(s, k))
			end = k + 1;
	return end ? end : s.n;
}

void dot_text(FILE *f, struct str s, unsigned int width)
{
	size_t i = 0, end;

	while (i < s.n) {
		if (i)
			fputs("\\n", f);
		for (end = line_end(s, i, width); i < end; i++)
			put(f, s.p[i]);
	}
}

void dot_begin(FILE *f)
{
	fputs("digraph locks {\n"
	      "  rankdir=LR; nodesep=0.25; ranksep=0.9; pad=0.3;\n"
	      "  fontname=\"Helvetica\"; fontsize=11; fontcolor=\"#444444\";\n"
	      "  labelloc=b; labeljust=l;\n"
	      "  node [shape=box style=\"rounded,filled\""
	      " fontname=\"Helvetica\" fontsize=13\n"
	      "        fillcolor=\"#f4f4f4\" color=\"#777777\""
	      " margin=\"0.15,0.08\"];\n"
	      "  edge [fontname=\"Helvetica\" fontsize=11 color=\"#555555\""
	      " fontcolor=\"#333333\"];\n", f);
}

void dot_node(FILE *f, unsigned int id, struct str name, bool gmem,
	      const char *more)
{
	fprintf(f, "  n%u [label=\"", id);
	dot_text(f, name, NAME_WIDTH);
	fprintf(f, "%s\"%s%s];\n", gmem ? "\\n(guest_memfd's)" : "",
		gmem ? " fillcolor=\"#ffe9a8\" color=\"#a07000\" penwidth=2" :
		       "", more);
}

void dot_end(FILE *f)
{
	fputs("}\n", f);
}
