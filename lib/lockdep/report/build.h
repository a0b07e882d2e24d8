/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One report, built line by line along its kind's grammar, so that a line that
 * is missing or does not belong is noticed.
 */
#ifndef LOCKDEP_BUILD_H
#define LOCKDEP_BUILD_H

#include "lockdep/report/report.h"

enum build_result {
	BUILD_GOES_ON,
	BUILD_DONE,		/* this line was its last */
	BUILD_WAS_DONE,		/* the line before was its last */
	BUILD_GIVE_UP,		/* no line of it for too long */
	BUILD_PARK,		/* whole, what a hung task holds may follow */
};

/* What ends a report of KIND_OTHER. */
enum other_end {
	END_TRACE,
	END_MARK,		/* ---[ end trace ... ]--- */
	END_RULE,		/* ====== */
};

struct build_line {
	struct str text;
	struct token tok;
	uint64_t line;
	bool doubtful;		/* maybe not the kernel's, or not whole */
};

/* @text is the title line, @kind what kind_of_title() made of it. */
void build_open(struct report_builder *b, enum report_kind kind,
		struct str text, uint64_t line);

enum build_result build_line(struct report_builder *b,
			     const struct build_line *l);

/* Is @l, a title, a line of this report? */
bool build_takes(const struct report_builder *b, const struct build_line *l);

/* A line of the list of all locks, for a report that is parked. */
enum build_result build_list_line(struct report_builder *b,
				  const struct build_line *l);

/* No more lines will come: compute what follows from the whole. */
void build_close(struct report_builder *b);

/* The same, for a report of which nothing but the title is wanted. */
void build_close_title(struct report_builder *b);

/* ---- the parts of it ---- */

/* The backtrace begins: at "stack backtrace:", its CPU, or "Call Trace:". */
void backtrace_begin(struct report_builder *b, const struct token *tok);
enum build_result backtrace_line(struct report_builder *b,
			     const struct build_line *l);
/* A report of KIND_OTHER: @title says how it will end. */
void backtrace_other(struct report_builder *b, struct str title);

/* Lines of the dependency path of an irq report, by enum slot_act. */
void path_line(struct report_builder *b, int act, const struct token *tok);
/* The cycle that the path is part of; false if it does not close. */
bool path_cycle(struct report_builder *b);

/* The one-line form that users of syzkaller know. */
void title_make(struct report_builder *b);

#endif
