/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Build one report line by line along the grammar of its kind, so that a
 * missing line, or one that does not belong, is detected.
 */
#ifndef LIB_LOCKDEP_REPORT_BUILDER_H
#define LIB_LOCKDEP_REPORT_BUILDER_H

#include "lockdep/report/report.h"

enum builder_result {
	BUILDER_CONTINUES,
	BUILDER_DONE,		/* this line was the report's last */
	BUILDER_WAS_DONE,	/* the line before was its last */
	BUILDER_GIVES_UP,	/* no line of the report for too long */
	BUILDER_PARKS,		/* whole; a hung task's held locks may follow */
};

/* The line that ends a report of KIND_OTHER. */
enum other_end {
	END_TRACE,
	END_MARK,		/* ---[ end trace ... ]--- */
	END_RULE,		/* ====== */
};

struct report_line {
	struct str text;
	struct token tok;
	uint64_t line;
	bool doubtful;		/* maybe a program's line, or cut off */
};

/* @text is the title line, @kind the result of kind_of_title(). */
void builder_begin(struct report_builder *b, enum report_kind kind,
		   struct str text, uint64_t line);

enum builder_result builder_line(struct report_builder *b,
				 const struct report_line *l);

/* Does @l, a title, belong to this report? */
bool builder_accepts(const struct report_builder *b,
		     const struct report_line *l);

/* A line of the list of all locks, for a parked report. */
enum builder_result builder_list_line(struct report_builder *b,
				      const struct report_line *l);

/* finish.c: no more lines will come: complete, cycle, signature, title. */
void builder_finish(struct report_builder *b);

/* The same, if only the title is wanted. */
void builder_finish_title(struct report_builder *b);

/*
 * backtrace.c: the backtrace begins with @tok: "stack backtrace:", its CPU
 * line, or "Call Trace:".
 */
void backtrace_begin(struct report_builder *b, const struct token *tok);
enum builder_result backtrace_line(struct report_builder *b,
				   const struct report_line *l);
/* A report of KIND_OTHER: set how it ends, by its @title. */
void backtrace_other(struct report_builder *b, struct str title);

/* irq_path.c: lines of an irq report's dependency path; @act: enum slot_act */
void irq_path_line(struct report_builder *b, int act, const struct token *tok);
/* Set the cycle that the path is part of; false if it does not close. */
bool irq_path_cycle(struct report_builder *b);

/* title.c: the one-line form that syzkaller prints. */
void title_make(struct report_builder *b);

#endif
