/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The data of a trace: trace.c fills it in, class.c, cycle.c and result.c use
 * it. Private: see include/lockdep/trace/trace.h.
 */
#ifndef LIB_LOCKDEP_TRACE_STORE_H
#define LIB_LOCKDEP_TRACE_STORE_H

#include "lockdep/trace/trace.h"

/* lockdep itself gives up at 48. */
#define TRACE_HELD_MAX	64

/* More than any machine needs; a bound for hostile traces. */
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

/* trace_map_get() had no memory. */
#define TRACE_NO_INDEX	(~0u)

/* The index of (@a, @b); adds it with index @next if there is none. */
unsigned int trace_map_get(struct trace_map *m, uint64_t a, uint64_t b,
			   unsigned int next);

/* Make room for one more in an array of @nr; false without memory. */
bool trace_room(void **array, unsigned int nr, size_t size);

struct trace_name {
	struct trace_class c;
	char *text;		/* c.name, to be freed */
	size_t length;		/* of the lock's own name in it */
	uint64_t addr;		/* of its only lock; 0: all of the name */
	bool readers_recurse;	/* a reader never waits for a reader */
	bool readers_wait;	/* a reader waits after a waiting writer */
	bool unchecked;		/* lockdep does not check the class */
};

struct trace_held {
	unsigned int class;
	uint64_t addr;
	bool read;
};

struct trace_task {
	uint64_t pid;
	bool switching;		/* the next task releases its runqueue lock */
	unsigned int first_new;	/* edges that its next stack belongs to */
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
	char *line;		/* the beginning of a line */
	size_t nr_line;
};

/* class.c: the class of a lock, or TRACE_NO_INDEX. */
unsigned int trace_class_of(struct trace *t, struct str name, uint64_t addr);
bool trace_is(const struct trace *t, unsigned int class, struct str name);

/* The lock of @class was taken directly under that of @outer. */
void trace_class_under(struct trace *t, unsigned int class,
		       unsigned int outer);

/* After the last event: merge guest_memfd's locks into one class. */
void trace_classes_end(struct trace *t, const struct lock_graph *g,
		       bool alive);

/* cycle.c: 0 or -ENOMEM */
int trace_find_cycles(struct trace *t);

#endif
