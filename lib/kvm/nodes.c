// SPDX-License-Identifier: GPL-2.0-only
/* NUMA policies and where pages are, on libnuma. */
#include <errno.h>

#include "kvm/nodes.h"
#include "processor.h"

#define BITS	(8 * sizeof(unsigned long))

int node_nr(unsigned int i)
{
	int node;

	for (node = 0; node <= numa_max_node(); node++) {
		if (numa_bitmask_isbitset(numa_all_nodes_ptr, node) && !i--)
			return node;
	}
	TEST_FAIL("no such node");
	return -1;
}

unsigned int nodes_count(void)
{
	return numa_bitmask_weight(numa_all_nodes_ptr);
}

static int index_of(int nr)
{
	int i;

	for (i = 0; i < (int)nodes_count(); i++) {
		if (node_nr(i) == nr)
			return i;
	}
	TEST_FAIL("node %d has no memory", nr);
	return -1;
}

/* Bits of the kernel's nodes. */
static unsigned long mask_of(unsigned long set)
{
	unsigned long mask = 0;
	unsigned int i;

	for (i = 0; i < nodes_count(); i++)
		mask |= set & 1ul << i ? 1ul << node_nr(i) : 0;
	return mask;
}

int __nodes_bind(void *mem, u64 pages, int mode, unsigned long set,
		 unsigned int flags)
{
	unsigned long mask = mask_of(set);
	int ret = mbind(mem, pages * PAGE_SIZE, mode, set ? &mask : NULL,
			set ? BITS : 0, flags);

	return ret ? -errno : 0;
}

void nodes_bind(void *mem, u64 pages, int mode, unsigned long set)
{
	int ret = __nodes_bind(mem, pages, mode, set, 0);

	TEST_ASSERT(!ret, "mbind, mode %d, nodes %#lx: %s", mode, set,
		    strerror(-ret));
}

void nodes_task_policy(int mode, unsigned long set)
{
	unsigned long mask = mask_of(set);
	int ret = set_mempolicy(mode, set ? &mask : NULL, set ? BITS : 0);

	TEST_ASSERT(!ret, "set_mempolicy, mode %d, nodes %#lx: %s", mode, set,
		    strerror(errno));
}

int nodes_policy_of(void *addr, unsigned long *set)
{
	unsigned long mask = 0;
	unsigned int i;
	int mode, ret;

	ret = get_mempolicy(&mode, &mask, BITS, addr, MPOL_F_ADDR);
	TEST_ASSERT(!ret, "get_mempolicy: %s", strerror(errno));
	for (*set = 0, i = 0; i < nodes_count(); i++)
		*set |= mask & 1ul << node_nr(i) ? 1ul << i : 0;
	return mode;
}

int node_of(void *addr)
{
	int status, again, ret;

	ret = numa_move_pages(0, 1, &addr, NULL, &status, 0);
	TEST_ASSERT(!ret, "move_pages: %s", strerror(errno));
	if (status < 0)
		return status;

	/* It would fault in a missing page. */
	ret = get_mempolicy(&again, NULL, 0, addr, MPOL_F_NODE | MPOL_F_ADDR);
	TEST_ASSERT(!ret, "get_mempolicy of a page: %s", strerror(errno));
	TEST_ASSERT(again == status, "a page on node %d and on node %d", status,
		    again);
	return index_of(status);
}

void nodes_count_pages(u8 *mem, u64 pages, u64 *count, unsigned int nr)
{
	u64 i;
	int node;

	memset(count, 0, nr * sizeof(*count));
	for (i = 0; i < pages; i++) {
		node = node_of(mem + i * PAGE_SIZE);
		TEST_ASSERT(node >= 0 && node < (int)nr, "page %lu: %s", i,
			    node < 0 ? strerror(-node) : "unknown node");
		count[node]++;
	}
}

void assert_on_node(u8 *mem, u64 pages, unsigned int i, const char *what)
{
	u64 page;
	int node;

	for (page = 0; page < pages; page++) {
		node = node_of(mem + page * PAGE_SIZE);
		TEST_ASSERT(node == (int)i, "%s: page %lu: %s %d, not node %u",
			    what, page, node < 0 ? "no page, error" : "node",
			    node, i);
	}
}

u64 node_free(unsigned int i)
{
	long long left;

	TEST_ASSERT(numa_node_size64(node_nr(i), &left) >= 0,
		    "size of node %d", node_nr(i));
	return left;
}
