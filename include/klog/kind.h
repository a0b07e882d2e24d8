/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kinds of reports, their names in JSON, and the title lines that open them.
 */
#ifndef KLOG_KIND_H
#define KLOG_KIND_H

#include "base/str.h"

enum report_kind {
	KIND_CIRCULAR,
	KIND_RECURSIVE,
	KIND_INCONSISTENT,
	KIND_IRQ_UNSAFE_ORDER,
	KIND_IRQ_INVERSION,
	KIND_WAIT_CONTEXT,
	KIND_NESTING,
	KIND_UNLOCK_BALANCE,
	KIND_CONTENTION,
	KIND_HELD_LOCK_FREED,
	KIND_HELD_AT_EXIT,
	KIND_RETURNING_TO_USER,
	KIND_RCU,
	KIND_CHAIN_COLLISION,
	KIND_TABLE_FULL,
	KIND_NON_STATIC_KEY,
	KIND_LOCKDEP_OFF,
	KIND_HUNG_TASK,
	KIND_OTHER,
	KIND_NONE,
};

const char *kind_name(enum report_kind kind);

/* A fault in the kernel's locking, and not a limit of lockdep itself. */
bool kind_is_splat(enum report_kind kind);

/* Lines that belong to the report follow its title. */
bool kind_has_body(enum report_kind kind);

/* An oops, BUG() or panic: later output of the kernel proves nothing. */
bool kind_is_crash(struct str title);

/* The title of a WARN(), not a driver's own line that says WARNING. */
bool kind_is_warn(struct str title);

/*
 * The source file of a WARN, as its title line @title names it. Empty if @title
 * is no title of a WARN, or names no file.
 */
struct str kind_warn_file(struct str title);

/*
 * The kind of report that the line @text begins, else KIND_NONE. The whole line
 * must be the title: a sentence that quotes a title begins no report. Includes
 * the spellings of 4.x ("INFO:", "[ ... ]").
 */
enum report_kind kind_of_title(struct str text);

/* Offset of the end of "task comm:pid" in a hung task's title; else < 0. */
ptrdiff_t kind_hung_task_end(struct str s);

/* The title without the brackets of old kernels, "[ ... ]". */
struct str kind_bare_title(struct str text);

/* Can @line hold a title? Cheap; false only if it certainly holds none. */
bool kind_maybe_title(struct str line);

#endif
