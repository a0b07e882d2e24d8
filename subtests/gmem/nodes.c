// SPDX-License-Identifier: GPL-2.0-only
/*
 * The nodes of a guest_memfd's pages. A policy set by mbind() is the file's: it
 * holds for all mappings and for pages that no mapping touches. Without one the
 * policy of the thread that touches a page applies.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/falloc.h>

#include "kvm/gmem.h"
#include "kvm/nodes.h"
#include "subtests/gmem/tests.h"

#define PAGES	16
#define NODE(i)	(1ul << (i))

/* Two parts of a file, each bound to a node, and a part without a policy. */
void numa_mbind(const struct subtest_args *args)
{
	u64 part = args_or(args->pages, PAGES), bytes = part * PAGE_SIZE;
	unsigned long set;
	struct shared_gmem g;
	unsigned int i;
	u8 *again;

	shared_gmem_create(&g, 3 * part);
	again = gmem_map(g.fd, 3 * part);
	for (i = 0; i < 2; i++)
		nodes_bind(g.mem + i * bytes, part, MPOL_BIND, NODE(i));
	for (i = 0; i < 2; i++) {
		TEST_ASSERT_EQ(nodes_policy_of(g.mem + i * bytes, &set),
			       MPOL_BIND);
		TEST_ASSERT_EQ(set, NODE(i));
		TEST_ASSERT_EQ(nodes_policy_of(again + (i + 1) * bytes -
					       PAGE_SIZE, &set), MPOL_BIND);
		TEST_ASSERT_EQ(set, NODE(i));
	}
	TEST_ASSERT_EQ(nodes_policy_of(g.mem + 2 * bytes, &set), MPOL_DEFAULT);

	/* Touched through the mapping of mbind(). */
	TEST_ASSERT_EQ(node_of(g.mem), -ENOENT);
	gmem_write_pattern(g.mem, 2 * part, 1);
	for (i = 0; i < 2; i++)
		assert_on_node(g.mem + i * bytes, part, i, "bound");

	/* Through another one, after a hole. */
	gmem_punch(g.fd, 0, 2 * part);
	gmem_write_pattern(again, 2 * part, 2);
	for (i = 0; i < 2; i++)
		assert_on_node(again + i * bytes, part, i, "other mapping");

	/* And by no mapping. */
	gmem_punch(g.fd, 0, 2 * part);
	kvm_fallocate(g.fd, FALLOC_FL_KEEP_SIZE, 0, 2 * bytes);
	gmem_check_zero(g.mem, 2 * part);
	for (i = 0; i < 2; i++)
		assert_on_node(g.mem + i * bytes, part, i, "allocated");

	kvm_munmap(again, 3 * bytes);
	shared_gmem_free(&g);
}

/* A new policy is for new pages: existing ones cannot move. */
void numa_pages_stay(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, PAGES), i;
	struct shared_gmem g;
	int ret;

	shared_gmem_create(&g, pages);
	nodes_bind(g.mem, pages, MPOL_BIND, NODE(0));
	gmem_write_pattern(g.mem, pages, 1);
	nodes_bind(g.mem, pages, MPOL_BIND, NODE(1));
	assert_on_node(g.mem, pages, 0, "bound again");

	ret = __nodes_bind(g.mem, pages, MPOL_BIND, NODE(1),
			   MPOL_MF_MOVE | MPOL_MF_STRICT);
	TEST_ASSERT(ret == -EIO, "mbind that is to move pages: %s",
		    strerror(-ret));
	for (i = 0; i < pages; i++) {
		void *at = g.mem + i * PAGE_SIZE;
		int to = node_nr(1), status = to;

		ret = numa_move_pages(0, 1, &at, &to, &status, MPOL_MF_MOVE);
		TEST_ASSERT(ret || status < 0, "page %lu moved to node %d", i,
			    status);
	}
	assert_on_node(g.mem, pages, 0, "after move_pages()");
	gmem_check(g.mem, pages, 1);

	gmem_punch(g.fd, 0, pages);
	gmem_write_pattern(g.mem, pages, 2);
	assert_on_node(g.mem, pages, 1, "after a hole");
	shared_gmem_free(&g);
}

void numa_task_policy(const struct subtest_args *args)
{
	u64 part = args_or(args->pages, PAGES), bytes = part * PAGE_SIZE;
	struct shared_gmem g;
	unsigned int i;

	/* The last part has a policy of its own, which has priority. */
	shared_gmem_create(&g, 2 * part);
	for (i = 0; i < 2; i++) {
		nodes_bind(g.mem + bytes, part, MPOL_BIND, NODE(!i));
		nodes_task_policy(MPOL_BIND, NODE(i));
		gmem_write_pattern(g.mem, 2 * part, 1);
		nodes_task_policy(MPOL_DEFAULT, 0);
		assert_on_node(g.mem, part, i, "task's policy");
		assert_on_node(g.mem + bytes, part, !i, "file's policy");

		gmem_punch(g.fd, 0, 2 * part);
		nodes_task_policy(MPOL_BIND, NODE(i));
		kvm_fallocate(g.fd, FALLOC_FL_KEEP_SIZE, 0, 2 * bytes);
		nodes_task_policy(MPOL_DEFAULT, 0);
		gmem_check_zero(g.mem, 2 * part);
		assert_on_node(g.mem, part, i, "task's policy, allocated");
		assert_on_node(g.mem + bytes, part, !i,
			       "file's policy, allocated");
		gmem_punch(g.fd, 0, 2 * part);
	}
	shared_gmem_free(&g);
}

/* In turn: the same number on both nodes, or one more on one. */
static void assert_interleaved(u8 *mem, u64 pages, const char *what)
{
	u64 count[2];

	nodes_count_pages(mem, pages, count, 2);
	TEST_ASSERT(count[0] + count[1] == pages &&
		    (count[0] > count[1] ? count[0] - count[1] :
					   count[1] - count[0]) <= 1,
		    "%s: %lu pages on one node, %lu on the other", what,
		    count[0], count[1]);
}

void numa_interleave(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 4 * PAGES);
	struct shared_gmem g;

	shared_gmem_create(&g, pages);
	nodes_bind(g.mem, pages, MPOL_INTERLEAVE, NODE(0) | NODE(1));
	gmem_write_pattern(g.mem, pages, 1);
	assert_interleaved(g.mem, pages, "touched");

	gmem_punch(g.fd, 0, pages);
	kvm_fallocate(g.fd, FALLOC_FL_KEEP_SIZE, 0, pages * PAGE_SIZE);
	gmem_check_zero(g.mem, pages);
	assert_interleaved(g.mem, pages, "allocated");

	/* The control: bound, all are on one node. */
	gmem_punch(g.fd, 0, pages);
	nodes_bind(g.mem, pages, MPOL_BIND, NODE(1));
	gmem_write_pattern(g.mem, pages, 2);
	assert_on_node(g.mem, pages, 1, "bound");
	shared_gmem_free(&g);
}

/* ---- a full node --------------------------------------------------------- */

/* Filled by large pages up to here, then by small ones. */
#define ROUGHLY_LEFT	(64ul << 20)
#define CHUNK		(2ul << 20)
/* The node is full after so many pages in a row from other nodes. */
#define ELSEWHERE	64
/* Pages requested of the full node: fewer than the kernel's reserve. */
#define BOUND_PAGES	16

/* Preferred, not bound: so that the OOM killer does not run. */
static void fill_node(int ready)
{
	u64 bytes = node_free(1) + ROUGHLY_LEFT, at = 0;
	unsigned int elsewhere = 0;
	u8 *mem;

	mem = kvm_mmap(bytes, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1);
	nodes_bind(mem, bytes / PAGE_SIZE, MPOL_PREFERRED, NODE(1));
	madvise(mem, bytes, MADV_HUGEPAGE);
	for (; node_free(1) > ROUGHLY_LEFT && at < bytes; at += CHUNK)
		memset(mem + at, 1, CHUNK);
	madvise(mem, bytes, MADV_NOHUGEPAGE);
	for (; elsewhere < ELSEWHERE && at < bytes; at += PAGE_SIZE) {
		mem[at] = 1;
		elsewhere = node_of(mem + at) == 1 ? 0 : elsewhere + 1;
	}
	if (elsewhere == ELSEWHERE && write(ready, "", 1) == 1)
		pause();
}

static pid_t start_filler(void)
{
	int fds[2];
	char byte;
	pid_t pid;

	TEST_ASSERT(!pipe(fds), "pipe: %s", strerror(errno));
	pid = fork();
	TEST_ASSERT(pid >= 0, "fork: %s", strerror(errno));
	if (!pid) {
		fill_node(fds[1]);
		_exit(1);
	}
	close(fds[1]);
	TEST_ASSERT(read(fds[0], &byte, 1) == 1,
		    "the process that fills the node ended");
	close(fds[0]);
	return pid;
}

static void end_filler(pid_t pid)
{
	int status;

	TEST_ASSERT(!waitpid(pid, &status, WNOHANG),
		    "the process that fills the node ended");
	kill(pid, SIGKILL);
	TEST_ASSERT(waitpid(pid, &status, 0) == pid, "waitpid");
}

/* Preferred: pages of a full node come from others. Bound: never. */
void numa_full_node(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 4 * PAGES), count[2];
	struct shared_gmem g;
	pid_t filler;

	shared_gmem_create(&g, pages + BOUND_PAGES);
	filler = start_filler();
	printf("%lu KiB left on the node\n", node_free(1) / 1024);

	nodes_bind(g.mem, pages, MPOL_PREFERRED, NODE(1));
	gmem_write_pattern(g.mem, pages, 1);
	nodes_count_pages(g.mem, pages, count, 2);
	printf("preferred: %lu pages there, %lu elsewhere\n", count[1],
	       count[0]);
	TEST_ASSERT(count[0], "the node was not full");

	nodes_bind(g.mem + pages * PAGE_SIZE, BOUND_PAGES, MPOL_BIND, NODE(1));
	gmem_write_pattern(g.mem + pages * PAGE_SIZE, BOUND_PAGES, 2);
	assert_on_node(g.mem + pages * PAGE_SIZE, BOUND_PAGES, 1, "bound");
	end_filler(filler);

	/* The control: with free memory, all are on the preferred node. */
	gmem_punch(g.fd, 0, pages);
	gmem_write_pattern(g.mem, pages, 3);
	assert_on_node(g.mem, pages, 1, "preferred, and not full");
	shared_gmem_free(&g);
}
