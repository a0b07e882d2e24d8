// SPDX-License-Identifier: GPL-2.0-only
/*
 * The dependency path that a report of an irq problem prints: for each lock its
 * usages, each with a stack, and the stack that took it while the one before it
 * was held. Together with the interrupt it is a cycle: the irq-unsafe lock, at
 * the end of the path, is held when an interrupt takes the irq-safe one.
 *
 * Printed from the path's end to its beginning, a lock's "acquired at" is the
 * stack that took it. Printed from its beginning, it is the stack that took the
 * next lock: so backwards searches, and the first half of an unsafe order up to
 * 5.12 (since then each stack stands with the lock that it took).
 */
#include "build.h"
#include "grammar.h"
#include "store.h"

static void name_entry(struct report_builder *b)
{
	struct report_entry *e = &b->r.chain[b->r.nr_chain - 1];
	struct class_name c = class_name_parse(str_of(b->path.lock));

	b->path.unnamed = false;
	e->name = b->path.lock;
	e->class = store_class(b, c);
}

static void drop_unnamed(struct report_builder *b)
{
	if (b->path.unnamed)
		b->r.nr_chain--;
	b->path.unnamed = false;
}

static void start_part(struct report_builder *b, unsigned int part)
{
	drop_unnamed(b);
	b->path.part = part;
	b->path.locks = 0;
	b->path.taking = false;
	b->path.shifted = b->path.backwards;
	b->path.from[part] = b->r.nr_chain;
}

static void next_lock(struct report_builder *b, struct str name)
{
	b->path.lock = store_text(b, name);
	b->path.locks++;
	b->path.taking = false;
	if (b->path.unnamed)
		name_entry(b);
}

/* Where an interrupt took the lock that a backwards search ended at. */
static void usage(struct report_builder *b, struct str usage)
{
	b->path.taking = b->path.backwards && b->path.locks == 1 &&
			 b->r.nr_chain == b->path.from[1] &&
			 str_starts(usage, STR("IN-"));
	if (b->path.taking)
		store_entry(b, str_of(b->path.lock));
}

static void acquired(struct report_builder *b)
{
	if (b->r.kind == KIND_IRQ_UNSAFE_ORDER && b->path.part == 1 &&
	    b->path.locks == 1)
		b->path.shifted = true;
	b->path.taking = true;
	drop_unnamed(b);
	store_entry(b, b->path.shifted ? STR("?") : str_of(b->path.lock));
	b->path.unnamed = b->path.shifted;
}

void path_line(struct report_builder *b, int act, const struct token *tok)
{
	switch (act) {
	case ACT_PATH:
		start_part(b, 1);
		break;
	case ACT_PATH2:
		start_part(b, 2);
		break;
	case ACT_PATH_LOCK:
		next_lock(b, tok->name);
		break;
	case ACT_PATH_USAGE:
		usage(b, tok->name);
		break;
	case ACT_PATH_END:
		b->path.taking = false;
		break;
	case ACT_PATH_ACQUIRED:
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

/* Is what was printed as a lock's own name, or with text behind it, @name? */
static bool is_lock(const struct report_entry *e, const char *printed)
{
	return printed && lock_names(printed, e->name);
}

/*
 * chain[0] and [1] tell where the two locks became safe and unsafe; from the
 * lock that is held on, the others follow.
 */
static bool unsafe_order_cycle(struct report_builder *b)
{
	struct report *r = &b->r;
	unsigned int second = b->path.from[2];

	if (b->path.part != 2 || b->path.from[1] != 2 || r->nr_chain == second)
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

	if (b->path.part != 1 || r->nr_chain < 2)
		return false;
	add_range(r, 0, r->nr_chain, !b->path.backwards);
	return is_lock(&r->chain[r->nr_chain - 1], r->acquiring.name) &&
	       is_lock(&r->chain[0], b->other[0]);
}

bool path_cycle(struct report_builder *b)
{
	drop_unnamed(b);
	return b->r.kind == KIND_IRQ_INVERSION ? inversion_cycle(b) :
						 unsafe_order_cycle(b);
}
