// SPDX-License-Identifier: GPL-2.0-only
/*
 * User space in a mapping of the guest_memfd: faults, and calls that change the
 * mapping. A written word stays, unless a hole frees its page.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/pattern.h"
#include "fixture.h"
#include "kvm/suite.h"
#include "race/engine.h"

/* ---- the common mapping -------------------------------------------------- */

/* The last word written to each page. */
void words_alloc(struct act *a)
{
	a->data = calloc(a->fx->normal.pages, sizeof(u64));
	TEST_ASSERT(a->data, "memory");
}

void data_free(struct act *a)
{
	free(a->data);
}

int user_write(struct act *a)
{
	struct fixture_vm *n = &a->fx->normal;
	u64 page = prng_below(&a->prng, n->pages), old, *last = a->data;
	u64 *word = lane_word(n->mem, page, a->lane);

	if (act_read(word, &old))
		return RACE_MISSED;
	if (act_last(a, old, last[page], page))
		return -EILSEQ;
	last[page] = act_pattern(a, MEMORY_NORMAL, page);
	return act_write(word, last[page]) ? RACE_MISSED : 0;
}

/* All lanes that are written by single moves. */
int user_read(struct act *a)
{
	struct fixture_vm *n = &a->fx->normal;
	u64 page = prng_below(&a->prng, n->pages), word;
	u32 lane;
	int ret;

	for (lane = 1; lane < PATTERN_LANES; lane++) {
		if (lane <= a->nr_lanes &&
		    a->lanes[lane - 1].flags & ACTOR_COPIES)
			continue;
		if (act_read(lane_word(n->mem, page, lane), &word))
			return RACE_MISSED;
		ret = act_word(a, word, MEMORY_NORMAL, page, lane);
		if (ret)
			return ret;
	}
	return 0;
}

int user_dontneed(struct act *a)
{
	struct fixture_vm *n = &a->fx->normal;
	u64 first, nr, word, *last = a->data;
	int ret;

	act_range(a, n->pages, &first, &nr);
	last[first] = act_pattern(a, MEMORY_NORMAL, first);
	if (act_write(lane_word(n->mem, first, a->lane), last[first]))
		return RACE_MISSED;
	ret = ACT_CALL(a, "MADV_DONTNEED",
		       madvise(n->mem + first * PAGE_SIZE, nr * PAGE_SIZE,
			       MADV_DONTNEED));
	if (ret)
		return ret;
	if (act_read(lane_word(n->mem, first, a->lane), &word))
		return RACE_MISSED;
	return act_last(a, word, last[first], first);
}

/* ---- own mappings -------------------------------------------------------- */

static void *map_pages(struct fixture_vm *n, u64 first, u64 nr)
{
	return mmap(NULL, nr * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED,
		    n->fd, first * PAGE_SIZE);
}

void user_map(struct act *a)
{
	a->data = gmem_map(a->fx->normal.fd, a->fx->normal.pages);
}

void user_unmap(struct act *a)
{
	kvm_munmap(a->data, a->fx->normal.pages * PAGE_SIZE);
}

/* Write and read a page, through one mapping or two. */
static int touch(struct act *a, u8 *to, u8 *from, u64 page)
{
	u64 word = act_pattern(a, MEMORY_NORMAL, page), seen;

	if (act_write((u64 *)to + a->lane, word) ||
	    act_read((u64 *)from + a->lane, &seen))
		return RACE_MISSED;
	return act_last(a, seen, word, page);
}

int user_protect(struct act *a)
{
	u64 first, nr;
	u8 *mem, *same;
	int ret;

	act_range(a, a->fx->normal.pages, &first, &nr);
	mem = (u8 *)a->data + first * PAGE_SIZE;
	same = a->fx->normal.mem + first * PAGE_SIZE;
	ret = ACT_CALL(a, "mprotect(READ)",
		       mprotect(mem, nr * PAGE_SIZE, PROT_READ)) ?:
	      touch(a, same, mem, first);
	if (ret < 0)
		return ret;
	/* The page is present: only the protection can cause a fault. */
	if (!ret && !act_write((u64 *)mem + a->lane, 0))
		return act_fail(a, -EPROTO,
				"page %lu was written through PROT_READ",
				first);
	return ACT_CALL(a, "mprotect(READ|WRITE)",
			mprotect(mem, nr * PAGE_SIZE,
				 PROT_READ | PROT_WRITE)) ?:
	       touch(a, mem, same, first);
}

int user_remap(struct act *a)
{
	struct fixture_vm *n = &a->fx->normal;
	u64 first, nr;
	u8 *mem, *to;
	int ret, end;

	act_range(a, n->pages, &first, &nr);
	mem = map_pages(n, first, nr);
	if (mem == MAP_FAILED)
		return ACT_CALL(a, "mmap", -1);
	ret = touch(a, mem, n->mem + first * PAGE_SIZE, first);

	/* To another mapping's place, which it replaces. */
	to = map_pages(n, 0, nr);
	if (to == MAP_FAILED) {
		munmap(mem, nr * PAGE_SIZE);
		return ACT_CALL(a, "mmap", -1);
	}
	if (mremap(mem, nr * PAGE_SIZE, nr * PAGE_SIZE,
		   MREMAP_MAYMOVE | MREMAP_FIXED, to) == MAP_FAILED)
		return ACT_CALL(a, "mremap", -1);
	if (ret >= 0)
		ret = touch(a, to, n->mem + first * PAGE_SIZE, first);
	end = ACT_CALL(a, "munmap", munmap(to, nr * PAGE_SIZE));
	return ret < 0 ? ret : end ?: ret;
}

/* ---- another process ----------------------------------------------------- */

/* Only calls that are allowed in a child of a process with threads. */
static void child(struct act *a, u64 page)
{
	struct fixture_vm *n = &a->fx->normal;
	u64 *word = lane_word(n->mem, page, a->lane), old;

	if (act_read(word, &old) ||
	    act_write(word, act_pattern(a, MEMORY_NORMAL, page)))
		_exit(1);
	_exit(pattern_valid(old, MEMORY_NORMAL, page, a->lane) ? 0 : 2);
}

int user_fork(struct act *a)
{
	u64 page = prng_below(&a->prng, a->fx->normal.pages);
	int status, ret;
	pid_t pid;

	pid = fork();
	if (pid < 0)
		return ACT_CALL(a, "fork", -1, EAGAIN);
	if (!pid)
		child(a, page);
	while ((ret = waitpid(pid, &status, 0)) < 0 && errno == EINTR)
		;
	if (ret < 0)
		return ACT_CALL(a, "waitpid", ret);
	if (WIFEXITED(status) && WEXITSTATUS(status) < 2)
		return WEXITSTATUS(status) ? RACE_MISSED : 0;
	return act_fail(a, -EILSEQ, "child: %s, page %lu",
			WIFEXITED(status) ? "neither zero nor a pattern" :
			strsignal(WTERMSIG(status)), page);
}
