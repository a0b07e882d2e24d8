// SPDX-License-Identifier: GPL-2.0-only
/* Needs beside KVM, probed by calls. */
#include <errno.h>
#include <liburing.h>
#include <numa.h>
#include <numaif.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "needs_mm.h"

#define HUGE_SIZE	(2ul << 20)
#define THP		"/sys/kernel/mm/transparent_hugepage/enabled"

static bool no(char *why, size_t size, const char *what)
{
	snprintf(why, size, "%s: %s", what, strerror(errno));
	return false;
}

bool need_mempolicy(char *why, size_t size)
{
	if (numa_available() < 0 || get_mempolicy(NULL, NULL, 0, NULL, 0))
		return no(why, size, "get_mempolicy");
	return true;
}

bool need_two_nodes(char *why, size_t size)
{
	int nr;

	if (!need_mempolicy(why, size))
		return false;

	nr = numa_bitmask_weight(numa_all_nodes_ptr);
	if (nr < 2)
		snprintf(why, size, "%d node with memory, at least 2 wanted (numa=fake=2 ?)",
			 nr);
	return nr >= 2;
}

/* With a page registered: RLIMIT_MEMLOCK may be too low for that. */
bool need_io_uring(char *why, size_t size)
{
	struct io_uring ring;
	struct iovec iov = { .iov_len = getpagesize() };
	int ret = io_uring_queue_init(4, &ring, 0);

	if (ret) {
		errno = -ret;
		return no(why, size, ret == -ENOMEM ?
			  "io_uring_setup (RLIMIT_MEMLOCK ?)" :
			  "io_uring_setup");
	}
	iov.iov_base = mmap(NULL, iov.iov_len, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (iov.iov_base == MAP_FAILED)
		ret = -errno;
	else
		ret = io_uring_register_buffers(&ring, &iov, 1);
	io_uring_queue_exit(&ring);
	if (iov.iov_base != MAP_FAILED)
		munmap(iov.iov_base, iov.iov_len);
	errno = -ret;
	return !ret || no(why, size, ret == -ENOMEM ?
			  "buffer for io_uring (RLIMIT_MEMLOCK ?)" :
			  "buffer for io_uring");
}

bool need_process_vm(char *why, size_t size)
{
	char from = 1, to;
	struct iovec here = { &to, 1 }, there = { &from, 1 };

	return process_vm_readv(getpid(), &here, 1, &there, 1, 0) == 1 ||
	       no(why, size, "process_vm_readv");
}

/* One page of the pool, whose size is not changed. */
bool need_hugetlb(char *why, size_t size)
{
	void *page = mmap(NULL, HUGE_SIZE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);

	if (page == MAP_FAILED)
		return no(why, size, "a 2M page (/proc/sys/vm/nr_hugepages ?)");
	munmap(page, HUGE_SIZE);
	return true;
}

bool need_thp(char *why, size_t size)
{
	FILE *f = fopen(THP, "r");
	char text[64] = "";

	if (!f)
		return no(why, size, THP);
	if (!fgets(text, sizeof(text), f) || strstr(text, "[never]")) {
		fclose(f);
		snprintf(why, size, "%s is never", THP);
		return false;
	}
	fclose(f);
	return true;
}

/* An empty range: a real one would lose a page. */
bool need_poison(char *why, size_t size)
{
	if (madvise(NULL, 0, MADV_HWPOISON) < 0)
		return no(why, size, "MADV_HWPOISON");
	return true;
}
