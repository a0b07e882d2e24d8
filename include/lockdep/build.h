/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One report, built line by line: the grammar that says which line may follow
 * which, and therefore whether one is missing or does not belong.
 */
#ifndef LOCKDEP_BUILD_H
#define LOCKDEP_BUILD_H

#include "lockdep/report.h"

enum build_result {
	BUILD_GOES_ON,
	BUILD_DONE,		/* this line was its last */
	BUILD_WAS_DONE,		/* the line before was its last */
	BUILD_GIVE_UP,		/* no line of it for too long */
};

/* @text is the title line, @kind what kind_of_title() made of it. */
void build_open(struct report_builder *b, enum report_kind kind,
		struct str text, uint64_t line);

enum build_result build_line(struct report_builder *b, struct str text,
			     const struct token *tok, uint64_t line);

/* No more lines will come: compute what follows from the whole. */
void build_close(struct report_builder *b);

#endif
