// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that memory failure removes, of a guest_memfd of the actor's own, so
 * that no other actor is killed by them. Only for a machine that may lose
 * pages.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fixture.h"
#include "race/engine.h"

#define PAGES	4

struct poison {
	int fd;
	u8 *mem;
};

void poison_start(struct act *a)
{
	struct poison *p = calloc(1, sizeof(*p));

	TEST_ASSERT(p, "memory");
	p->fd = gmem_create(a->fx->normal.vm, PAGES, GMEM_SHARED);
	p->mem = gmem_map(p->fd, PAGES);
	a->data = p;
}

void poison_end(struct act *a)
{
	struct poison *p = a->data;

	kvm_munmap(p->mem, PAGES * PAGE_SIZE);
	close(p->fd);
	free(p);
}

/* A page that is poisoned until a hole frees it. */
int poison_hard(struct act *a)
{
	struct poison *p = a->data;
	u64 page = prng_below(&a->prng, PAGES), word;
	u64 *at = lane_word(p->mem, page, a->lane);
	int ret;

	if (act_write(at, act_pattern(a, MEMORY_OWN, page)))
		return act_fail(a, -EPROTO, "page %lu is missing", page);
	ret = ACT_CALL(a, "MADV_HWPOISON",
		       act_madvise(p->mem + page * PAGE_SIZE, PAGE_SIZE,
				   MADV_HWPOISON), EBUSY);
	if (!ret && !act_read(at, &word))
		ret = act_fail(a, -EPROTO, "poisoned page %lu reads %#lx",
			       page, word);
	if (ret < 0)
		return ret;
	ret = ACT_CALL(a, "hole of a poisoned page",
		       __gmem_punch(p->fd, page, 1) ? -1 : 0) ?: ret;
	if (ret < 0)
		return ret;
	/* The poison entry in the page table outlives the page. */
	if (madvise(p->mem + page * PAGE_SIZE, PAGE_SIZE, MADV_DONTNEED))
		return ACT_CALL(a, "MADV_DONTNEED", -1);
	if (act_read(at, &word))
		return act_fail(a, -EPROTO, "page %lu is missing after a hole",
				page);
	return word ? act_fail(a, -EILSEQ, "page %lu is %#lx after a hole",
			       page, word) : ret;
}

/*
 * A page that cannot move stays in use, with its contents. EIO: another thread
 * is moving it and has taken it off the LRU.
 */
int poison_soft(struct act *a)
{
	struct poison *p = a->data;
	u64 page = prng_below(&a->prng, PAGES), word, seen;
	u64 *at = lane_word(p->mem, page, a->lane);
	int ret;

	word = act_pattern(a, MEMORY_OWN, page);
	if (act_write(at, word))
		return act_fail(a, -EPROTO, "page %lu is missing", page);
	ret = ACT_CALL(a, "MADV_SOFT_OFFLINE",
		       madvise(p->mem + page * PAGE_SIZE, PAGE_SIZE,
			       MADV_SOFT_OFFLINE), EBUSY, EINVAL, EIO,
		       EOPNOTSUPP);
	if (ret < 0)
		return ret;
	if (act_read(at, &seen) || seen != word)
		return act_fail(a, -EILSEQ, "page %lu has changed",
				page);
	return 0;
}
