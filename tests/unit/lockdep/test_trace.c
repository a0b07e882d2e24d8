// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lock order from lock events: edges, cycles and their certainty, and that
 * an incomplete trace is always detected.
 */
#include <stdarg.h>
#include <stdlib.h>

#include "lockdep/trace/trace.h"
#include "unit.h"

#define TASK	"....."
#define SOFTIRQ	"..s.."
#define HARDIRQ	"d.h1."

/* A generated trace: its text, and how many of its lines are events. */
struct script {
	char text[16384];
	size_t n;
	unsigned long long events;
};

static void text(struct script *s, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	s->n += vsnprintf(s->text + s->n, sizeof(s->text) - s->n, format, ap);
	va_end(ap);
}

static void event(struct script *s, int pid, const char *flags,
		  const char *what)
{
	s->events++;
	text(s, "%16s-%-7d [%03d] %s %12llu: %s\n", "test", pid, pid % 4, flags,
	     s->events, what);
}

/* Locks are single letters; "A" is the first instance of a, "a" its name. */
static const char *lock_name(char c)
{
	static char letter[2];

	switch (c) {
	case 'm':
		return MMAP_LOCK;
	case 'i':
	case 'j':
	case 'k':
		return GMEM_LOCK;
	case 's':
		return "&kvm->slots_lock";
	case 'r':
		return "rcu_read_lock";
	case 'd':
		return "&dev->mutex";
	case 'q':
		return "&rq->__lock";
	}
	letter[0] = c;
	return letter;
}

/*
 * "a b ~c m' /a": take a, b, try c, take m for reading, release a. A digit
 * after the letter is another instance: "a2".
 */
static void locks(struct script *s, int pid, const char *flags,
		  const char *what)
{
	char line[128];

	for (; *what; what++) {
		bool release = *what == '/', try = *what == '~', read;
		unsigned int instance = 0;
		char c;

		if (*what == ' ')
			continue;
		c = *(what += release || try);
		if (what[1] >= '0' && what[1] <= '9')
			instance = *++what - '0';
		read = what[1] == '\'';
		what += read;
		snprintf(line, sizeof(line), "lock_%s: ffff8880%04x%02x00 %s%s%s",
			 release ? "release" : "acquire", instance, c,
			 try ? "try " : "", read ? "read " : "", lock_name(c));
		event(s, pid, flags, line);
	}
}

static void start(struct script *s)
{
	memset(s, 0, sizeof(*s));
	event(s, 1, TASK, "sched_process_exec: filename=/x pid=1 old_pid=1");
}

static void finish(struct script *s)
{
	text(s, TRACE_COUNT_LINE, s->events);
}

static struct trace *parse_with(const char *p, size_t n, size_t step,
				const char *classes, bool alive)
{
	struct trace *t = trace_new();
	struct lock_graph g = { };
	size_t i;

	for (i = 0; i < n; i += step)
		trace_feed(t, p + i, n - i < step ? n - i : step);
	if (classes)
		CHECK_EQ(lock_graph_parse(&g, str_of(classes)), 0);
	CHECK_EQ(trace_end(t, classes ? &g : NULL, alive), 0);
	lock_graph_free(&g);
	return t;
}

static struct trace *parse(struct script *s)
{
	finish(s);
	return parse_with(s->text, s->n, s->n, NULL, false);
}

static unsigned int sure(const struct trace *t)
{
	unsigned int i, n = 0;

	for (i = 0; i < trace_nr_cycles(t); i++)
		n += !trace_cycle(t, i)->doubt;
	return n;
}

static bool complete(const struct trace *t)
{
	char buf[256];

	return !trace_incomplete(t, buf, sizeof(buf));
}

static const struct trace_edge *find_edge(const struct trace *t,
					  const char *from, const char *to)
{
	unsigned int i;

	for (i = 0; i < trace_nr_edges(t); i++) {
		const struct trace_edge *e = trace_edge(t, i);

		if (!strcmp(trace_class(t, e->from)->name, from) &&
		    !strcmp(trace_class(t, e->to)->name, to))
			return e;
	}
	return NULL;
}

/* The doubt about the only cycle, TRACE_SURE if there is none. */
static enum trace_doubt doubt_of(const char *one, const char *two,
				 const char *classes, bool alive)
{
	enum trace_doubt doubt;
	struct script s;
	struct trace *t;

	start(&s);
	locks(&s, 1, TASK, one);
	locks(&s, 2, TASK, two);
	finish(&s);
	t = parse_with(s.text, s.n, s.n, classes, alive);
	CHECK(complete(t));
	CHECK_EQ(trace_nr_cycles(t), 1);
	doubt = trace_nr_cycles(t) ? trace_cycle(t, 0)->doubt : TRACE_SURE;
	trace_free(t);
	return doubt;
}

static unsigned int cycles_of(const char *one, const char *two)
{
	struct script s;
	struct trace *t;
	unsigned int n;

	start(&s);
	locks(&s, 1, TASK, one);
	locks(&s, 2, TASK, two);
	t = parse(&s);
	CHECK(complete(t));
	n = trace_nr_cycles(t);
	trace_free(t);
	return n;
}

static void edges(void)
{
	const struct trace_edge *e;
	struct script s;
	struct trace *t;

	start(&s);
	locks(&s, 1, TASK, "a b ~c /a e' /c /e /b");
	locks(&s, 1, TASK, "a b /b /a");
	t = parse(&s);
	CHECK(complete(t));
	e = find_edge(t, "a", "b");
	CHECK(e && e->direct && e->count == 2 && !e->to_read && e->pid == 1);
	/* A trylock does not wait, but is held. */
	CHECK(!find_edge(t, "a", "c") && !find_edge(t, "b", "c"));
	e = find_edge(t, "c", "e");
	CHECK(e && e->direct && e->to_read);
	e = find_edge(t, "b", "e");
	CHECK(e && !e->direct);
	CHECK(!find_edge(t, "a", "e"));
	CHECK_EQ(trace_nr_edges(t), 3);
	CHECK_EQ(trace_nr_cycles(t), 0);
	trace_free(t);
}

/* An interrupt takes no lock under those of the interrupted context. */
static void interrupts(void)
{
	struct script s;
	struct trace *t;

	start(&s);
	locks(&s, 1, TASK, "a");
	locks(&s, 1, SOFTIRQ, "b");
	locks(&s, 1, HARDIRQ, "c e /e /c");
	locks(&s, 1, SOFTIRQ, "f /f /b");
	locks(&s, 1, TASK, "g /g /a");
	t = parse(&s);
	CHECK(complete(t));
	CHECK_EQ(trace_nr_edges(t), 3);
	CHECK(find_edge(t, "a", "g") && find_edge(t, "b", "f") &&
	      find_edge(t, "c", "e"));
	trace_free(t);
}

/* Another task releases the runqueue's lock, in the trace or outside of it. */
static void switches(void)
{
	struct script s;
	struct trace *t;

	start(&s);
	locks(&s, 1, TASK, "a q");
	event(&s, 1, TASK, "sched_switch: prev_comm=test ==> next_comm=x");
	/* To a traced task ... */
	locks(&s, 1, TASK, "b' /b /q");
	locks(&s, 2, TASK, "q /q c q");
	event(&s, 2, TASK, "sched_switch: prev_comm=test ==> next_comm=y");
	/* ... to one that is not traced, and back. */
	event(&s, 9, TASK, "sched_switch: prev_comm=y ==> next_comm=test");
	locks(&s, 9, TASK, "b' /b /q");
	locks(&s, 1, TASK, "q /q g /g /a q");
	event(&s, 1, TASK, "sched_switch: prev_comm=test ==> next_comm=test");
	locks(&s, 1, TASK, "/q");
	locks(&s, 2, TASK, "q /q /c");
	t = parse(&s);
	CHECK(complete(t));
	CHECK(find_edge(t, "a", "g") && !find_edge(t, "&rq->__lock", "g") &&
	      !find_edge(t, "&rq->__lock", "c"));
	trace_free(t);
	/* The control: without the switch the release is a stray. */
	start(&s);
	locks(&s, 1, TASK, "a /a /q");
	t = parse(&s);
	CHECK(!complete(t));
	trace_free(t);
}

/* The last switch of a task is not traced; its pid is used again. */
static void numbers(void)
{
	struct script s;
	struct trace *t;

	start(&s);
	locks(&s, 2, TASK, "a /a q");
	event(&s, 1, TASK, "sched_process_fork: comm=a pid=1 child_comm=b "
	      "child_pid=2");
	locks(&s, 2, TASK, "q /q b /b q");
	t = parse(&s);
	CHECK(complete(t));
	CHECK_EQ(trace_nr_edges(t), 0);
	trace_free(t);
}

static void cycles(void)
{
	struct script s;
	struct trace *t;

	CHECK_EQ(doubt_of("a b /b /a", "b a /a /b", NULL, false), TRACE_SURE);
	CHECK_EQ(cycles_of("a b /b /a", "a b /b /a"), 0);
	/* A trylock closes no cycle. */
	CHECK_EQ(cycles_of("a ~b /b /a", "b a /a /b"), 0);
	CHECK_EQ(cycles_of("a b /b /a", "~b a /a /b"), 1);
	/* One lock under another of its name is no cycle: subclasses. */
	CHECK_EQ(cycles_of("a a2 /a2 /a", "a2 a /a /a2"), 0);
	start(&s);
	locks(&s, 1, TASK, "a b /b /a b c /c /b c e /e /c");
	locks(&s, 2, TASK, "e a /a /e");
	t = parse(&s);
	CHECK_EQ(trace_nr_cycles(t), 1);
	CHECK_EQ(trace_cycle(t, 0)->nr_edges, 4);
	CHECK_EQ(sure(t), 1);
	trace_free(t);
}

#define ONE	"all lock classes:\n0001: a\n\n0002: b\n\n"
#define TWO	ONE "0003: b#2\n\n"
#define SUB	ONE "0004: b/1\n\n"

/* Two halves with locks of the same name: are they of one class? */
static void certainty(void)
{
	const char *ab = "a b /b /a", *ba = "b2 a /a /b2";

	CHECK_EQ(doubt_of(ab, ba, NULL, false), TRACE_DOUBT_CLASS);
	CHECK_EQ(doubt_of(ab, ba, ONE, true), TRACE_SURE);
	/* If lockdep is off it does not register a second class. */
	CHECK_EQ(doubt_of(ab, ba, ONE, false), TRACE_DOUBT_CLASS);
	CHECK_EQ(doubt_of(ab, ba, TWO, true), TRACE_DOUBT_CLASS);
	CHECK_EQ(doubt_of(ab, ba, SUB, true), TRACE_DOUBT_SUBCLASS);
	/* The same lock on both sides, with any subclass. */
	CHECK_EQ(doubt_of(ab, "b a /a /b", SUB, true), TRACE_SURE);
	CHECK_EQ(doubt_of(ab, "b a /a /b", TWO, true), TRACE_DOUBT_CLASS);
	CHECK_EQ(doubt_of("a d /d /a", "d a /a /d", NULL, false),
		 TRACE_DOUBT_UNCHECKED);
}

/*
 * A reader that waits after a writer closes a cycle, a recursive one does not.
 */
static void readers(void)
{
	CHECK_EQ(doubt_of("a m' /m /a", "m' a /a /m", NULL, false), TRACE_SURE);
	CHECK_EQ(doubt_of("a b' /b /a", "b' a /a /b", NULL, false),
		 TRACE_DOUBT_READERS);
	CHECK_EQ(doubt_of("a b' /b /a", "b a /a /b", NULL, false), TRACE_SURE);
	CHECK_EQ(doubt_of("a b /b /a", "b' a /a /b", NULL, false), TRACE_SURE);
	CHECK_EQ(cycles_of("a r' /r /a", "r' a /a /r"), 0);
}

static void watch(const char *one, const char *two, struct trace_watch *w,
		  unsigned int *cycles)
{
	struct script s;
	struct trace *t;

	start(&s);
	locks(&s, 1, TASK, one);
	locks(&s, 1, TASK, two);
	t = parse(&s);
	CHECK(complete(t));
	trace_watch(t, w);
	*cycles = sure(t);
	CHECK_EQ(trace_nr_cycles(t), *cycles);
	trace_free(t);
}

#define BIND	"s i /i /s s j /j /s "

/* Each file system has such a lock; guest_memfd's is identified. */
static void gmem(void)
{
	struct trace_watch w;
	unsigned int cycles;

	/* Two guest_memfds: different locks, one class. */
	watch(BIND "i m' /m /i", "~m' j' /j /m", &w, &cycles);
	CHECK_EQ(w.ab_state, EDGE_YES);
	CHECK_EQ(w.ba_state, EDGE_YES);
	CHECK_EQ(cycles, 1);
	/* The fault is on another file. */
	watch(BIND "i m' /m /i", "~m' k' /k /m", &w, &cycles);
	CHECK_EQ(w.ab_state, EDGE_YES);
	CHECK_EQ(w.ba_state, EDGE_NO);
	CHECK_EQ(cycles, 0);
	watch(BIND "k m' /m /k", "~m' j' /j /m", &w, &cycles);
	CHECK_EQ(w.ab_state, EDGE_NO);
	CHECK_EQ(w.ba_state, EDGE_YES);
	CHECK(w.suspect >= 0);
	CHECK_EQ(cycles, 0);
	/* A fault under slots_lock takes the mm's lock first. */
	watch("s ~m' k' /k /m /s", "k m' /m /k", &w, &cycles);
	CHECK(!w.gmem);
	CHECK_EQ(w.ab_state, EDGE_UNKNOWN);
	watch("s i /i /s", "", &w, &cycles);
	CHECK(w.gmem && !w.mm);
	CHECK_EQ(w.ab_state, EDGE_UNKNOWN);
}

static void lost(void)
{
	struct trace_watch w;
	struct script s;
	struct trace *t;

	/* The release of i is among the lost events: no edge out of it. */
	start(&s);
	locks(&s, 1, TASK, BIND "i");
	text(&s, "CPU:1 [LOST 3 EVENTS]\n");
	locks(&s, 1, TASK, "m /m a b /b /a b a /a /b");
	t = parse(&s);
	CHECK(!complete(t));
	CHECK_EQ(trace_facts(t)->lost, 3);
	CHECK_EQ(trace_facts(t)->left, 0);
	trace_watch(t, &w);
	CHECK_EQ(w.ab_state, EDGE_UNKNOWN);
	CHECK_EQ(trace_nr_cycles(t), 1);
	CHECK_EQ(trace_cycle(t, 0)->doubt, TRACE_DOUBT_LOST);
	trace_free(t);
}

static bool is_complete(struct script *s)
{
	struct trace *t = parse_with(s->text, s->n, s->n, NULL, false);
	bool ret = complete(t);

	CHECK_EQ(trace_nr_cycles(t), 0);
	trace_free(t);
	return ret;
}

/* Everything that makes a trace incomplete. */
static void incomplete(void)
{
	struct script s;

	start(&s);
	locks(&s, 1, TASK, "a /a");
	CHECK(!is_complete(&s));
	finish(&s);
	CHECK(is_complete(&s));
	text(&s, TRACE_COUNT_LINE, 1ULL);
	CHECK(!is_complete(&s));

	start(&s);
	locks(&s, 1, TASK, "a");
	finish(&s);
	CHECK(!is_complete(&s));

	start(&s);
	locks(&s, 1, TASK, "a a /a");
	finish(&s);
	CHECK(!is_complete(&s));

	start(&s);
	locks(&s, 1, TASK, "a /b");
	finish(&s);
	CHECK(!is_complete(&s));

	/* A stray before exec is tracing itself, after it a loss. */
	memset(&s, 0, sizeof(s));
	locks(&s, 1, TASK, "/a b /b");
	event(&s, 1, TASK, "sched_process_exec: filename=/x");
	finish(&s);
	CHECK(is_complete(&s));
	memset(&s, 0, sizeof(s));
	locks(&s, 1, TASK, "/a b /b");
	finish(&s);
	CHECK(!is_complete(&s));

	start(&s);
	event(&s, 1, TASK, "lock_acquire: (____ptrval____) a");
	event(&s, 1, TASK, "lock_release: (____ptrval____) a");
	finish(&s);
	CHECK(!is_complete(&s));
}

static void stacks(void)
{
	const struct trace_edge *e;
	struct script s;
	struct trace *t;

	start(&s);
	locks(&s, 1, TASK, "a");
	event(&s, 1, TASK, "<stack trace>");
	text(&s, " => lock_acquire\n => mutex_lock_nested\n => first\n");
	locks(&s, 1, TASK, "b");
	locks(&s, 2, TASK, "a");
	event(&s, 1, TASK, "<stack trace>");
	text(&s, " => lock_acquire\n => down_read\n => second\n => third\n");
	event(&s, 2, TASK, "<stack trace>");
	text(&s, " => lock_acquire\n => fourth\n");
	locks(&s, 1, TASK, "/b /a");
	locks(&s, 2, TASK, "/a");
	t = parse(&s);
	CHECK(complete(t));
	e = find_edge(t, "a", "b");
	CHECK(e && e->func);
	if (e && e->func)
		CHECK_STR(e->func, "second");
	trace_free(t);
}

/* Too many held locks, and a line without an end. */
static void bounds(void)
{
	static char much[40000];
	struct trace *t = trace_new();
	struct script s;
	int i;

	memset(much, 'x', sizeof(much));
	trace_feed(t, much, sizeof(much));
	trace_feed(t, much, sizeof(much));
	trace_feed(t, "\n", 1);
	CHECK_EQ(trace_facts(t)->garbage, 1);
	CHECK_EQ(trace_end(t, NULL, false), 0);
	trace_free(t);

	start(&s);
	for (i = 0; i < 70; i++)
		locks(&s, 1, TASK, "a'");
	finish(&s);
	CHECK(!is_complete(&s));
	CHECK_EQ(doubt_of("a b /b /a", "b a /a /b", NULL, false), TRACE_SURE);

	t = parse_with("", 0, 1, NULL, false);
	CHECK(!complete(t));
	trace_free(t);
}

UNIT_MAIN(
	{ "edges", edges },
	{ "interrupts", interrupts },
	{ "switches", switches },
	{ "numbers", numbers },
	{ "cycles", cycles },
	{ "certainty", certainty },
	{ "readers", readers },
	{ "gmem", gmem },
	{ "lost", lost },
	{ "incomplete", incomplete },
	{ "stacks", stacks },
	{ "bounds", bounds },
)
