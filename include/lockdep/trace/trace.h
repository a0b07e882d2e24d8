/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lock order of one run, from the tracepoints lock:lock_acquire and
 * lock:lock_release. They fire even after lockdep has printed its one report
 * and is off, so one boot can trace any number of runs.
 *
 * The tracepoints know less than lockdep: a lock's name and address, but not
 * its class or subclass, nor whether a reader may recurse. If that leaves a
 * doubt about a cycle, the doubt is named and the cycle is no finding.
 */
#ifndef LOCKDEP_TRACE_TRACE_H
#define LOCKDEP_TRACE_TRACE_H

#include "lockdep/graph/gmem.h"
#include "lockdep/graph/graph.h"

enum trace_what {
	TRACE_NOTHING,		/* a blank line, a comment, another event */
	TRACE_GARBAGE,		/* no line of a trace */
	TRACE_ACQUIRE,
	TRACE_RELEASE,
	TRACE_SWITCH,		/* the task gives its CPU to another one */
	TRACE_FORK,
	TRACE_EXEC,
	TRACE_STACK,		/* lines of TRACE_FRAME follow */
	TRACE_FRAME,
	TRACE_LOST,
	TRACE_COUNT,		/* how many events the kernel delivered */
};

/* An interrupt's locks are not held by the interrupted context. */
enum trace_context {
	TRACE_IN_TASK,
	TRACE_IN_SOFTIRQ,
	TRACE_IN_HARDIRQ,
	TRACE_IN_NMI,
	TRACE_CONTEXTS,
};

struct trace_event {
	enum trace_what what;
	bool counts;		/* included in TRACE_COUNT */
	uint64_t pid;
	enum trace_context context;
	uint64_t addr;		/* 0: "(____ptrval____)" */
	bool try;
	bool read;
	struct str name;	/* of the lock; TRACE_FRAME: of the function */
	/* TRACE_LOST: events, 0: unknown; _COUNT: events; _FORK: new pid */
	uint64_t number;
};

/*
 * One line of trace_pipe, without its newline, with the options irq-info and
 * context-info, which are on by default, and without record-tgid.
 */
void trace_line(struct trace_event *e, struct str line);

/* The line of TRACE_COUNT, to be fed after the last event. */
#define TRACE_COUNT_LINE	"# splat trace: %llu events\n"

/* A lock class as the trace shows it: locks that share a name. */
struct trace_class {
	const char *name;	/* with " (guest_memfd)" after it if gmem */
	bool gmem;		/* guest_memfd's invalidate lock */
	bool listed;		/* /proc/lockdep has it, and: */
	bool several;		/* ... several classes of the name */
	bool subclasses;
};

#define TRACE_SAMPLES	8

/* A lock of class @from was held while waiting for one of class @to. */
struct trace_edge {
	unsigned int from;
	unsigned int to;
	bool from_read;
	bool to_read;
	bool direct;		/* at least once with no lock in between */
	unsigned long long count;
	unsigned long long line;	/* of the trace, for the first */
	uint64_t pid;
	char *func;		/* that took @to; NULL without stacks */
	/* Addresses of some of the locks. */
	uint64_t held[TRACE_SAMPLES];
	uint64_t taken[TRACE_SAMPLES];
	unsigned char nr_held;
	unsigned char nr_taken;
};

/* Why a cycle may not be one. */
enum trace_doubt {
	TRACE_SURE,
	TRACE_DOUBT_READERS,	/* readers on both sides: may they recurse? */
	TRACE_DOUBT_CLASS,	/* other locks: of one class? */
	TRACE_DOUBT_SUBCLASS,	/* other locks: taken with another subclass? */
	TRACE_DOUBT_UNCHECKED,	/* the kernel exempts the class from lockdep */
	TRACE_DOUBT_LOST,	/* events were lost: was it still held? */
};

const char *trace_doubt_text(enum trace_doubt doubt);

#define TRACE_CYCLE_MAX	16

struct trace_cycle {
	unsigned int edges[TRACE_CYCLE_MAX];
	unsigned int nr_edges;
	enum trace_doubt doubt;
	unsigned int doubted;	/* class that the doubt is about */
};

struct trace_facts {
	unsigned long long lines;
	unsigned long long events;	/* that count */
	unsigned long long expected;	/* by TRACE_COUNT */
	bool has_count;
	bool lost_some;
	unsigned long long lost;
	unsigned long long garbage;	/* lines */
	unsigned long long no_address;	/* events */
	unsigned long long strays;	/* releases without an acquire */
	unsigned long long stale;	/* held already, and taken again */
	unsigned long long left;	/* still held at the end */
	unsigned long long nested;	/* taken under one of the same name */
	unsigned int tasks;
	bool exec;		/* the command was started */
	bool full;		/* out of memory, or a bound was exceeded */
	char odd[128];		/* first lock of strays, stale or left */
};

struct trace;

/* NULL without memory. */
struct trace *trace_new(void);
void trace_free(struct trace *t);

/* Bytes of trace_pipe, in pieces of any size. */
void trace_feed(struct trace *t, const char *p, size_t n);

/*
 * The end of the trace. @g is /proc/lockdep, or NULL; @alive: lockdep still
 * registers new classes. 0 or -ENOMEM.
 */
int trace_end(struct trace *t, const struct lock_graph *g, bool alive);

/*
 * Why the trace may lack events, or NULL if it is complete. @buf may hold the
 * text.
 */
const char *trace_incomplete(const struct trace *t, char *buf, size_t size);

const struct trace_facts *trace_facts(const struct trace *t);

/* After trace_end(): */
unsigned int trace_nr_classes(const struct trace *t);
const struct trace_class *trace_class(const struct trace *t, unsigned int i);
unsigned int trace_nr_edges(const struct trace *t);
const struct trace_edge *trace_edge(const struct trace *t, unsigned int i);

/*
 * The cycles: first the certain ones, one for each set of edges that reach each
 * other, then the doubtful ones in the same way.
 */
unsigned int trace_nr_cycles(const struct trace *t);
const struct trace_cycle *trace_cycle(const struct trace *t, unsigned int i);

/*
 * guest_memfd's two edges. Unknown if the run did not take both locks, or if
 * the edge was not seen in an incomplete trace.
 */
struct trace_watch {
	enum edge_state ab_state;
	enum edge_state ba_state;
	int ab;			/* index of the edge, or -1 */
	int ba;
	bool gmem;		/* guest_memfd's lock was taken */
	bool mm;
	/* The same for a lock of that name that may not be guest_memfd's. */
	int suspect;
};

void trace_watch(const struct trace *t, struct trace_watch *w);

#endif
