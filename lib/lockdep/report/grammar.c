// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order of lines in each kind of report, see grammar.h. The comment of each
 * table names the function in kernel/locking/lockdep.c of 7.3 that prints it;
 * lines that kernels from 4.x on printed differently are included.
 */
#include "grammar.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#define LINE(t)		{ .text = t }
#define LINE_ACT(t, a)	{ .text = t, .act = a }
#define MAYBE(t)	{ .text = t, .opt = 1 }
#define LOCK(a)		{ .type = TOK_LOCK, .act = a }
#define TAKE(a)		{ .type = TOK_TAKE, .act = a }
#define ABOUT(t)	{ .type = TOK_ABOUT, .act = ACT_TASK, .text = t }
#define FRAMES(a)	{ .type = TOK_FRAME, .act = a, .many = true }

#define HEAD								\
	{ .type = TOK_TITLE, .act = ACT_TITLE },			\
	{ .act = ACT_IDENT },						\
	{ .type = TOK_RULE }
#define OTHER_INFO							\
	LINE("other info that might help us debug this:")
#define HELD								\
	{ .type = TOK_HELD, .act = ACT_HELD },				\
	{ .type = TOK_HELD_LOCK, .act = ACT_HELD_LOCK, .many = true, .opt = 1 }
#define BACKTRACE							\
	{ .type = TOK_BACKTRACE, .act = ACT_TRACE }
#define CHAIN_EXISTS							\
	{ .text = "Chain exists of:", .opt = 2 },			\
	{ .type = TOK_ARROWS }
#define TWO_CPUS							\
	{ .type = TOK_CPUS },						\
	{ .type = TOK_CPU_RULES }
#define ONE_CPU								\
	LINE("Possible unsafe locking scenario:"),			\
	LINE("CPU0"),							\
	LINE("----")
#define DEADLOCK	LINE("*** DEADLOCK ***")

/* print_shortest_lock_dependencies(): its lines for one lock or more */
#define IRQ_PATH							\
	{ .type = TOK_PATH_LOCK, .act = ACT_IRQ_PATH_LOCK },		\
	{ .type = TOK_USAGE, .act = ACT_IRQ_PATH_USAGE },		\
	{ .type = TOK_FRAME, .act = ACT_FRAME, .many = true, .back = 1 }, \
	LINE_ACT("}", ACT_IRQ_PATH_END),				\
	{ .text = "... key*at: *", .back = 4 },			\
	{ .text = "... acquired at:", .act = ACT_IRQ_PATH_ACQUIRED,	\
	  .opt = 2 },							\
	{ .type = TOK_FRAME, .act = ACT_FRAME, .many = true, .back = 6 }

/* print_irq_lock_scenario() */
#define IRQ_SCENARIO							\
	CHAIN_EXISTS,							\
	LINE("Possible interrupt unsafe locking scenario:"),		\
	TWO_CPUS,							\
	TAKE(ACT_TAKE_UNSAFE),						\
	LINE("local_irq_disable();"),					\
	TAKE(ACT_TAKE_SAFE),						\
	TAKE(ACT_NONE),							\
	LINE("<Interrupt>"),						\
	TAKE(ACT_TAKE_SAFE),						\
	DEADLOCK

/* print_circular_bug() */
static const struct slot circular[] = {
	HEAD,
	ABOUT("* is trying to acquire lock:"),
	LOCK(ACT_ACQUIRING),
	LINE("but task is already holding lock:"),
	LOCK(ACT_HOLDING),
	LINE("which lock already depends on the new lock."),
	LINE("the existing dependency chain (in reverse order) is:"),
	{ .type = TOK_ENTRY, .act = ACT_ENTRY },
	{ .type = TOK_FRAME, .act = ACT_FRAME, .many = true, .back = 1 },
	OTHER_INFO,
	CHAIN_EXISTS,
	LINE("Possible unsafe locking scenario:"),
	TWO_CPUS,
	TAKE(ACT_TAKE_HELD),
	TAKE(ACT_NONE),
	TAKE(ACT_NONE),
	TAKE(ACT_TAKE_NEW),
	DEADLOCK,
	HELD,
	BACKTRACE,
};

/* print_deadlock_bug() */
static const struct slot recursive[] = {
	HEAD,
	ABOUT("* is trying to acquire lock:"),
	LOCK(ACT_ACQUIRING),
	LINE("but task is already holding lock:"),
	LOCK(ACT_HOLDING),
	MAYBE("and the lock comparison function returns *:"),
	OTHER_INFO,
	ONE_CPU,
	TAKE(ACT_TAKE_HELD),
	TAKE(ACT_TAKE_NEW),
	DEADLOCK,
	LINE("May be due to missing lock nesting notation"),
	HELD,
	BACKTRACE,
};

/* print_usage_bug() */
static const struct slot inconsistent[] = {
	HEAD,
	LINE("inconsistent {*} usage."),
	ABOUT("*] takes:"),
	LOCK(ACT_ACQUIRING),
	LINE_ACT("{*} state was registered at:", ACT_REGISTERED),
	FRAMES(ACT_FRAME),
	LINE("irq event stamp: *"),
	LINE("hardirqs last*enabled at (*"),
	LINE("hardirqs last disabled at (*"),
	LINE("softirqs last*enabled at (*"),
	LINE("softirqs last disabled at (*"),
	OTHER_INFO,
	ONE_CPU,
	TAKE(ACT_TAKE_NEW),
	LINE("<Interrupt>"),
	TAKE(ACT_TAKE_NEW),
	DEADLOCK,
	HELD,
	BACKTRACE,
};

/* print_bad_irq_dependency() */
static const struct slot irq_unsafe_order[] = {
	HEAD,
	ABOUT("*] is trying to acquire:"),
	LOCK(ACT_ACQUIRING),
	LINE("and this task is already holding:"),
	LOCK(ACT_HOLDING),
	LINE("which would create a new lock dependency:"),
	{ .type = TOK_NAMES },
	LINE("but this new dependency connects a *-irq-safe lock:"),
	{ .type = TOK_NAME, .act = ACT_OTHER_NAME },
	LINE_ACT("... which became *-irq-safe at:", ACT_BECAME),
	FRAMES(ACT_FRAME),
	LINE("to a *-irq-unsafe lock:"),
	{ .type = TOK_NAME, .act = ACT_OTHER_NAME },
	LINE_ACT("... which became *-irq-unsafe at:", ACT_BECAME),
	MAYBE("..."),
	FRAMES(ACT_FRAME),
	OTHER_INFO,
	IRQ_SCENARIO,
	HELD,
	LINE_ACT("the dependencies between *-irq-safe lock and the holding "
		 "lock:", ACT_IRQ_PATH),
	IRQ_PATH,
	/* One line up to 4.8, two since then. */
	{ .text = "the dependencies between the lock to be acquired",
	  .opt = 2 },
	{ .text = "and *-irq-unsafe lock:", .act = ACT_IRQ_PATH2 },
	{ .text = "the dependencies between the lock to be acquired and *",
	  .act = ACT_IRQ_PATH2, .opt = 1 },
	IRQ_PATH,
	BACKTRACE,
};

/* print_irq_inversion_bug() */
static const struct slot irq_inversion[] = {
	HEAD,
	ABOUT("* just changed the state of lock:"),
	LOCK(ACT_ACQUIRING),
	{ .text = "but this lock took another, *-unsafe lock in the past:",
	  .act = ACT_FORWARDS, .opt = 1 },
	{ .text = "but this lock was taken by another, *-safe lock in the "
		  "past:", .act = ACT_BACKWARDS, .opt = 1 },
	{ .type = TOK_NAME, .act = ACT_OTHER_NAME },
	LINE("and interrupts could create inverse lock ordering between them."),
	OTHER_INFO,
	IRQ_SCENARIO,
	HELD,
	LINE_ACT("the shortest dependencies between 2nd lock and 1st lock:",
		 ACT_IRQ_PATH),
	IRQ_PATH,
	BACKTRACE,
};

/* print_lock_invalid_wait_context() */
static const struct slot wait_context[] = {
	HEAD,
	ABOUT("* is trying to lock:"),
	LOCK(ACT_ACQUIRING),
	OTHER_INFO,
	LINE("context-{*}"),
	HELD,
	BACKTRACE,
};

/* print_lock_nested_lock_not_held(): two backtraces */
static const struct slot nesting[] = {
	HEAD,
	ABOUT("* is trying to lock:"),
	LOCK(ACT_ACQUIRING),
	LINE("but this task is not holding:"),
	LINE("*"),
	BACKTRACE,
	OTHER_INFO,
	HELD,
	BACKTRACE,
};

/* print_unlock_imbalance_bug() */
static const struct slot unlock_balance[] = {
	HEAD,
	{ TOK_ABOUT, ACT_ABOUT_NAME, .text = "* is trying to release lock (*" },
	{ .type = TOK_FRAME, .act = ACT_ABOUT_AT },
	LINE("but there are no more locks to release!"),
	OTHER_INFO,
	HELD,
	BACKTRACE,
};

/* print_lock_contention_bug() */
static const struct slot contention[] = {
	HEAD,
	{ TOK_ABOUT, ACT_ABOUT_NAME, .text = "* is trying to contend lock (*" },
	{ .type = TOK_FRAME, .act = ACT_ABOUT_AT },
	LINE("but there are no locks held!"),
	OTHER_INFO,
	HELD,
	BACKTRACE,
};

/* print_freed_lock_bug() */
static const struct slot held_lock_freed[] = {
	HEAD,
	ABOUT("* is freeing memory *"),
	LOCK(ACT_ACQUIRING),
	HELD,
	BACKTRACE,
};

/* print_held_locks_bug() */
static const struct slot held_at_exit[] = {
	HEAD,
	HELD,
	BACKTRACE,
};

/* lockdep_sys_exit(): no backtrace */
static const struct slot returning_to_user[] = {
	HEAD,
	ABOUT("* is leaving the kernel with locks still held!"),
	HELD,
};

/* lockdep_rcu_suspicious() */
static const struct slot rcu[] = {
	HEAD,
	LINE("*:*!"),
	OTHER_INFO,
	MAYBE("RCU used illegally from *"),
	LINE("rcu_scheduler_active = *, debug_locks = *"),
	MAYBE("Possible false positive due to lockdep disabling via *"),
	MAYBE("RCU used illegally from *"),
	HELD,
	BACKTRACE,
};

/* print_collision() */
static const struct slot chain_collision[] = {
	HEAD,
	{ .type = TOK_TASK_COLON, .act = ACT_TASK },
	LINE("Hash chain already cached but the contents don't match!"),
	LINE("Held locks:"),
	LINE_ACT("depth: * (irq_context *)", ACT_KEYS_DEPTH),
	{ .type = TOK_KEY_LOCK, .act = ACT_KEYS_HELD, .many = true },
	LINE("Locks in cached chain:"),
	LINE_ACT("depth: *", ACT_KEYS_DEPTH),
	{ .type = TOK_KEY_LOCK, .act = ACT_KEYS_CACHED, .many = true },
	BACKTRACE,
};

/* print_lockdep_off() and dump_stack(), with more for MAX_LOCK_DEPTH */
static const struct slot table_full[] = {
	{ .type = TOK_TITLE, .act = ACT_TITLE },
	LINE("turning off the locking correctness validator."),
	MAYBE("Please attach the output of /proc/lock_stat to the bug report"),
	{ .text = "depth: * max: *!", .opt = 4 },
	HELD,
	LINE("INFO: lockdep is turned off."),
	{ .type = TOK_CPU, .act = ACT_TRACE_CPU },
};

/* assign_lock_key() */
static const struct slot non_static_key[] = {
	{ .type = TOK_TITLE, .act = ACT_TITLE },
	/* Up to 5.8 only "the code is fine but needs lockdep annotation." */
	{ .text = "the code is fine but needs lockdep annotation.", .opt = 1 },
	{ .text = "The code is fine but needs lockdep annotation, or maybe",
	  .opt = 2 },
	LINE("you didn't initialize this object before use?"),
	LINE("turning off the locking correctness validator."),
	{ .type = TOK_CPU, .act = ACT_TRACE_CPU },
};

/* hung_task_info(), sched_show_task(), then debug_show_all_locks() */
static const struct slot hung_task[] = {
	{ .type = TOK_TITLE, .act = ACT_TITLE },
	{ .act = ACT_IDENT },
	MAYBE("Blocked by coredump."),
	LINE("\"echo 0 > /proc/sys/kernel/hung_task_timeout_secs\" disables *"),
	LINE("*"),
	MAYBE("Workqueue: *"),
	{ .type = TOK_CALL_TRACE, .act = ACT_TRACE_CALL },
};

struct grammar grammar_of(enum report_kind kind)
{
#define OF(kind, table)	[kind] = { table, ARRAY_SIZE(table) }
	static const struct grammar all[] = {
		OF(KIND_CIRCULAR, circular),
		OF(KIND_RECURSIVE, recursive),
		OF(KIND_INCONSISTENT, inconsistent),
		OF(KIND_IRQ_UNSAFE_ORDER, irq_unsafe_order),
		OF(KIND_IRQ_INVERSION, irq_inversion),
		OF(KIND_WAIT_CONTEXT, wait_context),
		OF(KIND_NESTING, nesting),
		OF(KIND_UNLOCK_BALANCE, unlock_balance),
		OF(KIND_CONTENTION, contention),
		OF(KIND_HELD_LOCK_FREED, held_lock_freed),
		OF(KIND_HELD_AT_EXIT, held_at_exit),
		OF(KIND_RETURNING_TO_USER, returning_to_user),
		OF(KIND_RCU, rcu),
		OF(KIND_CHAIN_COLLISION, chain_collision),
		OF(KIND_TABLE_FULL, table_full),
		OF(KIND_NON_STATIC_KEY, non_static_key),
		OF(KIND_HUNG_TASK, hung_task),
	};
#undef OF
	return kind < ARRAY_SIZE(all) ? all[kind] : (struct grammar){ };
}

/* Does @s match @glob, in which each '*' matches any bytes? */
static bool glob_is(struct str s, const char *glob)
{
	const char *star = strchr(glob, '*');
	struct str part;
	ptrdiff_t at;

	if (!star)
		return str_eq(s, str_of(glob));
	if (!str_take(&s, (struct str){ glob, star - glob }))
		return false;
	while (star) {
		glob = star + 1;
		star = strchr(glob, '*');
		if (!star)
			return str_ends(s, str_of(glob));
		part = (struct str){ glob, star - glob };
		at = str_find(s, part);
		if (at < 0)
			return false;
		s = str_skip(s, at + part.n);
	}
	return true;
}

/* "7.3.4 #3 Not tainted", for a hung task "Tainted: G S 7.3.4 #3" */
static bool is_ident(struct str s)
{
	return str_find(s, STR("ainted")) > 0 &&
	       (is_digit(s.p[0]) || str_starts(s, STR("Not tainted")) ||
		str_starts(s, STR("Tainted: ")));
}

bool slot_is(const struct slot *s, struct str text, const struct token *tok)
{
	if (s->type != TOK_OTHER && s->type != tok->type)
		return false;
	if (s->text)
		return glob_is(text, s->text);
	return s->type != TOK_OTHER || (s->act == ACT_IDENT && is_ident(text));
}
