// SPDX-License-Identifier: GPL-2.0-only
/*
 * One line of trace_pipe: old and new forms, names of tasks that look like
 * other fields, and lines that are not of a trace.
 */
#include "lockdep/trace/trace.h"
#include "unit.h"

#define LINE(what_, ...)						\
do {									\
	struct trace_event _e;						\
									\
	trace_line(&_e, STR(__VA_ARGS__));				\
	CHECK_EQ(_e.what, what_);					\
	e = _e;								\
} while (0)

#define HEAD	"            test-123     [001] d..2.         2380: "

static void lines(void)
{
	struct trace_event e;

	LINE(TRACE_ACQUIRE, HEAD "lock_acquire: ffff88801f21c0d8 &x->lock");
	CHECK_EQ(e.pid, 123);
	CHECK_EQ(e.context, TRACE_IN_TASK);
	CHECK(e.addr == 0xffff88801f21c0d8 && e.counts && !e.try && !e.read);
	CHECK(str_eq(e.name, STR("&x->lock")));
	LINE(TRACE_ACQUIRE, HEAD "lock_acquire: 00000000aa55aa55 try read a b");
	CHECK(e.try && e.read && str_eq(e.name, STR("a b")));
	LINE(TRACE_ACQUIRE, HEAD "lock_acquire: (____ptrval____) a\r");
	CHECK(!e.addr && str_eq(e.name, STR("a")));
	LINE(TRACE_RELEASE, HEAD "lock_release: ffff88801f21c0d8 read");
	CHECK(!e.read && str_eq(e.name, STR("read")));
	/* Four flags and a time: up to 5.15, and other clocks. */
	LINE(TRACE_RELEASE, "           <...>-7       [017] dNH3  12.000345: "
	     "lock_release: ffff88801f21c0d8 a");
	CHECK_EQ(e.context, TRACE_IN_HARDIRQ);
	/* Names that look like other fields. */
	LINE(TRACE_RELEASE, "  x-1 [001] ....-9       [000] ..s1.   5: "
	     "lock_release: ffff88801f21c0d8 a");
	CHECK_EQ(e.pid, 9);
	CHECK_EQ(e.context, TRACE_IN_SOFTIRQ);
	LINE(TRACE_RELEASE, " => abcdefghijkl-9       [000] ..z1.   5: "
	     "lock_release: ffff88801f21c0d8 a");
	CHECK_EQ(e.context, TRACE_IN_NMI);
	LINE(TRACE_SWITCH, HEAD "sched_switch: prev_comm=lock_acquire: ");
	LINE(TRACE_EXEC, HEAD "sched_process_exec: filename=/x");
	LINE(TRACE_FORK, HEAD "sched_process_fork: comm=a child_pid=3 pid=1 "
	     "child_comm=b child_pid=77");
	CHECK_EQ(e.number, 77);
	LINE(TRACE_GARBAGE, HEAD "sched_process_fork: comm=a pid=1");
	LINE(TRACE_STACK, HEAD "<stack trace>");
	CHECK(e.counts);
	LINE(TRACE_FRAME, " => do_sys_openat2 <ffffffff81000000>");
	CHECK(str_eq(e.name, STR("do_sys_openat2")));
	LINE(TRACE_LOST, "CPU:3 [LOST 12 EVENTS]");
	CHECK(e.number == 12 && !e.counts);
	LINE(TRACE_LOST, "CPU:3 [LOST EVENTS]");
	LINE(TRACE_COUNT, "# splat trace: 5 events");
	CHECK_EQ(e.number, 5);
	LINE(TRACE_NOTHING, "# tracer: nop");
	LINE(TRACE_NOTHING, "");
	LINE(TRACE_NOTHING, HEAD "sched_wakeup: x");
	CHECK(e.counts);
	LINE(TRACE_GARBAGE, HEAD "lock_acquire: xyz a");
	LINE(TRACE_GARBAGE, HEAD "lock_acquire: ffff88801f21c0d8 ");
	LINE(TRACE_GARBAGE, HEAD "lock_acquire: ffff88801f21c0d8 a\0b");
	LINE(TRACE_GARBAGE, "CPU:3 [LOST");
	LINE(TRACE_GARBAGE, "            test-123     [001] d.");
	LINE(TRACE_GARBAGE, "            test-123     [001] d.x2. 1: a");
	LINE(TRACE_GARBAGE, "hello");
}

UNIT_MAIN(
	{ "lines", lines },
)
