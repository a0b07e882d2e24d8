/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lock order of one run, out of the tracepoints lock:lock_acquire and
 * lock:lock_release. They fire whether lockdep still validates or has spent its
 * one report, so what they tell can be had again and again in one boot.
 *
 * The tracepoints know less than lockdep: a lock's name and address, but
 * neither its class nor its subclass, and of a reader not whether it may
 * recurse. Where that leaves a doubt about a cycle the doubt is named, and the
 * cycle is no finding.
 */
#ifndef LOCKDEP_TRACE_H
#define LOCKDEP_TRACE_H

#include "lockdep/graph/gmem.h"
#include "lockdep/graph/graph.h"

enum trace_what {
	TRACE_NOTHING,		/* blank, a comment, an event of no interest */
	TRACE_GARBAGE,		/* no line of a trace */
	TRACE_ACQUIRE,
	TRACE_RELEASE,
	TRACE_SWITCH,		/* the task gives its CPU to another one */
	TRACE_FORK,
	TRACE_EXEC,
	TRACE_STACK,		/* lines of TRACE_FRAME follow */
	TRACE_FRAME,
	TRACE_LOST,
	TRACE_COUNT,		/* how many events the kernel handed out */
};

/* An interrupt holds locks of its own, on top of those of what it interrupts. */
enum trace_context {
	TRACE_IN_TASK,
	TRACE_IN_SOFTIRQ,
	TRACE_IN_HARDIRQ,
	TRACE_IN_NMI,
	TRACE_CONTEXTS,
};

struct trace_event {
	enum trace_what what;
	bool counts;		/* is one of the events of TRACE_COUNT */
	uint64_t pid;
	enum trace_context context;
	uint64_t addr;		/* 0: "(____ptrval____)" */
	bool try;
	bool read;
	struct str name;	/* of the lock; TRACE_FRAME: of the function */
	/* TRACE_LOST: of events, 0: unknown; _COUNT; _FORK: the new task */
	uint64_t number;
};

/*
 * One line of trace_pipe, without its newline. With the options irq-info and
 * context-info, as they are by default, and without record-tgid.
 */
void trace_line(struct trace_event *e, struct str line);

/* The line that gives TRACE_COUNT, to be fed behind the last event. */
#define TRACE_COUNT_LINE	"# splat trace: %llu events\n"

/* A lock class, as far as the trace can tell: locks that share a name. */
struct trace_class {
	const char *name;	/* ends with " (guest_memfd)" where gmem is set */
	bool gmem;		/* guest_memfd's invalidate lock */
	bool listed;		/* /proc/lockdep has it, and: */
	bool several;		/* ... several classes of the name */
	bool subclasses;
};

#define TRACE_SAMPLES	8

/* Locks of class @from were held when those of class @to were waited for. */
struct trace_edge {
	unsigned int from;
	unsigned int to;
	bool from_read;
	bool to_read;
	bool direct;		/* nothing was taken in between, once at least */
	unsigned long long count;
	unsigned long long line;	/* of the trace, for the first */
	uint64_t pid;
	char *func;		/* who took @to, NULL: the trace has no stacks */
	/* Some of the locks themselves. */
	uint64_t held[TRACE_SAMPLES];
	uint64_t taken[TRACE_SAMPLES];
	unsigned char nr_held;
	unsigned char nr_taken;
};

/* Why a cycle may be none. */
enum trace_doubt {
	TRACE_SURE,
	TRACE_DOUBT_READERS,	/* readers on both sides: may they recurse? */
	TRACE_DOUBT_CLASS,	/* other locks: of one class? */
	TRACE_DOUBT_SUBCLASS,	/* other locks: taken with another subclass? */
	TRACE_DOUBT_UNCHECKED,	/* the kernel has lockdep not check the class */
	TRACE_DOUBT_LOST,	/* events were lost: was it still held? */
};

const char *trace_doubt_text(enum trace_doubt doubt);

#define TRACE_CYCLE_MAX	16

struct trace_cycle {
	unsigned int edges[TRACE_CYCLE_MAX];
	unsigned int nr_edges;
	enum trace_doubt doubt;
	unsigned int doubted;	/* the class that the doubt is about */
};

struct trace_facts {
	unsigned long long lines;
	unsigned long long events;	/* that count */
	unsigned long long told;	/* by TRACE_COUNT */
	bool has_told;
	bool lost_some;
	unsigned long long lost;
	unsigned long long garbage;	/* lines */
	unsigned long long no_address;	/* events */
	unsigned long long strays;	/* releases of what was not taken */
	unsigned long long stale;	/* held already, and taken again */
	unsigned long long left;	/* still held at the end */
	unsigned long long nested;	/* locks taken under one of their name */
	unsigned int tasks;
	bool exec;		/* the command was started */
	bool full;		/* no memory, or more than anybody can hold */
	char odd[128];		/* first lock of strays, stale or left */
};

struct trace;

/* NULL without memory. */
struct trace *trace_new(void);
void trace_free(struct trace *t);

/* Bytes of trace_pipe, cut anywhere. */
void trace_feed(struct trace *t, const char *p, size_t n);

/*
 * No more will come. @g is what /proc/lockdep knows of the classes, or NULL;
 * @alive: and it still learns of new ones. 0 or -ENOMEM.
 */
int trace_end(struct trace *t, const struct lock_graph *g, bool alive);

/*
 * Why what was not seen in the trace may have happened all the same; NULL if
 * it was complete. Written to @buf if it needs room.
 */
const char *trace_incomplete(const struct trace *t, char *buf, size_t size);

const struct trace_facts *trace_facts(const struct trace *t);

/* After trace_end(): */
unsigned int trace_nr_classes(const struct trace *t);
const struct trace_class *trace_class(const struct trace *t, unsigned int i);
unsigned int trace_nr_edges(const struct trace *t);
const struct trace_edge *trace_edge(const struct trace *t, unsigned int i);

/*
 * The cycles: first those that are sure, one for each set of edges that are
 * tied together, then likewise the doubtful ones.
 */
unsigned int trace_nr_cycles(const struct trace *t);
const struct trace_cycle *trace_cycle(const struct trace *t, unsigned int i);

/*
 * guest_memfd's two edges. Unknown if the run did not take both locks, or the
 * edge was not seen and the trace is not complete. -1 for no edge.
 */
struct trace_watch {
	enum edge_state ab_state;
	enum edge_state ba_state;
	int ab;			/* index of an edge */
	int ba;
	bool gmem;		/* guest_memfd's lock was taken */
	bool mm;
	/* A lock of that name, not known to be guest_memfd's, has an AB. */
	int suspect;
};

void trace_watch(const struct trace *t, struct trace_watch *w);

#endif
