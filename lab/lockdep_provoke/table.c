// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fill lockdep's tables, one at a time. The classes are in layers: a class is
 * taken only under one class of each layer before it, so that lockdep's
 * searches for every new edge stay short.
 */
#include <linux/mm.h>

#include "../lockdep_internals.h"
#include "cases.h"

struct table_class {
	struct lock_class_key key;
	struct lockdep_map map;
};

static struct table_class *new_classes(unsigned int n)
{
	struct table_class *c = kvcalloc(n, sizeof(*c), GFP_KERNEL);
	unsigned int i;

	for (i = 0; c && i < n; i++) {
		lockdep_register_key(&c[i].key);
		lockdep_init_map(&c[i].map, "table_class", &c[i].key, 0);
	}
	return c;
}

static noinline void use_class(struct table_class *c)
{
	lock_map_acquire(&c->map);
	lock_map_release(&c->map);
}

int case_table_keys(void)
{
	struct table_class *c = new_classes(MAX_LOCKDEP_KEYS);
	unsigned int i;

	if (!c)
		return -ENOMEM;
	for (i = 0; i < MAX_LOCKDEP_KEYS && debug_locks; i++)
		use_class(&c[i]);
	return 0;
}

/* Each of @outer with each of @inner. */
static void take_pairs(struct table_class *outer, unsigned int nr_outer,
		       struct table_class *inner, unsigned int nr_inner)
{
	unsigned int i, j;

	for (i = 0; i < nr_outer && debug_locks; i++) {
		lock_map_acquire(&outer[i].map);
		for (j = 0; j < nr_inner && debug_locks; j++)
			use_class(&inner[j]);
		lock_map_release(&outer[i].map);
		cond_resched();
	}
}

/*
 * No report: lockdep is alive, but its table is almost full. An edge has two
 * entries, and one more edge leads to each class from the lock that is already
 * held.
 */
int case_almost_full(void)
{
	enum { N = 100 };
	unsigned long enough = MAX_LOCKDEP_ENTRIES * 97 / 100;
	unsigned long used = nr_list_entries + 2 * N;
	struct table_class *c;
	unsigned int rows;

	if (used >= enough)
		return 0;
	rows = (enough - used) / (2 * N + 2);
	c = new_classes(rows + N);
	if (!c)
		return -ENOMEM;
	take_pairs(c + N, rows, c, N);
	return 0;
}

int case_table_entries(void)
{
	enum { N = 190 };
	struct table_class *c = new_classes(2 * N);

	if (!c)
		return -ENOMEM;
	take_pairs(c, N, c + N, N);
	return 0;
}

/* Many chains of few edges. */
int case_table_chains(void)
{
	enum { N = 41 };
	struct table_class *c = new_classes(3 * N);
	unsigned int i;

	if (!c)
		return -ENOMEM;
	for (i = 0; i < N && debug_locks; i++) {
		lock_map_acquire(&c[i].map);
		take_pairs(c + N, N, c + 2 * N, N);
		lock_map_release(&c[i].map);
	}
	return 0;
}

/* Few chains, but long ones. */
int case_table_hlocks(void)
{
	enum { LONG = 30, N = 110 };
	struct table_class *c = new_classes(LONG + 2 * N);
	int i;

	if (!c)
		return -ENOMEM;
	for (i = 0; i < LONG; i++)
		lock_map_acquire(&c[i].map);
	take_pairs(c + LONG, N, c + LONG + N, N);
	while (i--)
		lock_map_release(&c[i].map);
	return 0;
}

/*
 * Use @c with another stack for every @path, @left calls deep. The asm
 * statements after the two calls keep the compiler from merging them or making
 * them jumps.
 */
static noinline void use_on_path(unsigned int path, int left,
				 struct table_class *c)
{
	if (!left) {
		use_class(c);
	} else if (path & 1) {
		use_on_path(path >> 1, left - 1, c);
		asm volatile("# odd");
	} else {
		use_on_path(path >> 1, left - 1, c);
		asm volatile("# even");
	}
}

int case_table_traces(void)
{
	enum { N = 110, LEFT = 50 };
	struct table_class *c = new_classes(2 * N);
	unsigned int i, j, path = 0;

	if (!c)
		return -ENOMEM;
	for (i = 0; i < N && debug_locks; i++) {
		lock_map_acquire(&c[i].map);
		for (j = 0; j < N && debug_locks; j++)
			use_on_path(path++, LEFT, &c[N + j]);
		lock_map_release(&c[i].map);
		cond_resched();
	}
	return 0;
}

int case_table_depth(void)
{
	struct table_class *c = new_classes(MAX_LOCK_DEPTH);
	int i;

	if (!c)
		return -ENOMEM;
	for (i = 0; i < MAX_LOCK_DEPTH && debug_locks; i++)
		lock_map_acquire(&c[i].map);
	while (i--)
		lock_map_release(&c[i].map);
	return 0;
}
