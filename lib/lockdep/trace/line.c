// SPDX-License-Identifier: GPL-2.0-only
/*
 * One line of trace_pipe, see trace.h:
 *
 *	"%16s-%-7d [%03d] d..2. 1234: lock_acquire: ADDR try read NAME"
 *
 * A task's name can hold any byte, also blanks, dashes and brackets, so the
 * head is read by position: the name takes sixteen columns.
 */
#include "lockdep/trace/trace.h"

#define COMM_COLUMNS	16

/* "ffff888001234567 ", "(____ptrval____) " */
static bool take_addr(struct str *s, uint64_t *addr)
{
	*addr = 0;
	if (!str_take(s, STR("(____ptrval____)")) && !str_take_hex(s, addr))
		return false;
	return str_take(s, STR(" "));
}

/* "CPU:3 [LOST 12 EVENTS]", "CPU:3 [LOST EVENTS]" */
static bool lost_line(struct trace_event *e, struct str s)
{
	uint64_t cpu;

	if (!str_take(&s, STR("CPU:")) || !str_take_u64(&s, &cpu) ||
	    !str_take(&s, STR(" [LOST ")))
		return false;
	if (str_take_u64(&s, &e->number))
		str_take(&s, STR(" "));
	e->what = str_eq(s, STR("EVENTS]")) ? TRACE_LOST : TRACE_GARBAGE;
	return true;
}

static bool count_line(struct trace_event *e, struct str s)
{
	if (!str_take(&s, STR("# splat trace: ")) ||
	    !str_take_u64(&s, &e->number) || !str_eq(s, STR(" events")))
		return false;
	e->what = TRACE_COUNT;
	return true;
}

/* " => func", " => func <ffffffff81000000>" */
static bool frame_line(struct trace_event *e, struct str s)
{
	size_t n = 0;

	if (!str_take(&s, STR(" => ")))
		return false;
	while (n < s.n && !is_blank(s.p[n]) && s.p[n] != '+')
		n++;
	e->name = str_head(s, n);
	e->what = n ? TRACE_FRAME : TRACE_GARBAGE;
	return true;
}

/* The third flag, after irqs-off and need-resched. */
static bool take_context(struct str *s, enum trace_context *context)
{
	if (s->n < 4 || is_blank(s->p[0]) || is_blank(s->p[1]))
		return false;
	switch (s->p[2]) {
	case '.':
		*context = TRACE_IN_TASK;
		break;
	case 's':
		*context = TRACE_IN_SOFTIRQ;
		break;
	case 'h':
	case 'H':
		*context = TRACE_IN_HARDIRQ;
		break;
	case 'z':
	case 'Z':
		*context = TRACE_IN_NMI;
		break;
	default:
		return false;
	}
	while (s->n && !is_blank(s->p[0]))
		*s = str_skip(*s, 1);
	return true;
}

/* "            bash-123     [001] d..2. 5678.901234: " */
static bool take_head(struct str *s, struct trace_event *e)
{
	uint64_t n;

	*s = str_skip(*s, COMM_COLUMNS);
	if (!str_take(s, STR("-")) || !str_take_u64(s, &e->pid))
		return false;
	*s = str_ltrim(*s);
	if (!str_take(s, STR("[")) || !str_take_u64(s, &n) ||
	    !str_take(s, STR("] ")) || !take_context(s, &e->context))
		return false;
	*s = str_ltrim(*s);
	if (!str_take_u64(s, &n) ||
	    (str_take(s, STR(".")) && !str_take_u64(s, &n)))
		return false;
	return str_take(s, STR(": "));
}

/* "comm=x pid=1 child_comm=y child_pid=2": names can hold any byte. */
static enum trace_what fork_event(struct trace_event *e, struct str s)
{
	ptrdiff_t at = str_rfind(s, STR(" child_pid="));

	if (at < 0)
		return TRACE_GARBAGE;
	s = str_skip(s, at + strlen(" child_pid="));
	return str_take_u64(&s, &e->number) && !s.n ? TRACE_FORK :
						       TRACE_GARBAGE;
}

static enum trace_what event(struct trace_event *e, struct str s)
{
	bool acquire = str_take(&s, STR("lock_acquire: "));

	if (!acquire && !str_take(&s, STR("lock_release: "))) {
		if (str_starts(s, STR("sched_switch: ")))
			return TRACE_SWITCH;
		if (str_take(&s, STR("sched_process_fork: ")))
			return fork_event(e, s);
		if (str_starts(s, STR("sched_process_exec: ")))
			return TRACE_EXEC;
		if (str_eq(s, STR("<stack trace>")))
			return TRACE_STACK;
		return TRACE_NOTHING;
	}
	if (!take_addr(&s, &e->addr))
		return TRACE_GARBAGE;
	if (acquire) {
		e->try = str_take(&s, STR("try "));
		e->read = str_take(&s, STR("read "));
	}
	e->name = s;
	return !s.n ? TRACE_GARBAGE : acquire ? TRACE_ACQUIRE : TRACE_RELEASE;
}

/* Checked last: a task's name can look like any of these. */
static void other_line(struct trace_event *e, struct str line)
{
	if (!lost_line(e, line) && !count_line(e, line) &&
	    !frame_line(e, line) && line.p[0] != '#')
		e->what = TRACE_GARBAGE;
}

void trace_line(struct trace_event *e, struct str line)
{
	struct str s = line;

	memset(e, 0, sizeof(*e));
	if (line.n && line.p[line.n - 1] == '\r')
		s.n = --line.n;
	if (!line.n)
		return;
	if (memchr(line.p, '\0', line.n)) {
		e->what = TRACE_GARBAGE;
	} else if (take_head(&s, e)) {
		e->counts = true;
		e->what = event(e, s);
	} else {
		other_line(e, line);
	}
}
