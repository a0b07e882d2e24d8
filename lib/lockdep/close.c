// SPDX-License-Identifier: GPL-2.0-only
/*
 * A report's beginning and its end: what the title tells, and, once no more
 * lines will come, whether it is whole, its cycle and its signature.
 */
#include <stdio.h>

#include "lockdep/build.h"
#include "lockdep/grammar.h"
#include "lockdep/signature.h"
#include "lockdep/store.h"

/* "comm/pid" or "comm:pid" */
static void store_comm_pid(struct report_builder *b, struct str s, char sep)
{
	ptrdiff_t at = str_rfind(s, (struct str){ &sep, 1 });
	struct str pid = str_skip(s, at + 1);
	uint64_t num;

	if (at < 1 || !str_take_u64(&pid, &num) || pid.n)
		return;
	b->r.comm = store_text(b, str_head(s, at));
	b->r.pid = num;
}

static void task_of_title(struct report_builder *b, struct str s)
{
	static const struct str held = STR(" still has locks held!");
	ptrdiff_t at = str_rfind(s, STR(", CPU#"));

	if (b->r.kind == KIND_HUNG_TASK) {
		at = kind_hung_task_end(s);
		store_comm_pid(b, str_skip(str_head(s, at),
					   strlen("INFO: task ")), ':');
	} else if (b->r.kind == KIND_OTHER && at > 0) {
		s = str_skip(s, at + strlen(", CPU#"));
		store_comm_pid(b, str_ltrim(str_skip(s, str_digits(s) + 1)),
			       '/');
	} else if (b->r.kind == KIND_HELD_AT_EXIT) {
		s = kind_bare_title(s);
		s.n -= held.n;
		store_comm_pid(b, str_skip(s, str_find(s, STR(": ")) + 2), '/');
	}
}

void build_open(struct report_builder *b, enum report_kind kind,
		struct str text, uint64_t line)
{
	struct report *r = &b->r;

	/* Not all of it: the strings are long, and need no clearing. */
	memset(b, 0, offsetof(struct report_builder, r.text));
	memset(&b->slot, 0, sizeof(*b) - offsetof(struct report_builder, slot));
	b->open = true;
	r->kind = kind;
	r->pid = -1;
	b->path.lock = "?";
	r->printed = store_text(b, kind_bare_title(text));
	r->title = r->printed;
	r->first_line = r->last_line = line;
	r->crash = kind == KIND_OTHER && kind_is_crash(text);
	task_of_title(b, text);
	if (kind == KIND_OTHER)
		trace_other(b, text);
}

/* #N is the lock held, #0 the one to be acquired, in the backtrace's stack. */
static bool circular_cycle(struct report_builder *b)
{
	const char *trace = b->trace_func[0] ? b->trace_func : b->trace_maybe;
	struct report *r = &b->r;
	unsigned int i;

	if (!r->acquiring.name || !r->nr_holding || r->nr_chain < 2 || b->depth)
		return false;
	if (!lock_names(r->acquiring.name, r->chain[r->nr_chain - 1].name) ||
	    !lock_names(r->holding[0].name, r->chain[0].name))
		return false;
	for (i = r->nr_chain; i--;)
		r->cycle[r->nr_cycle++] = i;
	return !strcmp(r->chain[r->nr_chain - 1].func, trace);
}

static bool find_cycle(struct report_builder *b)
{
	struct report *r = &b->r;

	switch (r->kind) {
	case KIND_CIRCULAR:
		return circular_cycle(b);
	case KIND_IRQ_UNSAFE_ORDER:
	case KIND_IRQ_INVERSION:
		return path_cycle(b);
	case KIND_RECURSIVE:
	case KIND_INCONSISTENT:
		/* With itself: the last stack is the one of the report. */
		if (!r->nr_chain)
			return false;
		r->cycle[r->nr_cycle++] = r->nr_chain - 1;
		return r->nr_chain == (r->kind == KIND_RECURSIVE ? 1 : 2);
	default:
		return true;
	}
}

/* Without an end mark, a trace that reaches the entry code is whole. */
static bool trace_is_whole(const struct report_builder *b)
{
	return b->ended || (!b->task && !b->interrupt && b->trace_frames &&
			    b->entry_point);
}

static bool is_whole(const struct report_builder *b)
{
	struct grammar g = grammar_of(b->r.kind);

	if (b->damaged || b->held_locks)
		return false;
	if (b->r.kind == KIND_OTHER)
		return b->ended || (b->end == END_TRACE && trace_is_whole(b));
	if (!g.nr)
		return true;
	if (b->listing && !b->listed)
		return false;
	if (b->slot + 1 != g.nr)
		return false;
	if (b->r.kind == KIND_RETURNING_TO_USER)
		return true;
	if (b->r.kind == KIND_IRQ_INVERSION && !b->takes)
		return false;
	return trace_is_whole(b);
}

static void make_signature(struct report_builder *b)
{
	const char *func = b->trace_func[0] ? b->trace_func : b->trace_maybe;
	char buf[SIGNATURE_MAX];
	size_t n;

	n = signature_write(&b->r, func, buf, sizeof(buf));
	if (n)
		b->r.signature = store_text(b, (struct str){ buf, n });
}

void build_close(struct report_builder *b)
{
	struct report *r = &b->r;
	unsigned int i;
	bool closed;

	for (i = 0; i < r->nr_chain; i++)
		if (!r->chain[i].func)
			r->chain[i].func = "?";
	closed = find_cycle(b);
	title_make(b);
	if (closed && is_whole(b)) {
		signature_rotate(r);
		make_signature(b);
		r->complete = !b->damaged;
	}
	if (!r->complete) {
		r->nr_cycle = 0;
		r->signature = NULL;
	}
	b->open = false;
}

void build_close_title(struct report_builder *b)
{
	b->r.complete = !b->damaged;
	b->open = false;
}
