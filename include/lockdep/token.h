/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One line of a lockdep report as a token: which of the report's lines it is,
 * and what it says. Forms of 4.x to 7.x, from lockdep.c of those kernels.
 */
#ifndef LOCKDEP_TOKEN_H
#define LOCKDEP_TOKEN_H

#include "lockdep/func.h"
#include "lockdep/kind.h"

enum token_type {
	TOK_OTHER,
	TOK_BLANK,
	TOK_TITLE,		/* kind */
	TOK_DOUBLE_RULE,	/* ===== */
	TOK_RULE,		/* ----- */
	TOK_ABOUT,		/* comm/pid is trying to acquire lock: ... */
	TOK_LOCK,		/* addr (name){usage}, at: func */
	TOK_HELD_LOCK,		/* #0: addr (name){usage}, at: func */
	TOK_ALREADY_HOLDING,	/* but task is already holding lock: */
	TOK_DEPENDS,		/* which lock already depends on the new lock. */
	TOK_CHAIN,		/* the existing dependency chain ... */
	TOK_ENTRY,		/* -> #1 (name){usage}: */
	TOK_FRAME,
	TOK_OTHER_INFO,		/* other info that might help us debug this: */
	TOK_CHAIN_EXISTS,	/* Chain exists of: */
	TOK_ARROWS,		/* a --> b --> c */
	TOK_SCENARIO,		/* Possible unsafe locking scenario: */
	TOK_CPUS,		/* CPU0 CPU1 */
	TOK_CPU_RULES,		/* ---- ---- */
	TOK_TAKE,		/* lock(name); rlock(name); sync(name); */
	TOK_DEADLOCK,		/* *** DEADLOCK *** */
	TOK_HELD,		/* 1 lock held by comm/pid: ... */
	TOK_BACKTRACE,		/* stack backtrace: */
	TOK_CPU,		/* CPU: 1 UID: 0 PID: 43 Comm: n ... */
	TOK_CALL_TRACE,
	TOK_TASK,		/* <TASK> */
	TOK_TASK_END,		/* </TASK> */
	TOK_STACK_MARK,		/* <IRQ>, </IRQ>, <NMI>, ... */
};

struct token {
	enum token_type type;
	enum report_kind kind;	/* TITLE */
	struct str name;	/* LOCK, HELD_LOCK, ENTRY, TAKE: as printed */
	struct str at;		/* LOCK, HELD_LOCK: function */
	bool is_inline;		/* LOCK: a symbolizer's additional line */
	struct str how;		/* TAKE: "lock", "rlock" or "sync" */
	struct str comm;	/* ABOUT, CPU, HELD */
	uint64_t num;		/* ENTRY: #; ABOUT, CPU: pid; HELD: locks */
	struct frame frame;	/* FRAME */
};

/* @text has no prefix and no blanks at its ends. */
void token_parse(struct str text, struct token *tok);

/* "name#4/1" without "#4": the number only tells in which order classes of one
 * name were registered, the subclass has a meaning. Returns its two parts. */
struct class_name {
	struct str base;
	struct str subclass;	/* "/1" or "" */
};

struct class_name class_name_parse(struct str name);

#endif
