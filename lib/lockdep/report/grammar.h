/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The order of the lines in each kind of report, as tables, after lockdep's
 * print_*() functions. If a line is missing or does not belong, its table does
 * not allow the next line.
 */
#ifndef LIB_LOCKDEP_REPORT_GRAMMAR_H
#define LIB_LOCKDEP_REPORT_GRAMMAR_H

#include "lockdep/report/token.h"

enum slot_act {
	ACT_NONE,
	ACT_TITLE,
	ACT_IDENT,		/* 7.3.4 #3 Not tainted */
	ACT_TASK,		/* comm and pid */
	ACT_ABOUT_NAME,		/* ... trying to release lock (NAME) at: */
	ACT_ABOUT_AT,		/* and the function */
	ACT_ACQUIRING,
	ACT_HOLDING,
	ACT_ENTRY,
	ACT_FRAME,
	ACT_TAKE_HELD,
	ACT_TAKE_NEW,
	ACT_TAKE_SAFE,		/* of an interrupt's scenario */
	ACT_TAKE_UNSAFE,
	ACT_OTHER_NAME,		/* the second lock of an irq report */
	ACT_FORWARDS,		/* irq inversion: the lock is the safe one */
	ACT_BACKWARDS,
	ACT_REGISTERED,		/* {A} state was registered at: */
	ACT_BECAME,		/* ... which became irq-safe at: */
	ACT_IRQ_PATH,		/* the dependencies between ... */
	ACT_IRQ_PATH2,
	ACT_IRQ_PATH_LOCK,	/* -> (name){usage} { */
	ACT_IRQ_PATH_USAGE,	/* IN-HARDIRQ-W at: */
	ACT_IRQ_PATH_END,	/* } */
	ACT_IRQ_PATH_ACQUIRED,	/* ... acquired at: */
	ACT_KEYS_DEPTH,		/* of a chain_key collision */
	ACT_KEYS_HELD,
	ACT_KEYS_CACHED,
	ACT_HELD,
	ACT_HELD_LOCK,
	ACT_TRACE,		/* a stack backtrace begins after this line */
	ACT_TRACE_CPU,		/* ... with this line */
	ACT_TRACE_CALL,
};

struct slot {
	enum token_type type;
	enum slot_act act;
	unsigned char opt;	/* it and the next opt - 1 are optional */
	bool many;
	unsigned char back;	/* the slot so far back can come next */
	/*
	 * The line, where each '*' matches any bytes. NULL: any line of the
	 * type, or by the action.
	 */
	const char *text;
};

struct grammar {
	const struct slot *slots;
	unsigned int nr;
};

/* No slots: a report of this kind has only its title. */
struct grammar grammar_of(enum report_kind kind);

/* Does @text match slot @s? */
bool slot_is(const struct slot *s, struct str text, const struct token *tok);

#endif
