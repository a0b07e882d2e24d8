// SPDX-License-Identifier: GPL-2.0-only
/*
 * The dependency path in a report of an irq problem: for each lock its usages,
 * each with a stack, and the stack that took the lock while the one before it
 * was held. The path and the interrupt form a cycle: the irq-unsafe lock, at
 * the end of the path, is held when an interrupt takes the irq-safe one.
 *
 * If the path is printed from its end to its beginning, "acquired at" of a lock
 * is the stack that took it. If it is printed from its beginning, it is the
 * stack that took the next lock. Backward searches do so, and up to 5.12 the
 * first half of an unsafe order; since then each stack is printed with the lock
 * it took.
 */
#include "builder.h"
#include "grammar.h"
#include "store.h"

static void name_entry(struct report_builder *b)
{
	struct report_entry *e = &b->r.chain[b->r.nr_chain - 1];
	struct class_name c = class_name_parse(str_of(b->irq_path.lock));

	b->irq_path.unnamed = false;
	e->name = b->irq_path.lock;
	e->class = store_class(b, c);
}

static void drop_unnamed(struct report_builder *b)
{
	if (b->irq_path.unnamed)
		b->r.nr_chain--;
	b->irq_path.unnamed = false;
}

static void start_part(struct report_builder *b, unsigned int part)
{
	drop_unnamed(b);
	b->irq_path.part = part;
	b->irq_path.locks = 0;
	b->irq_path.taking = false;
	b->irq_path.shifted = b->irq_path.backwards;
	b->irq_path.from[part] = b->r.nr_chain;
}

static void next_lock(struct report_builder *b, struct str name)
{
	b->irq_path.lock = store_text(b, name);
	b->irq_path.locks++;
	b->irq_path.taking = false;
	if (b->irq_path.unnamed)
		name_entry(b);
}

/* A backward search ends at a lock that an interrupt took: with this stack. */
static void usage(struct report_builder *b, struct str usage)
{
	b->irq_path.taking = b->irq_path.backwards && b->irq_path.locks == 1 &&
			 b->r.nr_chain == b->irq_path.from[1] &&
			 str_starts(usage, STR("IN-"));
	if (b->irq_path.taking)
		store_entry(b, str_of(b->irq_path.lock));
}

static void acquired(struct report_builder *b)
{
	if (b->r.kind == KIND_IRQ_UNSAFE_ORDER && b->irq_path.part == 1 &&
	    b->irq_path.locks == 1)
		b->irq_path.shifted = true;
	b->irq_path.taking = true;
	drop_unnamed(b);
	store_entry(b, b->irq_path.shifted ? STR("?") :
					     str_of(b->irq_path.lock));
	b->irq_path.unnamed = b->irq_path.shifted;
}

void irq_path_line(struct report_builder *b, int act, const struct token *tok)
{
	switch (act) {
	case ACT_IRQ_PATH:
		start_part(b, 1);
		break;
	case ACT_IRQ_PATH2:
		start_part(b, 2);
		break;
	case ACT_IRQ_PATH_LOCK:
		next_lock(b, tok->name);
		break;
	case ACT_IRQ_PATH_USAGE:
		usage(b, tok->name);
		break;
	case ACT_IRQ_PATH_END:
		b->irq_path.taking = false;
		break;
	case ACT_IRQ_PATH_ACQUIRED:
		acquired(b);
		break;
	}
}

static void add(struct report *r, unsigned int entry)
{
	if (r->nr_cycle < REPORT_CHAIN)
		r->cycle[r->nr_cycle++] = entry;
}

static void add_range(struct report *r, unsigned int from, unsigned int to,
		      bool reversed)
{
	unsigned int i;

	for (i = 0; i < to - from; i++)
		add(r, reversed ? to - 1 - i : from + i);
}

/* Is @printed the name of @e, maybe with the class's own text after it? */
static bool is_lock(const struct report_entry *e, const char *printed)
{
	return printed && lock_names(printed, e->name);
}

/*
 * chain[0] and [1] are where the two locks became irq-safe and irq-unsafe; the
 * path follows, from the held lock on.
 */
static bool unsafe_order_cycle(struct report_builder *b)
{
	struct report *r = &b->r;
	unsigned int second = b->irq_path.from[2];

	if (b->irq_path.part != 2 || b->irq_path.from[1] != 2 ||
	    r->nr_chain == second)
		return false;
	add(r, 0);
	add_range(r, 2, second, false);
	if (!r->nr_holding ||
	    !is_lock(&r->chain[second > 2 ? second - 1 : 0],
		     r->holding[0].name))
		return false;
	add_range(r, second, r->nr_chain, true);
	return is_lock(&r->chain[r->nr_chain - 1], r->acquiring.name) &&
	       is_lock(&r->chain[second], r->chain[1].name);
}

static bool inversion_cycle(struct report_builder *b)
{
	struct report *r = &b->r;

	if (b->irq_path.part != 1 || r->nr_chain < 2)
		return false;
	add_range(r, 0, r->nr_chain, !b->irq_path.backwards);
	return is_lock(&r->chain[r->nr_chain - 1], r->acquiring.name) &&
	       is_lock(&r->chain[0], b->other[0]);
}

bool irq_path_cycle(struct report_builder *b)
{
	drop_unnamed(b);
	return b->r.kind == KIND_IRQ_INVERSION ? inversion_cycle(b) :
						 unsafe_order_cycle(b);
}
