/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kinds of reports, their names in JSON, and the title lines that open them.
 */
#ifndef LOCKDEP_KIND_H
#define LOCKDEP_KIND_H

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

/* Lockdep found fault with a kernel's locking; not: with itself. */
bool kind_is_splat(enum report_kind kind);

/* The report is more than its title. */
bool kind_has_body(enum report_kind kind);

/* An oops, BUG() or panic: nothing that the kernel says after it counts. */
bool kind_is_crash(struct str title);

/* The title of WARN() and alike, not a driver's own line with that word. */
bool kind_is_warn(struct str title);

/*
 * The source file of a WARN, as its title line @title names it; empty for a
 * title that is none, and for a kernel that tells no files.
 */
struct str kind_warn_file(struct str title);

/*
 * The kind that the line @text opens, else KIND_NONE. The whole line must be
 * the title: a sentence that quotes one opens nothing. 4.x spellings ("INFO:",
 * "[ ... ]") included.
 */
enum report_kind kind_of_title(struct str text);

/* Where, behind "task comm:pid", a hung task's title goes on; else < 0. */
ptrdiff_t kind_hung_task_end(struct str s);

/* The title without the brackets of old kernels, "[ ... ]". */
struct str kind_bare_title(struct str text);

/* May @line hold a title? Cheap; never a false no. */
bool kind_maybe_title(struct str line);

#endif
