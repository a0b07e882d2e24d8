// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel takes references to pages of the mapping: for a copy by
 * process_vm_readv() and _writev(), and for longer in a pipe.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "fixture.h"
#include "race/engine.h"

/* ---- another process's memory, here its own ------------------------------ */

static int vm_copy(struct act *a, bool out, u64 *word, u64 *local)
{
	struct iovec here = { local, sizeof(*local) };
	struct iovec there = { word, sizeof(*word) };
	long ret;

	ret = out ? process_vm_writev(getpid(), &here, 1, &there, 1, 0) :
		    process_vm_readv(getpid(), &here, 1, &there, 1, 0);
	if (ret >= 0 && ret != sizeof(*word))
		return act_fail(a, -EIO, "%s: %ld bytes of %zu",
				out ? "process_vm_writev" : "process_vm_readv",
				ret, sizeof(*word));
	/* EFAULT: a poisoned page. */
	return ACT_CALL(a, out ? "process_vm_writev" : "process_vm_readv",
			ret, EFAULT);
}

int copy_process_vm(struct act *a)
{
	struct fixture_vm *n = &a->fx->normal;
	u64 page = prng_below(&a->prng, n->pages), word, seen = 0;
	u64 *at = lane_word(n->mem, page, a->lane);
	int ret;

	ret = vm_copy(a, false, at, &seen) ?:
	      act_word(a, seen, MEMORY_NORMAL, page, a->lane);
	if (ret)
		return ret;
	word = act_pattern(a, MEMORY_NORMAL, page);
	ret = vm_copy(a, true, at, &word) ?: vm_copy(a, false, at, &seen);
	if (!ret && seen && seen != word)
		ret = act_fail(a, -EILSEQ,
			       "page %lu: %#lx written, %#lx read", page, word,
			       seen);
	return ret;
}

/* ---- a pipe that holds pages --------------------------------------------- */

#define HELD_MAX	8

struct pinned_pages {
	int fds[2];
	u64 page[HELD_MAX];
	unsigned int nr;
};

void copy_pipe(struct act *a)
{
	struct pinned_pages *h = calloc(1, sizeof(*h));

	TEST_ASSERT(h && !pipe2(h->fds, O_NONBLOCK), "pipe: %s",
		    strerror(errno));
	a->data = h;
}

void copy_pipe_free(struct act *a)
{
	struct pinned_pages *h = a->data;

	close(h->fds[0]);
	close(h->fds[1]);
	free(h);
}

static int hold(struct act *a, struct pinned_pages *h)
{
	struct fixture_vm *n = &a->fx->normal;
	u64 page = prng_below(&a->prng, n->pages);
	u64 *word = lane_word(n->mem, page, a->lane);
	struct iovec iov = { word, sizeof(*word) };
	int ret;

	if (act_write(word, act_pattern(a, MEMORY_NORMAL, page)))
		return RACE_MISSED;
	ret = ACT_CALL(a, "vmsplice", vmsplice(h->fds[1], &iov, 1, 0), EFAULT,
		       EAGAIN);
	if (!ret)
		h->page[h->nr++] = page;
	return ret;
}

/* The pipe keeps the page, even if a hole frees it meanwhile. */
static int let_go(struct act *a, struct pinned_pages *h)
{
	unsigned int i;
	u64 word;
	int ret;

	for (i = 0; i < h->nr; i++) {
		ret = ACT_CALL(a, "read of a pipe",
			       read(h->fds[0], &word, sizeof(word))) ?:
		      act_word(a, word, MEMORY_NORMAL, h->page[i], a->lane);
		if (ret)
			return ret;
	}
	h->nr = 0;
	return 0;
}

/* Many steps that hold pages, one that releases all. */
int copy_vmsplice(struct act *a)
{
	struct pinned_pages *h = a->data;

	return h->nr == HELD_MAX ? let_go(a, h) : hold(a, h);
}
