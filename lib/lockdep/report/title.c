// SPDX-License-Identifier: GPL-2.0-only
/*
 * One line for a report in the form of syzkaller's titles: what, and in which
 * function. If the function is not known, the kernel's own title stays.
 */
#include <stdio.h>

#include "builder.h"
#include "store.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static void set(struct report_builder *b, const char *what, struct str func)
{
	char buf[600];
	int n;

	func = func_base(func);
	if (!func.n)
		return;
	n = snprintf(buf, sizeof(buf), "%s in %.*s", what, (int)func.n, func.p);
	if (n < (int)sizeof(buf))
		b->r.title = store_text(b, (struct str){ buf, n });
}

static struct str trace_func(const struct report_builder *b)
{
	return str_of(b->trace_func[0] ? b->trace_func : b->trace_maybe);
}

/* These take a work item's lock to run the item, or to wait for it. */
static bool is_work_helper(const char *func)
{
	static const char *const funcs[] = {
		"process_one_work", "flush_workqueue", "drain_workqueue",
		"destroy_workqueue", "flush_work", "start_flush_work",
		"touch_work_lockdep_map", "touch_wq_lockdep_map",
		"flush_delayed_work", "cancel_work_sync",
	};
	size_t i;

	while (*func == '_')
		func++;
	for (i = 0; i < ARRAY_SIZE(funcs); i++)
		if (str_eq(func_base(str_of(func)), str_of(funcs[i])))
			return true;
	return false;
}

static void deadlock(struct report_builder *b)
{
	const struct report *r = &b->r;
	struct str func = STR("");

	if (r->kind == KIND_IRQ_UNSAFE_ORDER) {
		if (r->nr_chain)
			func = str_of(r->chain[0].func);
	} else if (r->acquiring.at) {
		func = str_of(r->acquiring.at);
		if (r->kind == KIND_CIRCULAR && r->nr_chain &&
		    is_work_helper(r->acquiring.at))
			func = str_of(r->chain[r->nr_chain - 1].func);
	}
	if (!str_eq(func, STR("?")))
		set(b, "possible deadlock", func);
}

/* "WARNING: file.c:1 at f+0x1/0x2, CPU#0: a/1", and older forms */
static struct str warn_func(const struct report_builder *b, struct str title)
{
	struct frame f;
	ptrdiff_t at = str_find(title, STR(" at "));

	if (b->ip_func[0])
		return str_of(b->ip_func);
	if (str_starts(title, STR("WARNING: at ")))
		at = strlen("WARNING:");
	if (at < 0)
		return STR("");
	title = str_skip(title, at + strlen(" at "));
	/* Up to 6.17: "CPU: 0 PID: 1 at file.c:1 f+0x1/0x2" */
	if (str_starts(str_of(b->r.printed), STR("WARNING: CPU: ")))
		title = str_skip(title, str_find(title, STR(" ")) + 1);
	at = str_find(title, STR(", CPU#"));
	if (at > 0)
		title = str_head(title, at);
	return frame_parse(title, &f) ? f.func : STR("");
}

/* "BUG: KASAN: slab-use-after-free in f+0x1/0x2" */
static bool named_in_title(struct report_builder *b, struct str s)
{
	ptrdiff_t at = str_rfind(s, STR(" in "));
	char what[256];
	struct frame f;

	if (at < 0 || !frame_parse(str_skip(s, at + strlen(" in ")), &f))
		return false;
	str_take(&s, STR("BUG: "));
	at = str_rfind(s, STR(" in "));
	snprintf(what, sizeof(what), "%.*s%s", (int)at, s.p, b->access ?: "");
	set(b, what, f.func);
	return true;
}

static void other(struct report_builder *b)
{
	static const struct {
		const char *printed;
		const char *title;
	} known[] = {
		{ "BUG: kernel NULL pointer dereference",
		  "BUG: unable to handle kernel NULL pointer dereference" },
		{ "BUG: unable to handle page fault",
		  "BUG: unable to handle kernel paging request" },
		{ "BUG: unable to handle kernel paging request",
		  "BUG: unable to handle kernel paging request" },
		{ "BUG: unable to handle kernel NULL pointer dereference",
		  "BUG: unable to handle kernel NULL pointer dereference" },
		{ "general protection fault", "general protection fault" },
		{ "Oops: general protection fault",
		  "general protection fault" },
		{ "divide error", "divide error" },
		{ "Oops: divide error", "divide error" },
		{ "kernel BUG at ", "kernel BUG" },
		{ "BUG: sleeping function called from invalid context",
		  "BUG: sleeping function called from invalid context" },
		{ "BUG: scheduling while atomic",
		  "BUG: scheduling while atomic" },
		{ "watchdog: BUG: soft lockup", "BUG: soft lockup" },
		{ "BUG: soft lockup", "BUG: soft lockup" },
		{ "unchecked MSR access error: ",
		  "unchecked MSR access error" },
	};
	struct str s = str_of(b->r.printed);
	char buf[REPORT_LINE + 32];
	size_t i;

	if (str_take(&s, STR("Kernel panic - not syncing: "))) {
		snprintf(buf, sizeof(buf), "kernel panic: %.*s", (int)s.n, s.p);
		b->r.title = store_text(b, str_of(buf));
		return;
	}
	if (kind_is_warn(s)) {
		set(b, "WARNING", warn_func(b, s));
		return;
	}
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (!str_starts(s, str_of(known[i].printed)))
			continue;
		set(b, known[i].title, b->ip_func[0] ? str_of(b->ip_func) :
						       trace_func(b));
		return;
	}
	named_in_title(b, s);
}

void title_make(struct report_builder *b)
{
	const struct report *r = &b->r;
	struct str at = str_of(r->acquiring.at ?: "");

	switch (r->kind) {
	case KIND_CIRCULAR:
	case KIND_RECURSIVE:
	case KIND_IRQ_UNSAFE_ORDER:
	case KIND_IRQ_INVERSION:
		deadlock(b);
		break;
	case KIND_INCONSISTENT:
		set(b, "inconsistent lock state", at);
		break;
	case KIND_WAIT_CONTEXT:
		set(b, "BUG: Invalid wait context", at);
		break;
	case KIND_NESTING:
		set(b, "WARNING: Nested lock was not taken", at);
		break;
	case KIND_UNLOCK_BALANCE:
		set(b, "WARNING: bad unlock balance", at);
		break;
	case KIND_CONTENTION:
		set(b, "WARNING: bad contention", at);
		break;
	case KIND_HELD_LOCK_FREED:
		set(b, "WARNING: held lock freed", at);
		break;
	case KIND_HELD_AT_EXIT:
		if (r->nr_holding && r->holding[0].at)
			set(b, "WARNING: still has locks held",
			    str_of(r->holding[0].at));
		break;
	case KIND_RETURNING_TO_USER:
		if (r->nr_holding && r->holding[0].at)
			set(b, "WARNING: lock held when returning to user "
			    "space", str_of(r->holding[0].at));
		break;
	case KIND_RCU:
		set(b, "WARNING: suspicious RCU usage", trace_func(b));
		break;
	case KIND_NON_STATIC_KEY:
		set(b, "INFO: trying to register non-static key",
		    trace_func(b));
		break;
	case KIND_HUNG_TASK:
		set(b, "INFO: task hung", trace_func(b));
		break;
	case KIND_OTHER:
		other(b);
		break;
	default:
		break;
	}
}
