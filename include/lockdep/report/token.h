/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One line of a lockdep report as a token: the type of the line, and its
 * fields. The forms are those of 4.x to 7.x, from lockdep.c of these kernels.
 */
#ifndef LOCKDEP_REPORT_TOKEN_H
#define LOCKDEP_REPORT_TOKEN_H

#include "func.h"
#include "klog/kind.h"

enum token_type {
	TOK_OTHER,
	TOK_BLANK,
	TOK_TITLE,		/* kind */
	TOK_DOUBLE_RULE,	/* ===== */
	TOK_RULE,		/* ----- */
	TOK_ABOUT,		/* comm/pid is trying to acquire lock: ... */
	TOK_TASK_COLON,		/* comm/pid: */
	TOK_LOCK,		/* addr (name){usage}, at: func */
	TOK_HELD_LOCK,		/* #0: addr (name){usage}, at: func */
	TOK_NAME,		/* (name){usage} */
	TOK_NAMES,		/* (name){usage} -> (name){usage} */
	TOK_KEY_LOCK,		/* hlock_id:1 -> chain_key:2addr (name){u} */
	TOK_ENTRY,		/* -> #1 (name){usage}: */
	TOK_PATH_LOCK,		/* -> (name){usage} { */
	TOK_USAGE,		/* IN-HARDIRQ-W at: */
	TOK_FRAME,
	TOK_ARROWS,		/* a --> b --> c */
	TOK_CPUS,		/* CPU0 CPU1 */
	TOK_CPU_RULES,		/* ---- ---- */
	TOK_TAKE,		/* lock(name); rlock(name); sync(name); */
	TOK_HELD,		/* 1 lock held by comm/pid: ... */
	TOK_BACKTRACE,		/* stack backtrace: */
	TOK_CPU,		/* CPU: 1 UID: 0 PID: 43 Comm: n ... */
	TOK_IP,			/* RIP: 0010:func+0x1/0x2, pc : func+0x1/0x2 */
	TOK_CALL_TRACE,
	TOK_TASK,		/* <TASK> */
	TOK_TASK_END,		/* </TASK> */
	TOK_STACK_MARK,		/* <IRQ>, </IRQ>, <NMI>, ... */
	TOK_END_MARK,		/* ---[ end trace ... ]--- */
	TOK_ALL_LOCKS,		/* Showing all locks held in the system: */
};

struct token {
	enum token_type type;
	enum report_kind kind;	/* TITLE */
	struct str name;	/* of a lock, as printed; USAGE: the usage */
	struct str at;		/* of a lock: function; RELEASED has none */
	bool is_inline;		/* LOCK: a line that a symbolizer added */
	struct str how;		/* TAKE: "lock", "rlock" or "sync" */
	struct str comm;	/* ABOUT, TASK_COLON, CPU, HELD */
	struct str release;	/* CPU */
	uint64_t num;		/* ENTRY: #; HELD: locks */
	uint64_t pid;		/* of comm */
	struct frame frame;	/* FRAME, IP */
};

/* @text has no prefix, and no blanks at its ends. */
void token_parse(struct str text, struct token *tok);

/*
 * "name#4/1" without "#4": the number is only the order in which classes of one
 * name were registered; the subclass has a meaning.
 */
struct class_name {
	struct str base;
	struct str subclass;	/* "/1" or "" */
};

struct class_name class_name_parse(struct str name);

#endif
