/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What trace.c gathers, and trace_class.c and trace_cycle.c make sense of. Not
 * for others: see include/lockdep/trace/trace.h.
 */
#ifndef LOCKDEP_TRACE_STORE_H
#define LOCKDEP_TRACE_STORE_H

#include "lockdep/trace/trace.h"

/* lockdep itself gives up at 48. */
#define TRACE_HELD_MAX	64

/* No machine has as many; a bound for traces made to be large. */
#define TRACE_TABLE_MAX	(1u << 22)

/* From a pair of numbers to an index. */
struct trace_map {
	struct trace_map_slot {
		uint64_t a;
		uint64_t b;
		unsigned int index;	/* plus 1; 0: free */
	} *slots;
	unsigned int mask;
	unsigned int used;
};

/* What trace_map_get() answers when it has no memory. */
#define TRACE_NO_INDEX	(~0u)

/* The index of (@a, @b); @next, put in, if there was none. */
unsigned int trace_map_get(struct trace_map *m, uint64_t a, uint64_t b,
			   unsigned int next);

/* Room for one more in an array of @nr; false without. */
bool trace_room(void **array, unsigned int nr, size_t size);

struct trace_name {
	struct trace_class c;
	char *text;		/* c.name, to be freed */
	size_t length;		/* of the lock's own name in it */
	uint64_t addr;		/* of the one lock that it is; 0: all so named */
	bool readers_recurse;	/* so a reader never waits for a reader */
	bool readers_wait;	/* behind a writer that waits for a reader */
	bool unchecked;
};

struct trace_held {
	unsigned int class;
	uint64_t addr;
	bool read;
};

struct trace_task {
	uint64_t pid;
	bool switching;		/* the next task releases its runqueue lock */
	unsigned int first_new;	/* edges that its next stack is about */
	unsigned int nr_new;
	struct trace_held *held[TRACE_CONTEXTS];
	unsigned int nr_held[TRACE_CONTEXTS];
};

struct trace {
	struct trace_facts facts;

	struct trace_name *classes;
	unsigned int nr_classes;
	struct trace_map by_name;

	struct trace_edge *edges;
	unsigned int nr_edges;
	struct trace_map by_ends;

	struct trace_task *tasks;
	unsigned int nr_tasks;
	struct trace_map by_pid;

	struct trace_cycle *cycles;
	unsigned int nr_cycles;

	unsigned int stack_of;	/* index of the task, plus 1 */
	char *line;		/* one that is not whole yet */
	size_t nr_line;
};

/* trace_class.c: the class of a lock, or TRACE_NO_INDEX. */
unsigned int trace_class_of(struct trace *t, struct str name, uint64_t addr);
bool trace_is(const struct trace *t, unsigned int class, struct str name);

/* The lock of @class was taken straight under that of @outer. */
void trace_class_under(struct trace *t, unsigned int class,
		       unsigned int outer);

/* After the last event: one class for all of guest_memfd's locks. */
void trace_classes_end(struct trace *t, const struct lock_graph *g,
		       bool alive);

/* trace_cycle.c: 0 or -ENOMEM */
int trace_find_cycles(struct trace *t);

#endif
