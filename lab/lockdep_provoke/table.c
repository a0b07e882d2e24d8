// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lockdep's tables, filled to the brim one at a time. The classes are made for
 * it, in layers: a class of one layer is only ever taken under those of the
 * layers before it, and one of each, so that the searches that lockdep does for
 * every new edge stay short.
 */
#include <linux/mm.h>

#include "../lockdep_internals.h"
#include "cases.h"

struct sin_class {
	struct lock_class_key key;
	struct lockdep_map map;
};

static struct sin_class *sin_classes(unsigned int n)
{
	struct sin_class *c = kvcalloc(n, sizeof(*c), GFP_KERNEL);
	unsigned int i;

	for (i = 0; c && i < n; i++) {
		lockdep_register_key(&c[i].key);
		lockdep_init_map(&c[i].map, "sin_class", &c[i].key, 0);
	}
	return c;
}

static noinline void sin_use(struct sin_class *c)
{
	lock_map_acquire(&c->map);
	lock_map_release(&c->map);
}

int sin_table_keys(void)
{
	struct sin_class *c = sin_classes(MAX_LOCKDEP_KEYS);
	unsigned int i;

	if (!c)
		return -ENOMEM;
	for (i = 0; i < MAX_LOCKDEP_KEYS && debug_locks; i++)
		sin_use(&c[i]);
	return 0;
}

/* Each of @outer with each of @inner. */
static void sin_pairs(struct sin_class *outer, unsigned int nr_outer,
		      struct sin_class *inner, unsigned int nr_inner)
{
	unsigned int i, j;

	for (i = 0; i < nr_outer && debug_locks; i++) {
		lock_map_acquire(&outer[i].map);
		for (j = 0; j < nr_inner && debug_locks; j++)
			sin_use(&inner[j]);
		lock_map_release(&outer[i].map);
		cond_resched();
	}
}

/*
 * No sin yet: lockdep is alive, but nobody can say for how long. An edge has
 * two entries, and one more leads to each class from what is held already.
 */
int sin_almost_full(void)
{
	enum { N = 100 };
	unsigned long enough = MAX_LOCKDEP_ENTRIES * 97 / 100;
	unsigned long used = nr_list_entries + 2 * N;
	struct sin_class *c;
	unsigned int rows;

	if (used >= enough)
		return 0;
	rows = (enough - used) / (2 * N + 2);
	c = sin_classes(rows + N);
	if (!c)
		return -ENOMEM;
	sin_pairs(c + N, rows, c, N);
	return 0;
}

int sin_table_entries(void)
{
	enum { N = 190 };
	struct sin_class *c = sin_classes(2 * N);

	if (!c)
		return -ENOMEM;
	sin_pairs(c, N, c + N, N);
	return 0;
}

/* Many ways through few edges. */
int sin_table_chains(void)
{
	enum { N = 41 };
	struct sin_class *c = sin_classes(3 * N);
	unsigned int i;

	if (!c)
		return -ENOMEM;
	for (i = 0; i < N && debug_locks; i++) {
		lock_map_acquire(&c[i].map);
		sin_pairs(c + N, N, c + 2 * N, N);
		lock_map_release(&c[i].map);
	}
	return 0;
}

/* Few ways, but long ones. */
int sin_table_hlocks(void)
{
	enum { LONG = 30, N = 110 };
	struct sin_class *c = sin_classes(LONG + 2 * N);
	int i;

	if (!c)
		return -ENOMEM;
	for (i = 0; i < LONG; i++)
		lock_map_acquire(&c[i].map);
	sin_pairs(c + LONG, N, c + LONG + N, N);
	while (i--)
		lock_map_release(&c[i].map);
	return 0;
}

/*
 * Another stack for every @path, @left calls deep. What is behind the calls
 * keeps them two, and calls.
 */
static noinline void sin_on_path(unsigned int path, int left,
				 struct sin_class *c)
{
	if (!left) {
		sin_use(c);
	} else if (path & 1) {
		sin_on_path(path >> 1, left - 1, c);
		asm volatile("# one way");
	} else {
		sin_on_path(path >> 1, left - 1, c);
		asm volatile("# the other");
	}
}

int sin_table_traces(void)
{
	enum { N = 110, LEFT = 50 };
	struct sin_class *c = sin_classes(2 * N);
	unsigned int i, j, path = 0;

	if (!c)
		return -ENOMEM;
	for (i = 0; i < N && debug_locks; i++) {
		lock_map_acquire(&c[i].map);
		for (j = 0; j < N && debug_locks; j++)
			sin_on_path(path++, LEFT, &c[N + j]);
		lock_map_release(&c[i].map);
		cond_resched();
	}
	return 0;
}

int sin_table_depth(void)
{
	struct sin_class *c = sin_classes(MAX_LOCK_DEPTH);
	int i;

	if (!c)
		return -ENOMEM;
	for (i = 0; i < MAX_LOCK_DEPTH && debug_locks; i++)
		lock_map_acquire(&c[i].map);
	while (i--)
		lock_map_release(&c[i].map);
	return 0;
}
