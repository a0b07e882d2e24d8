// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies that change during faults, and pages that cannot move: guest_memfd
 * does not migrate. The calls are made with one node as well.
 */
#include <errno.h>
#include <numa.h>
#include <numaif.h>

#include "fixture.h"
#include "race/engine.h"

#define MOVED_MAX	16

static unsigned int some_node(struct act *a)
{
	unsigned int nr = 0, node, left;

	for (node = 0; node <= (unsigned int)numa_max_node(); node++)
		nr += numa_bitmask_isbitset(numa_all_nodes_ptr, node);
	left = prng_below(&a->prng, nr);
	for (node = 0; node <= (unsigned int)numa_max_node(); node++) {
		if (numa_bitmask_isbitset(numa_all_nodes_ptr, node) && !left--)
			return node;
	}
	return 0;
}

/* The thread's own policy and that of a range, then a first touch of it. */
int policy_sets(struct act *a)
{
	static const int modes[] = {
		MPOL_DEFAULT, MPOL_BIND, MPOL_PREFERRED, MPOL_INTERLEAVE,
	};
	int mode = modes[prng_below(&a->prng, 4)], got, ret;
	unsigned long node = 1ul << some_node(a), *nodes = &node;
	unsigned long bits = 8 * sizeof(node);
	struct fixture_vm *n = &a->fx->normal;
	u64 first, nr, word;

	if (mode == MPOL_DEFAULT)
		nodes = NULL, bits = 0;
	act_range(a, n->pages, &first, &nr);
	ret = ACT_CALL(a, "mbind",
		       mbind(n->mem + first * PAGE_SIZE, nr * PAGE_SIZE, mode,
			     nodes, bits, 0)) ?:
	      ACT_CALL(a, "get_mempolicy",
		       get_mempolicy(&got, NULL, 0, n->mem + first * PAGE_SIZE,
				     MPOL_F_ADDR)) ?:
	      ACT_CALL(a, "set_mempolicy", set_mempolicy(mode, nodes, bits));
	if (ret)
		return ret;
	/* No other thread sets policies. */
	if (got != mode)
		return act_fail(a, -EPROTO, "mbind(%d), get_mempolicy() %d",
				mode, got);
	if (act_read(lane_word(n->mem, first, a->lane), &word))
		return RACE_MISSED;
	return act_word(a, word, MEMORY_NORMAL, first, a->lane);
}

/*
 * The status of a page is a node, or why it was not moved or is missing. EBUSY,
 * EAGAIN: it has another reference; EFAULT: a zero page or a hole.
 */
static int judge_status(struct act *a, int status)
{
	if (status >= 0 && !numa_bitmask_isbitset(numa_all_nodes_ptr, status))
		return act_fail(a, -EPROTO, "move_pages: node %d", status);
	errno = -status;
	return ACT_CALL(a, "status of move_pages", status, ENOENT, EBUSY,
			EAGAIN, EFAULT, EACCES, EIO, EINVAL);
}

int policy_moves(struct act *a)
{
	int node = some_node(a), nodes[MOVED_MAX], status[MOVED_MAX], ret;
	unsigned int nr = 1 + prng_below(&a->prng, MOVED_MAX), i;
	u64 page[MOVED_MAX], word;
	struct fixture_vm *n = &a->fx->normal;
	void *at[MOVED_MAX];

	for (i = 0; i < nr; i++) {
		page[i] = prng_below(&a->prng, n->pages);
		at[i] = n->mem + page[i] * PAGE_SIZE;
		nodes[i] = node;
		if (act_write(lane_word(n->mem, page[i], a->lane),
			      act_pattern(a, MEMORY_NORMAL, page[i])))
			return RACE_MISSED;
		status[i] = node;
	}
	/* Positive: so many pages could not be moved and have no status. */
	ret = ACT_CALL(a, "move_pages",
		       numa_move_pages(0, nr, at, nodes, status, MPOL_MF_MOVE),
		       ENOENT);
	for (i = 0; i < nr && ret >= 0; i++)
		ret = judge_status(a, status[i]) < 0 ? -EPROTO : ret;
	for (i = 0; i < nr && ret >= 0; i++) {
		if (act_read(lane_word(n->mem, page[i], a->lane), &word))
			continue;
		if (act_word(a, word, MEMORY_NORMAL, page[i], a->lane))
			return -EILSEQ;
	}
	return ret;
}

/* Positive: so many pages were not moved, as those of a guest_memfd. */
int policy_migrates(struct act *a)
{
	unsigned long from = 1ul << some_node(a), to = 1ul << some_node(a);

	return ACT_CALL(a, "migrate_pages",
			migrate_pages(0, 8 * sizeof(from), &from, &to));
}
