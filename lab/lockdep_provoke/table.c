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

struct case_class {
	struct lock_class_key key;
	struct lockdep_map map;
};

static struct case_class *case_classes(unsigned int n)
{
	struct case_class *c = kvcalloc(n, sizeof(*c), GFP_KERNEL);
	unsigned int i;

	for (i = 0; c && i < n; i++) {
		lockdep_register_key(&c[i].key);
		lockdep_init_map(&c[i].map, "case_class", &c[i].key, 0);
	}
	return c;
}

static noinline void case_use(struct case_class *c)
{
	lock_map_acquire(&c->map);
	lock_map_release(&c->map);
}

int case_table_keys(void)
{
	struct case_class *c = case_classes(MAX_LOCKDEP_KEYS);
	unsigned int i;

	if (!c)
		return -ENOMEM;
	for (i = 0; i < MAX_LOCKDEP_KEYS && debug_locks; i++)
		case_use(&c[i]);
	return 0;
}

/* Each of @outer with each of @inner. */
static void case_pairs(struct case_class *outer, unsigned int nr_outer,
		      struct case_class *inner, unsigned int nr_inner)
{
	unsigned int i, j;

	for (i = 0; i < nr_outer && debug_locks; i++) {
		lock_map_acquire(&outer[i].map);
		for (j = 0; j < nr_inner && debug_locks; j++)
			case_use(&inner[j]);
		lock_map_release(&outer[i].map);
		cond_resched();
	}
}

/*
 * No case yet: lockdep is alive, but nobody can say for how long. An edge has
 * two entries, and one more leads to each class from what is held already.
 */
int case_almost_full(void)
{
	enum { N = 100 };
	unsigned long enough = MAX_LOCKDEP_ENTRIES * 97 / 100;
	unsigned long used = nr_list_entries + 2 * N;
	struct case_class *c;
	unsigned int rows;

	if (used >= enough)
		return 0;
	rows = (enough - used) / (2 * N + 2);
	c = case_classes(rows + N);
	if (!c)
		return -ENOMEM;
	case_pairs(c + N, rows, c, N);
	return 0;
}

int case_table_entries(void)
{
	enum { N = 190 };
	struct case_class *c = case_classes(2 * N);

	if (!c)
		return -ENOMEM;
	case_pairs(c, N, c + N, N);
	return 0;
}

/* Many ways through few edges. */
int case_table_chains(void)
{
	enum { N = 41 };
	struct case_class *c = case_classes(3 * N);
	unsigned int i;

	if (!c)
		return -ENOMEM;
	for (i = 0; i < N && debug_locks; i++) {
		lock_map_acquire(&c[i].map);
		case_pairs(c + N, N, c + 2 * N, N);
		lock_map_release(&c[i].map);
	}
	return 0;
}

/* Few ways, but long ones. */
int case_table_hlocks(void)
{
	enum { LONG = 30, N = 110 };
	struct case_class *c = case_classes(LONG + 2 * N);
	int i;

	if (!c)
		return -ENOMEM;
	for (i = 0; i < LONG; i++)
		lock_map_acquire(&c[i].map);
	case_pairs(c + LONG, N, c + LONG + N, N);
	while (i--)
		lock_map_release(&c[i].map);
	return 0;
}

/*
 * Another stack for every @path, @left calls deep. What is behind the calls
 * keeps them two, and calls.
 */
static noinline void case_on_path(unsigned int path, int left,
				 struct case_class *c)
{
	if (!left) {
		case_use(c);
	} else if (path & 1) {
		case_on_path(path >> 1, left - 1, c);
		asm volatile("# one way");
	} else {
		case_on_path(path >> 1, left - 1, c);
		asm volatile("# the other");
	}
}

int case_table_traces(void)
{
	enum { N = 110, LEFT = 50 };
	struct case_class *c = case_classes(2 * N);
	unsigned int i, j, path = 0;

	if (!c)
		return -ENOMEM;
	for (i = 0; i < N && debug_locks; i++) {
		lock_map_acquire(&c[i].map);
		for (j = 0; j < N && debug_locks; j++)
			case_on_path(path++, LEFT, &c[N + j]);
		lock_map_release(&c[i].map);
		cond_resched();
	}
	return 0;
}

int case_table_depth(void)
{
	struct case_class *c = case_classes(MAX_LOCK_DEPTH);
	int i;

	if (!c)
		return -ENOMEM;
	for (i = 0; i < MAX_LOCK_DEPTH && debug_locks; i++)
		lock_map_acquire(&c[i].map);
	while (i--)
		lock_map_release(&c[i].map);
	return 0;
}
