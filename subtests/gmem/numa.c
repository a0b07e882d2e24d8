// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each page of a guest_memfd is on the node that mbind() of a mapping sets for
 * it, by any first touch, and stays there through conversions.
 */
#include <errno.h>
#include <numa.h>
#include <numaif.h>

#include "host/pagemap.h"
#include "kvm/convert.h"
#include "subtests/gmem/tests.h"

/* Two nodes that have memory. */
static void two_nodes(int *node)
{
	int i, nr = 0;

	for (i = 0; i <= numa_max_node() && nr < 2; i++) {
		if (numa_node_size64(i, NULL) > 0)
			node[nr++] = i;
	}
	TEST_ASSERT(nr == 2, "%d node with memory", nr);
}

/* A pattern without a short period. */
static int node_of(const int *node, u64 page)
{
	return node[(0x1d3 >> page % 9) & 1];
}

static void bind_pages(u8 *mem, u64 pages, const int *node)
{
	u64 page;

	for (page = 0; page < pages; page++) {
		unsigned long mask = 1ul << node_of(node, page);

		TEST_ASSERT(!mbind(mem + page * PAGE_SIZE, PAGE_SIZE, MPOL_BIND,
				   &mask, 8 * sizeof(mask), 0),
			    "mbind: %s", strerror(errno));
	}
}

/* The node of a mapped page. */
static int where(u8 *mem, u64 page)
{
	void *addr = mem + page * PAGE_SIZE;
	int status;

	TEST_ASSERT(!move_pages(0, 1, &addr, NULL, &status, 0),
		    "move_pages: %s", strerror(errno));
	return status;
}

static void assert_placed(u8 *mem, u64 pages, const int *node, const char *when)
{
	u64 page;
	int is;

	for (page = 0; page < pages; page++) {
		is = where(mem, page);
		TEST_ASSERT(is == node_of(node, page),
			    "%s: page %lu is on node %d, bound to node %d", when,
			    page, is, node_of(node, page));
	}
}

void numa_bind_each_page(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 16);
	struct shared_gmem g;
	int node[2];

	two_nodes(node);
	shared_gmem_create(&g, pages);
	bind_pages(g.mem, pages, node);
	gmem_write_pattern(g.mem, pages, 1);
	assert_placed(g.mem, pages, node, "touched by the host");

	/* The policy is the file's: it holds for new pages after a hole. */
	gmem_punch(g.fd, 0, pages);
	gmem_write_pattern(g.mem, pages, 2);
	assert_placed(g.mem, pages, node, "after a hole");
	shared_gmem_free(&g);
}

static void touch_all(struct convert_vm *cv)
{
	u64 page;

	for (page = 0; page < cv->pages; page++)
		convert_check_host(cv, page);
}

/* First touched by the guest as private memory, which no mapping can touch. */
void convert_numa(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 16), page, round;
	struct convert_vm cv;
	int node[2];

	two_nodes(node);
	convert_vm_create(&cv, pages, true);
	bind_pages(cv.mem, pages, node);
	for (page = 0; page < pages; page++)
		convert_guest_write(&cv, page, convert_pattern(page, 0));
	convert_set(&cv, 0, pages, false);
	touch_all(&cv);
	assert_placed(cv.mem, pages, node, "private first, then shared");

	for (round = 0; round < 2; round++) {
		convert_set(&cv, 0, pages, true);
		for (page = 0; page < pages; page++)
			convert_guest_write(&cv, page,
					    convert_pattern(page, round + 1));
		convert_set(&cv, 0, pages, false);
		touch_all(&cv);
		assert_placed(cv.mem, pages, node, "converted and back");
	}
	convert_vm_free(&cv);
}
