/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lockdep's reports, out of a kernel log. The parser is fed bytes, whole or in
 * pieces, and calls back for each report; it does no I/O, its memory is fixed,
 * and what it cannot read whole it hands over as incomplete, never guessed.
 */
#ifndef LOCKDEP_REPORT_H
#define LOCKDEP_REPORT_H

#include "klog/kind.h"
#include "klog/line.h"
#include "token.h"

#define REPORT_CHAIN	64
#define REPORT_FRAMES	1024
#define REPORT_HOLDING	48
#define REPORT_TEXT	32768
#define REPORT_STREAMS	8
/* Bytes looked at of one line; a longer line is no part of any report. */
#define REPORT_LINE	2048

/* All strings are NULL if the report does not tell. */
struct report_lock {
	const char *class;	/* without #N, with /subclass */
	const char *name;	/* as printed */
	const char *mode;	/* "read", "write" or "sync" */
	const char *at;
};

struct report_entry {
	const char *class;
	const char *name;
	const char *func;	/* the first that is no helper, see func.h */
	unsigned int frame;	/* the first, in report.frames */
	unsigned int nr_frames;
};

struct report {
	enum report_kind kind;
	const char *title;
	const char *printed;	/* the title line as the kernel printed it */
	const char *release;
	const char *comm;
	long pid;		/* -1 if the report does not tell */
	struct report_lock acquiring;
	/* The lock that the report names comes first. */
	struct report_lock holding[REPORT_HOLDING];
	unsigned int nr_holding;
	/*
	 * The stacks that took locks, as printed: of a circular report #N
	 * first, #0 last; README of the golden logs has the other kinds.
	 */
	struct report_entry chain[REPORT_CHAIN];
	unsigned int nr_chain;
	const char *frames[REPORT_FRAMES];
	unsigned int nr_frames;
	/*
	 * The cycle, rotated as in the signature, as indices into chain[]:
	 * each was held when the next was taken.
	 */
	unsigned int cycle[REPORT_CHAIN];
	unsigned int nr_cycle;
	const char *signature;
	bool complete;
	bool crash;		/* of KIND_OTHER: see kind_is_crash() */
	uint64_t first_line;	/* from 1 */
	uint64_t last_line;

	size_t used;
	char text[REPORT_TEXT];
};

/* How far a report has come, see build.c, path.c and backtrace.c. */
struct report_builder {
	struct report r;
	unsigned int slot;	/* the last one that matched, see grammar.h */
	int trace;		/* enum trace_step */
	int end;		/* enum other_end */
	bool open;
	bool parked;		/* a hung task: whole, but for what it holds */
	bool listing;		/* ... which is being listed */
	bool listed;
	bool damaged;
	bool task;		/* <TASK> was seen */
	bool interrupt;		/* <IRQ> was, and not yet </IRQ> */
	bool firm;		/* a frame of it is no guess */
	bool entry_point;	/* the last frame is where the kernel begins */
	bool ended;
	bool repeated;		/* holding[0] was seen among the held locks */
	unsigned int takes;
	unsigned int depth;	/* number of the last -> #N */
	unsigned int stray;	/* lines since one belonged here */
	uint64_t held_locks;
	unsigned int trace_frames;
	/* The dependency path of an irq report. */
	struct {
		unsigned int part;	/* from 1; 0: none yet */
		unsigned int locks;
		unsigned int from[3];	/* in r.chain */
		bool backwards;
		bool shifted;	/* a lock's stack took the next lock */
		bool unnamed;	/* the last of r.chain is yet to be named */
		bool taking;	/* frames belong to the last of r.chain */
		const char *lock;
	} path;
	const char *access;	/* of KASAN: " Read" or " Write" */
	const char *other[2];	/* locks that an irq report names besides */
	char trace_func[260];	/* first of the backtrace that is no helper */
	char trace_maybe[260];	/* the same, "? " frames counted */
	char ip_func[260];	/* where an oops or WARN happened */
	char caller[16];
	/* A line that fits nowhere: maybe the first half of one, see build.c */
	unsigned int halves;
	size_t half_len;
	char half[512];
};

struct report_parser {
	void (*fn)(const struct report *r, void *arg);
	void *arg;
	/*
	 * Read the bodies of WARNs, oopses, hung tasks and alike, too. Else
	 * these reports are handed over at their title, for those who must
	 * know at once. Set it after report_parser_init().
	 */
	bool bodies;
	uint64_t line;
	uint64_t seq;
	bool records;		/* @seq is known */
	bool after_record;
	bool cut_off;		/* the line has no end */
	bool crashed;
	uint64_t crash_line;
	char caller[16];	/* of the last line that was not bare */
	size_t len;		/* of buf[] */
	unsigned int nr_open;
	struct report_builder streams[REPORT_STREAMS];
	char buf[REPORT_LINE];
	char text[REPORT_LINE];	/* a record, unescaped */
};

/* A struct report_parser is about 400 KiB: not for the stack. */
void report_parser_init(struct report_parser *p,
			void (*fn)(const struct report *r, void *arg),
			void *arg);
void report_parser_feed(struct report_parser *p, const char *data, size_t len);

/* The end of the log: hand over what is open. */
void report_parser_end(struct report_parser *p);

#endif
