// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of a report: whether it is whole, its cycle and its signature.
 */
#include <stdio.h>

#include "builder.h"
#include "grammar.h"
#include "lockdep/report/signature.h"
#include "store.h"

/* #N is the held lock; #0 is acquired in the backtrace's stack. */
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
		return irq_path_cycle(b);
	case KIND_RECURSIVE:
	case KIND_INCONSISTENT:
		/* A cycle of one lock: the last stack is the report's own. */
		if (!r->nr_chain)
			return false;
		r->cycle[r->nr_cycle++] = r->nr_chain - 1;
		return r->nr_chain == (r->kind == KIND_RECURSIVE ? 1 : 2);
	default:
		return true;
	}
}

/* Without an end mark a trace is whole if it ends in the entry code. */
static bool trace_is_whole(const struct report_builder *b)
{
	return b->ended || (!b->task && !b->interrupt && b->trace_frames &&
			    b->entry_point);
}

static bool is_whole(const struct report_builder *b)
{
	struct grammar g = grammar_of(b->r.kind);

	if (b->damaged || b->held_locks || b->half_len)
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

/*
 * A class can print its own text after the name; the chain has only the name.
 */
static void plain_class(struct report *r, struct report_lock *lock)
{
	unsigned int i;

	for (i = 0; lock->name && i < r->nr_chain; i++)
		if (strcmp(lock->name, r->chain[i].name) &&
		    lock_names(lock->name, r->chain[i].name))
			lock->class = r->chain[i].class;
}

/* Length of the common part of two names, up to a blank. */
static size_t shared_name(const char *a, const char *b)
{
	size_t i, blank = 0;

	for (i = 0; a[i] && a[i] == b[i]; i++)
		if (a[i] == ' ')
			blank = blank ?: i;
	return blank;
}

/* Two locks of one class: if the names differ, their own text does. */
static void plain_recursive(struct report_builder *b)
{
	struct report *r = &b->r;
	struct report_lock *lock = &r->acquiring;
	size_t n;

	if (!r->nr_holding || !lock->name || !r->nr_chain ||
	    !strcmp(lock->name, r->holding[0].name))
		return;
	n = shared_name(lock->name, r->holding[0].name);
	if (!n)
		return;
	lock->class = store_class(b, class_name_parse((struct str){ lock->name,
								    n }));
	r->holding[0].class = lock->class;
	r->chain[0].class = lock->class;
}

static void plain_classes(struct report_builder *b)
{
	struct report *r = &b->r;

	if (r->kind == KIND_RECURSIVE) {
		plain_recursive(b);
		return;
	}
	plain_class(r, &r->acquiring);
	if (r->nr_holding)
		plain_class(r, &r->holding[0]);
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

void builder_finish(struct report_builder *b)
{
	struct report *r = &b->r;
	unsigned int i;
	bool closed;

	for (i = 0; i < r->nr_chain; i++)
		if (!r->chain[i].func)
			r->chain[i].func = "?";
	plain_classes(b);
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

void builder_finish_title(struct report_builder *b)
{
	b->r.complete = !b->damaged;
	b->open = false;
}
