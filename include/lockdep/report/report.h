/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parse lockdep's reports in a kernel log. The parser takes the log's bytes,
 * whole or in pieces, and calls back for each report. It does no I/O and its
 * memory is fixed. A report that it cannot read as a whole is marked
 * incomplete; it never guesses.
 */
#ifndef LOCKDEP_REPORT_REPORT_H
#define LOCKDEP_REPORT_REPORT_H

#include "klog/kind.h"
#include "klog/line.h"
#include "token.h"

#define REPORT_CHAIN	64
#define REPORT_FRAMES	1024
#define REPORT_HOLDING	48
#define REPORT_TEXT	32768
#define REPORT_STREAMS	8
/* Bytes of a line that are read; no line of a report is longer. */
#define REPORT_LINE	2048

/* Strings that the report lacks are NULL. */
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
	long pid;		/* -1 if the report has none */
	struct report_lock acquiring;
	/* The lock that the report is about comes first. */
	struct report_lock holding[REPORT_HOLDING];
	unsigned int nr_holding;
	/*
	 * The stacks that took locks, in the order of the report: in a circular
	 * one #N first, #0 last. For other kinds see tests/golden/README.
	 */
	struct report_entry chain[REPORT_CHAIN];
	unsigned int nr_chain;
	const char *frames[REPORT_FRAMES];
	unsigned int nr_frames;
	/*
	 * The cycle as indices into chain[], rotated as in the signature: each
	 * lock was held when the next was taken.
	 */
	unsigned int cycle[REPORT_CHAIN];
	unsigned int nr_cycle;
	const char *signature;
	bool complete;
	bool crash;		/* KIND_OTHER only: see kind_is_crash() */
	uint64_t first_line;	/* from 1 */
	uint64_t last_line;

	size_t used;
	char text[REPORT_TEXT];
};

/* A report of which more lines can come: builder.c, irq_path.c, backtrace.c. */
struct report_builder {
	struct report r;
	unsigned int slot;	/* the last that matched, see grammar.h */
	int trace;		/* enum trace_step */
	int end;		/* enum other_end */
	bool open;
	bool parked;		/* a hung task: only its held locks missing */
	bool listing;		/* ... and the list of all locks has begun */
	bool listed;
	bool damaged;
	bool task;		/* <TASK> was seen */
	bool interrupt;		/* <IRQ> was seen, but no </IRQ> yet */
	bool unwound;		/* it has a frame without "? " */
	bool entry_point;	/* the last frame is the kernel's entry code */
	bool ended;
	bool repeated;		/* the list of held locks has holding[0] */
	unsigned int takes;
	unsigned int depth;	/* number of the last -> #N */
	unsigned int stray;	/* lines since the last of this report */
	uint64_t held_locks;
	unsigned int trace_frames;
	/* The dependency path of an irq report. */
	struct {
		unsigned int part;	/* from 1; 0: none yet */
		unsigned int locks;
		unsigned int from[3];	/* in r.chain */
		bool backwards;
		bool shifted;	/* a lock's stack took the next lock */
		bool unnamed;	/* the last of r.chain has no name yet */
		bool taking;	/* frames belong to the last of r.chain */
		const char *lock;
	} irq_path;
	const char *access;	/* KASAN: " Read" or " Write" */
	const char *other[2];	/* further locks that an irq report names */
	char trace_func[260];	/* first no-helper of the backtrace */
	char trace_maybe[260];	/* the same, including "? " frames */
	char ip_func[260];	/* where an oops or WARN happened */
	char caller[16];
	/* A line that fits nowhere: maybe half of one, see builder.c */
	unsigned int halves;
	size_t half_len;
	char half[512];
};

struct report_parser {
	void (*fn)(const struct report *r, void *arg);
	void *arg;
	/*
	 * Also read the bodies of WARNs, oopses and hung tasks. Without, these
	 * reports are passed on as soon as their title was read. Set it after
	 * report_parser_init().
	 */
	bool bodies;
	uint64_t line;
	uint64_t seq;
	bool records;		/* @seq is known */
	bool after_record;
	bool cut_off;		/* the log ends within a line */
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

/* The end of the log: pass on all open reports. */
void report_parser_end(struct report_parser *p);

#endif
