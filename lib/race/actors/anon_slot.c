// SPDX-License-Identifier: GPL-2.0-only
/*
 * Anonymous memory that is a memslot of the normal VM: changes of the mapping
 * call KVM's MMU notifiers, here under the locks of userfaultfd and of
 * io_uring. Mappings of a guest_memfd do not support a userfaultfd for missing
 * pages; for one that protects them see uffd_gmem.c.
 */
#include <errno.h>
#include <liburing.h>
#include <linux/userfaultfd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fixture.h"
#include "uffd_delay.h"
#include "race/engine.h"

#define PAGES		4
#define HELD_PAGES	2	/* the last ones */
#define HELD_DELAY_US	200
#define HELD_WORD	1	/* first word of a delayed page */

/* Beyond all parts of the fixture, one after the other by lane. */
#define SLOT_GPA	0x200000000ul

struct anon_slot {
	u8 *mem;
	int uffd;		/* of uffd_protect */
	struct uffd_delay slow;	/* of uring_held */
	struct io_uring ring;
};

static int slot_set(struct act *a, u64 bytes)
{
	struct anon_slot *s = a->data;
	struct kvm_userspace_memory_region2 region = {
		.slot = PART_SLOT(2 * NR_PARTS) + a->lane,
		.guest_phys_addr = SLOT_GPA + a->lane * PAGES * PAGE_SIZE,
		.memory_size = bytes,
		.userspace_addr = (u64)s->mem,
	};

	return ioctl(a->fx->normal.vm->fd, KVM_SET_USER_MEMORY_REGION2,
		     &region);
}

/* So that changes of the mapping change KVM's page tables. */
static int slot_prefault(struct act *a, u64 page)
{
	struct kvm_pre_fault_memory range = {
		.gpa = SLOT_GPA + (a->lane * PAGES + page) * PAGE_SIZE,
		.size = PAGE_SIZE,
	};
	int ret = ACT_CALL(a, "KVM_PRE_FAULT_MEMORY",
			   ioctl(a->fx->normal.vcpus[VCPU_PREFAULT]->fd,
				 KVM_PRE_FAULT_MEMORY, &range), EINTR, EAGAIN,
			   ENOTTY, EOPNOTSUPP);

	return ret < 0 ? ret : 0;
}

static struct anon_slot *slot_start(struct act *a)
{
	struct anon_slot *s = calloc(1, sizeof(*s));

	TEST_ASSERT(s, "memory");
	a->data = s;
	s->mem = kvm_mmap(PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1);
	TEST_ASSERT(!slot_set(a, PAGES * PAGE_SIZE), "memslot: %s",
		    strerror(errno));
	return s;
}

static void slot_end(struct act *a)
{
	struct anon_slot *s = a->data;

	TEST_ASSERT(!slot_set(a, 0), "memslot deleted: %s", strerror(errno));
	kvm_munmap(s->mem, PAGES * PAGE_SIZE);
	free(s);
}

/* ---- first write by io_uring --------------------------------------------- */

void uring_held_start(struct act *a)
{
	struct anon_slot *s = slot_start(a);
	int ret = io_uring_queue_init(4, &s->ring, 0);

	TEST_ASSERT(!ret, "io_uring_setup: %s", strerror(-ret));
	uffd_delay_start(&s->slow, s->mem + (PAGES - HELD_PAGES) * PAGE_SIZE,
			  HELD_PAGES * PAGE_SIZE, HELD_DELAY_US);
}

void uring_held_end(struct act *a)
{
	struct anon_slot *s = a->data;

	io_uring_queue_exit(&s->ring);
	uffd_delay_stop(&s->slow);
	slot_end(a);
}

/* liburing's results are -errno. */
static int judge(struct act *a, const char *call, int ret)
{
	errno = -ret;
	return ACT_CALL(a, call, ret < 0 ? -1 : ret);
}

static int word_is(struct act *a, u64 page, u64 want)
{
	struct anon_slot *s = a->data;
	u64 word;

	if (act_read(s->mem + page * PAGE_SIZE, &word))
		return act_fail(a, -EPROTO, "page %lu is missing", page);
	return word == want ? 0 :
	       act_fail(a, -EILSEQ, "page %lu: %#lx, not %#lx", page, word,
			want);
}

/*
 * Register for writing: a page that was only read, so that the zero page must
 * be removed from KVM's page tables, too; or one whose fault a userfaultfd
 * delays.
 */
int uring_held(struct act *a)
{
	struct anon_slot *s = a->data;
	u64 page = prng_below(&a->prng, PAGES);
	struct iovec iov = { s->mem + page * PAGE_SIZE, PAGE_SIZE };
	bool held = page >= PAGES - HELD_PAGES;
	int ret;

	ret = ACT_CALL(a, "MADV_DONTNEED",
		       madvise(iov.iov_base, PAGE_SIZE, MADV_DONTNEED)) ?:
	      (held ? 0 : word_is(a, page, 0)) ?:
	      (held ? 0 : slot_prefault(a, page)) ?:
	      judge(a, "io_uring_register_buffers",
		    io_uring_register_buffers(&s->ring, &iov, 1));
	if (ret)
		return ret;
	return word_is(a, page, held ? HELD_WORD : 0) ?:
	       judge(a, "io_uring_unregister_buffers",
		     io_uring_unregister_buffers(&s->ring));
}

/* ---- write protected by userfaultfd -------------------------------------- */

void uffd_protect_start(struct act *a)
{
	struct anon_slot *s = slot_start(a);

	s->uffd = uffd_register(s->mem, PAGES * PAGE_SIZE,
				UFFD_FEATURE_PAGEFAULT_FLAG_WP,
				UFFDIO_REGISTER_MODE_WP);
}

void uffd_protect_end(struct act *a)
{
	struct anon_slot *s = a->data;

	close(s->uffd);
	slot_end(a);
}

static int protect(struct act *a, u64 page, u64 mode)
{
	struct anon_slot *s = a->data;
	struct uffdio_writeprotect wp = {
		.range = { (u64)s->mem + page * PAGE_SIZE, PAGE_SIZE },
		.mode = mode,
	};

	return ACT_CALL(a, "UFFDIO_WRITEPROTECT",
			ioctl(s->uffd, UFFDIO_WRITEPROTECT, &wp));
}

/* No thread writes meanwhile: it would wait for ever. */
int uffd_protect(struct act *a)
{
	struct anon_slot *s = a->data;
	u64 page = prng_below(&a->prng, PAGES);
	u64 word = act_pattern(a, MEMORY_OWN, page);

	if (act_write(s->mem + page * PAGE_SIZE, word))
		return act_fail(a, -EPROTO, "page %lu is missing", page);
	return slot_prefault(a, page) ?:
	       protect(a, page, UFFDIO_WRITEPROTECT_MODE_WP) ?:
	       word_is(a, page, word) ?: protect(a, page, 0);
}
