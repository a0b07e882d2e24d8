// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the events of a trace to edges, see trace.h, by lockdep's rules: a
 * trylock does not wait, so no edge leads into it, but edges lead out of it;
 * might_lock() counts as taking the lock; an interrupt's locks do not belong to
 * the interrupted task.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "lockdep/report/func.h"
#include "store.h"

/* The kernel's buffer for one line has 4 KiB, in later kernels 8 KiB. */
#define LINE_MAX_BYTES	16384

static void note_odd(struct trace *t, unsigned long long *count,
		     struct str name)
{
	if (!(*count)++ && !t->facts.odd[0])
		snprintf(t->facts.odd, sizeof(t->facts.odd), "%.*s",
			 (int)name.n, name.p);
}

static bool is_runqueue(struct str name)
{
	return str_eq(name, STR("&rq->__lock")) ||
	       str_eq(name, STR("&rq->lock"));
}

static struct trace_task *task_of(struct trace *t, uint64_t pid)
{
	unsigned int i = trace_map_get(&t->by_pid, pid, 0, t->nr_tasks);

	if (i == TRACE_NO_INDEX)
		return NULL;
	if (i < t->nr_tasks)
		return &t->tasks[i];
	if (!trace_room((void **)&t->tasks, t->nr_tasks, sizeof(*t->tasks)))
		return NULL;
	memset(&t->tasks[i], 0, sizeof(t->tasks[i]));
	t->tasks[i].pid = pid;
	t->nr_tasks++;
	return &t->tasks[i];
}

static bool add_edge(struct trace *t, const struct trace_edge *e)
{
	if (!trace_room((void **)&t->edges, t->nr_edges, sizeof(*e)))
		return false;
	t->edges[t->nr_edges++] = *e;
	return true;
}

static void sample(uint64_t *samples, unsigned char *nr, uint64_t addr)
{
	unsigned int i;

	for (i = 0; i < *nr; i++)
		if (samples[i] == addr)
			return;
	if (addr && *nr < TRACE_SAMPLES)
		samples[(*nr)++] = addr;
}

static void edge(struct trace *t, const struct trace_held *from,
		 const struct trace_held *to, uint64_t pid, bool direct)
{
	struct trace_edge *e, new = {
		.from = from->class, .to = to->class,
		.from_read = from->read, .to_read = to->read,
		.line = t->facts.lines, .pid = pid,
	};
	unsigned int i;

	i = trace_map_get(&t->by_ends, (uint64_t)new.from << 32 | new.to,
			  new.from_read << 1 | new.to_read, t->nr_edges);
	if (i == TRACE_NO_INDEX || (i == t->nr_edges && !add_edge(t, &new))) {
		t->facts.full = true;
		return;
	}
	e = &t->edges[i];
	e->count++;
	e->direct |= direct;
	sample(e->held, &e->nr_held, from->addr);
	sample(e->taken, &e->nr_taken, to->addr);
}

/* From all held locks: lockdep finds these through the locks in between. */
static void edges_to(struct trace *t, struct trace_task *task,
		     const struct trace_held *held, unsigned int n,
		     const struct trace_held *to)
{
	unsigned int i;

	task->first_new = t->nr_edges;
	for (i = n; i--;) {
		if (held[i].class == to->class)
			t->facts.nested++;
		else
			edge(t, &held[i], to, task->pid, i == n - 1);
	}
	task->nr_new = t->nr_edges - task->first_new;
}

static void forget(struct trace_held *held, unsigned int *n, unsigned int i)
{
	memmove(&held[i], &held[i + 1], (--*n - i) * sizeof(*held));
}

/* Index of the lock among those held, or -1. By name if it has no address. */
static int find_held(const struct trace_task *task, enum trace_context ctx,
		     uint64_t addr, unsigned int class)
{
	int i = task->nr_held[ctx];

	while (i--)
		if (task->held[ctx][i].addr == addr &&
		    (addr || task->held[ctx][i].class == class))
			return i;
	return -1;
}

/* Held for writing and awaited again: the trace lacks its release. */
static void forget_stale(struct trace *t, struct trace_task *task,
			 const struct trace_event *e, unsigned int class)
{
	int i = find_held(task, e->context, e->addr, class);

	if (i < 0 || !e->addr || e->try ||
	    (e->read && task->held[e->context][i].read))
		return;
	note_odd(t, &t->facts.stale, e->name);
	forget(task->held[e->context], &task->nr_held[e->context], i);
}

static void acquire(struct trace *t, struct trace_task *task,
		    const struct trace_event *e)
{
	unsigned int class = trace_class_of(t, e->name, e->addr);
	unsigned int *n = &task->nr_held[e->context];
	struct trace_held **held = &task->held[e->context];
	struct trace_held new = { class, e->addr, e->read };

	if (!*held)
		*held = malloc(TRACE_HELD_MAX * sizeof(**held));
	if (class == TRACE_NO_INDEX || !*held) {
		t->facts.full = true;
		return;
	}
	/* Back on a CPU, a task first takes over the lock of the runqueue. */
	if (e->context == TRACE_IN_TASK && is_runqueue(e->name))
		task->switching = false;
	forget_stale(t, task, e, class);
	if (*n)
		trace_class_under(t, class, (*held)[*n - 1].class);
	task->nr_new = 0;
	if (!e->try)
		edges_to(t, task, *held, *n, &new);
	if (*n < TRACE_HELD_MAX)
		(*held)[(*n)++] = new;
	else
		t->facts.full = true;
}

static void release(struct trace *t, struct trace_task *task,
		    const struct trace_event *e)
{
	unsigned int class = trace_class_of(t, e->name, e->addr);
	int i = find_held(task, e->context, e->addr, class);
	struct trace_held *held = task->held[e->context];

	task->nr_new = 0;
	if (i < 0 && task->switching && is_runqueue(e->name)) {
		task->switching = false;
		return;
	}
	/* If the names differ, one of the two lines is damaged. */
	if ((i < 0 || held[i].class != class) && t->facts.exec &&
	    !t->facts.lost_some)
		note_odd(t, &t->facts.strays, e->name);
	if (i >= 0)
		forget(held, &task->nr_held[e->context], i);
}

/*
 * The lock of the runqueue was taken last. Its release follows, some events
 * later, if the next task is traced as well. When a task that is not traced
 * switches to one that is, the trace has only that release.
 */
static void switch_away(struct trace_task *task)
{
	unsigned int *n = &task->nr_held[TRACE_IN_TASK];

	if (*n)
		--*n;
	task->switching = true;
}

/* The pid can have been another task's before. */
static void forked(struct trace *t, const struct trace_event *e)
{
	struct trace_task *task = task_of(t, e->number);

	if (!task) {
		t->facts.full = true;
		return;
	}
	memset(task->nr_held, 0, sizeof(task->nr_held));
	task->switching = false;
}

/* Releases may be among the lost events, so forget all held locks. */
static void lost(struct trace *t, const struct trace_event *e)
{
	unsigned int i;

	t->facts.lost_some = true;
	t->facts.lost += e->number;
	for (i = 0; i < t->nr_tasks; i++)
		memset(t->tasks[i].nr_held, 0, sizeof(t->tasks[i].nr_held));
}

/* Does @func belong to locking or tracing, and not to the caller? */
static bool is_internal(struct str func)
{
	return func_is_helper(func) ||
	       str_starts(func, STR("trace_event_raw_event_")) ||
	       str_starts(func, STR("__traceiter_"));
}

/* The first function of a stack that shows who took the lock. */
static void frame(struct trace *t, const struct trace_event *e)
{
	struct trace_task *task;
	struct trace_edge *edge;
	unsigned int i;

	if (!t->stack_of || is_internal(e->name))
		return;
	task = &t->tasks[t->stack_of - 1];
	for (i = 0; i < task->nr_new; i++) {
		edge = &t->edges[task->first_new + i];
		if (!edge->func)
			edge->func = strndup(e->name.p, e->name.n);
	}
	task->nr_new = 0;
	t->stack_of = 0;
}

static void of_task(struct trace *t, const struct trace_event *e)
{
	struct trace_task *task = task_of(t, e->pid);

	if (!task) {
		t->facts.full = true;
		return;
	}
	if (e->what == TRACE_ACQUIRE || e->what == TRACE_RELEASE)
		t->facts.no_address += !e->addr;
	t->stack_of = 0;
	if (e->what == TRACE_ACQUIRE)
		acquire(t, task, e);
	else if (e->what == TRACE_RELEASE)
		release(t, task, e);
	else if (e->what == TRACE_SWITCH)
		switch_away(task);
	else if (e->what == TRACE_STACK)
		t->stack_of = task - t->tasks + 1;
}

static void take_line(struct trace *t, struct str line)
{
	struct trace_event e;

	trace_line(&e, line);
	t->facts.lines++;
	t->facts.events += e.counts;
	switch (e.what) {
	case TRACE_NOTHING:
		break;
	case TRACE_GARBAGE:
		t->facts.garbage++;
		break;
	case TRACE_LOST:
		lost(t, &e);
		break;
	case TRACE_COUNT:
		t->facts.has_count = true;
		t->facts.expected += e.number;
		break;
	case TRACE_FRAME:
		frame(t, &e);
		break;
	case TRACE_FORK:
		forked(t, &e);
		break;
	case TRACE_EXEC:
		t->facts.exec = true;
		break;
	default:
		of_task(t, &e);
	}
}

struct trace *trace_new(void)
{
	struct trace *t = calloc(1, sizeof(*t));

	if (t)
		t->line = malloc(LINE_MAX_BYTES);
	if (t && t->line)
		return t;
	free(t);
	return NULL;
}

void trace_free(struct trace *t)
{
	unsigned int i, c;

	for (i = 0; i < t->nr_classes; i++)
		free(t->classes[i].text);
	for (i = 0; i < t->nr_edges; i++)
		free(t->edges[i].func);
	for (i = 0; i < t->nr_tasks; i++)
		for (c = 0; c < TRACE_CONTEXTS; c++)
			free(t->tasks[i].held[c]);
	free(t->classes);
	free(t->edges);
	free(t->tasks);
	free(t->cycles);
	free(t->by_name.slots);
	free(t->by_ends.slots);
	free(t->by_pid.slots);
	free(t->line);
	free(t);
}

/*
 * Keep the piece of a line; a line that is too long is garbage, counted once.
 */
static void keep(struct trace *t, struct str piece)
{
	size_t room = LINE_MAX_BYTES - t->nr_line;

	if (piece.n > room) {
		memset(t->line, 0, LINE_MAX_BYTES);
		t->nr_line = LINE_MAX_BYTES;
		return;
	}
	memcpy(t->line + t->nr_line, piece.p, piece.n);
	t->nr_line += piece.n;
}

void trace_feed(struct trace *t, const char *p, size_t n)
{
	struct str in = { p, n }, line;

	while (in.n && !t->facts.full) {
		const char *nl = memchr(in.p, '\n', in.n);

		line = str_head(in, nl ? (size_t)(nl - in.p) : in.n);
		in = str_skip(in, line.n + !!nl);
		if (!nl || t->nr_line)
			keep(t, line);
		if (!nl)
			return;
		if (t->nr_line)
			line = (struct str){ t->line, t->nr_line };
		t->nr_line = 0;
		take_line(t, line);
	}
}

static void count_left(struct trace *t, const struct trace_task *task)
{
	unsigned int c, k;

	for (c = 0; c < TRACE_CONTEXTS; c++) {
		for (k = 0; k < task->nr_held[c]; k++) {
			unsigned int class = task->held[c][k].class;
			struct str name = str_of(t->classes[class].text);

			/* The last switch of a task is not traced. */
			if (c != TRACE_IN_TASK || k || task->nr_held[c] > 1 ||
			    !is_runqueue(name))
				note_odd(t, &t->facts.left, name);
		}
	}
}

int trace_end(struct trace *t, const struct lock_graph *g, bool alive)
{
	unsigned int i;

	/* The kernel ends each line with a newline. */
	if (t->nr_line) {
		t->facts.lines++;
		t->facts.garbage++;
	}
	for (i = 0; i < t->nr_tasks; i++)
		count_left(t, &t->tasks[i]);
	t->facts.tasks = t->nr_tasks;
	trace_classes_end(t, g, alive);
	return trace_find_cycles(t);
}
