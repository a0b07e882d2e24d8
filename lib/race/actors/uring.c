// SPDX-License-Identifier: GPL-2.0-only
/*
 * io_uring with fixed buffers in the mapping of the guest_memfd: registration
 * pins them for long, and they are read and written even if the mapping has
 * changed meanwhile.
 */
#include <errno.h>
#include <liburing.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "fixture.h"
#include "race/engine.h"

#define STEPS_HELD	8	/* steps with one registration */

struct uring {
	struct io_uring ring;
	struct fixture_vm *vm;	/* whose pages it pins */
	u32 memory;
	int file;		/* data goes to it and comes from it */
	u64 page;		/* registered */
	unsigned int left;	/* steps until it is unregistered */
};

void uring_start(struct act *a)
{
	bool in_place = a->actor->fixture == FIXTURE_IN_PLACE;
	struct uring *u = calloc(1, sizeof(*u));
	int ret;

	TEST_ASSERT(u, "memory");
	ret = io_uring_queue_init(4, &u->ring, 0);
	TEST_ASSERT(!ret, "io_uring_setup: %s", strerror(-ret));
	u->vm = in_place ? &a->fx->in_place : &a->fx->normal;
	u->memory = in_place ? MEMORY_IN_PLACE : MEMORY_NORMAL;
	u->file = memfd_create("uring", MFD_CLOEXEC);
	TEST_ASSERT(u->file >= 0 && !ftruncate(u->file, PAGE_SIZE),
		    "memfd: %s", strerror(errno));
	a->data = u;
}

void uring_end(struct act *a)
{
	struct uring *u = a->data;

	io_uring_queue_exit(&u->ring);
	close(u->file);
	free(u);
}

/* liburing's results are -errno. */
static int judge(struct act *a, const char *call, int ret)
{
	errno = -ret;
	return ACT_CALL(a, call, ret < 0 ? -1 : ret);
}

static int pin(struct act *a, struct uring *u)
{
	struct fixture_vm *n = u->vm;
	struct iovec iov = { .iov_len = PAGE_SIZE };
	int ret;

	u->page = prng_below(&a->prng, n->pages);
	iov.iov_base = n->mem + u->page * PAGE_SIZE;
	errno = 0;
	ret = io_uring_register_buffers(&u->ring, &iov, 1);
	errno = -ret;
	/* EFAULT: a poisoned or private page. */
	ret = ACT_CALL(a, "io_uring_register_buffers", ret < 0 ? -1 : ret,
		       EFAULT);
	u->left = ret ? 0 : STEPS_HELD;
	return ret;
}

/* Copy one word between file and buffer, and wait for the end. */
static int transfer(struct act *a, struct uring *u, bool to_buffer)
{
	u64 *word = lane_word(u->vm->mem, u->page, a->lane);
	const char *call = to_buffer ? "READ_FIXED" : "WRITE_FIXED";
	struct io_uring_sqe *sqe = io_uring_get_sqe(&u->ring);
	struct io_uring_cqe *cqe;
	int ret;

	if (!sqe)
		return act_fail(a, -EPROTO, "no free entry of the ring");
	if (to_buffer)
		io_uring_prep_read_fixed(sqe, u->file, word, sizeof(*word), 0,
					 0);
	else
		io_uring_prep_write_fixed(sqe, u->file, word, sizeof(*word), 0,
					  0);
	do {
		ret = io_uring_submit(&u->ring);
	} while (ret == -EINTR);
	/* A wait by itself: a signal after a submission is no error. */
	if (ret >= 0) {
		do {
			ret = io_uring_wait_cqe(&u->ring, &cqe);
		} while (ret == -EINTR);
	}
	if (ret)
		return judge(a, "io_uring_enter", ret);
	ret = cqe->res;
	io_uring_cqe_seen(&u->ring, cqe);
	if (ret >= 0 && ret != sizeof(*word))
		return act_fail(a, -EIO, "%s: %d bytes of %zu", call, ret,
				sizeof(*word));
	return judge(a, call, ret);
}

/* What is written to the pinned page is read back, mapped there or not. */
static int through(struct act *a, struct uring *u)
{
	u64 word = act_pattern(a, u->memory, u->page), seen = 0;
	int ret;

	ret = ACT_CALL(a, "pwrite", pwrite(u->file, &word, sizeof(word), 0)) ?:
	      transfer(a, u, true) ?:
	      ACT_CALL(a, "pwrite", pwrite(u->file, &seen, sizeof(seen), 0)) ?:
	      transfer(a, u, false) ?:
	      ACT_CALL(a, "pread", pread(u->file, &seen, sizeof(seen), 0));
	if (!ret && seen != word)
		ret = act_fail(a, -EILSEQ,
			       "page %lu: %#lx went into the buffer, %#lx came out",
			       u->page, word, seen);
	if (ret)
		return ret;
	if (act_read(lane_word(u->vm->mem, u->page, a->lane), &seen))
		return RACE_MISSED;
	return act_word(a, seen, u->memory, u->page, a->lane);
}

int uring_fixed(struct act *a)
{
	struct uring *u = a->data;
	int ret;

	if (!u->left)
		return pin(a, u);
	ret = through(a, u);
	if (ret >= 0 && !--u->left)
		return judge(a, "io_uring_unregister_buffers",
			     io_uring_unregister_buffers(&u->ring)) ?: ret;
	return ret;
}
