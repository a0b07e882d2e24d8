// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_TDX_INIT_MEM_REGION with sources of every kind of memory. All add to the
 * same TD, which is never finalized; a page that was added before is refused,
 * and holes (td_punch) free pages again.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fixture.h"
#include "uffd_delay.h"
#include "race/engine.h"

#define SOURCE_PAGES	16
#define SOURCE_BYTES	(SOURCE_PAGES * PAGE_SIZE)
#define HUGE_BYTES	(2ul << 20)
#define HOLE		(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE)
#define UFFD_DELAY_US	200

/*
 * @map maps it, @renew frees or changes its pages, so that the next GUP faults.
 * -1 and errno if they fail.
 */
struct kind {
	const char *actor;
	size_t bytes;
	int prot;
	int flags;		/* of mmap */
	int (*open)(void);	/* of the file to map, or NULL */
	void (*start)(struct act *a);
	int (*renew)(struct act *a);
};

struct source {
	const struct kind *kind;
	int fd;
	u8 *mem;
	struct uffd_delay slow;
	unsigned long steps;
};

static int dontneed(struct act *a)
{
	struct source *s = a->data;

	return madvise(s->mem, s->kind->bytes, MADV_DONTNEED);
}

/* Written again: own pages, not the zero page. */
static int rewrite(struct act *a)
{
	struct source *s = a->data;
	unsigned int i;

	if (dontneed(a))
		return -1;
	for (i = 0; i < SOURCE_PAGES; i++)
		*(volatile u64 *)(s->mem + i * PAGE_SIZE) =
			prng_next(&a->prng);
	return 0;
}

static int cut_file(struct act *a)
{
	struct source *s = a->data;

	return fallocate(s->fd, HOLE, 0, s->kind->bytes);
}

static int open_shmem(void)
{
	int fd = memfd_create("source", MFD_CLOEXEC);

	if (fd >= 0 && ftruncate(fd, SOURCE_BYTES)) {
		close(fd);
		return -1;
	}
	return fd;
}

static int open_program(void)
{
	return open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
}

static void want_thp(struct act *a)
{
	struct source *s = a->data;

	TEST_ASSERT(!madvise(s->mem, HUGE_BYTES, MADV_HUGEPAGE),
		    "MADV_HUGEPAGE: %s", strerror(errno));
}

static void hold(struct act *a)
{
	struct source *s = a->data;

	uffd_delay_start(&s->slow, s->mem, s->kind->bytes, UFFD_DELAY_US);
}

/* ---- the kinds ----------------------------------------------------------- */

#define ANON	(MAP_PRIVATE | MAP_ANONYMOUS)
#define RW	(PROT_READ | PROT_WRITE)

static const struct kind kinds[] = {
	{ .actor = "init_mem_anon", .bytes = SOURCE_BYTES, .prot = RW,
	  .flags = ANON, .renew = rewrite },
	{ .actor = "init_mem_untouched", .bytes = SOURCE_BYTES, .prot = RW,
	  .flags = ANON, .renew = dontneed },
	{ .actor = "init_mem_thp", .bytes = HUGE_BYTES, .prot = RW,
	  .flags = ANON, .start = want_thp, .renew = rewrite },
	{ .actor = "init_mem_hugetlb", .bytes = HUGE_BYTES, .prot = RW,
	  .flags = ANON | MAP_HUGETLB, .renew = rewrite },
	{ .actor = "init_mem_shmem", .bytes = SOURCE_BYTES, .prot = RW,
	  .flags = MAP_SHARED, .open = open_shmem, .renew = cut_file },
	{ .actor = "init_mem_file", .bytes = SOURCE_BYTES,
	  .prot = PROT_READ, .flags = MAP_PRIVATE, .open = open_program,
	  .renew = dontneed },
	{ .actor = "init_mem_uffd", .bytes = SOURCE_BYTES, .prot = RW,
	  .flags = ANON, .start = hold, .renew = dontneed },
	/* Another VM's shared guest_memfd: a hole, then new pages. */
	{ .actor = "init_mem_gmem", .bytes = SOURCE_BYTES, .renew = cut_file },
};

static const struct kind *kind_of(struct act *a)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!strcmp(kinds[i].actor, a->actor->name))
			return &kinds[i];
	}
	TEST_FAIL("%s: no such source", a->actor->name);
	return NULL;
}

static void map_source(struct source *s)
{
	size_t spare = s->kind->bytes == HUGE_BYTES ? HUGE_BYTES : 0;
	u8 *mem;

	if (s->kind->flags & MAP_HUGETLB)
		spare = 0;
	mem = kvm_mmap(s->kind->bytes + spare, s->kind->prot, s->kind->flags,
		       s->fd);
	s->mem = spare ? (u8 *)(((u64)mem + spare - 1) & -spare) : mem;
}

void source_start(struct act *a)
{
	struct source *s = calloc(1, sizeof(*s));

	TEST_ASSERT(s, "memory");
	a->data = s;
	s->kind = kind_of(a);
	if (!s->kind->flags) {
		s->fd = a->fx->other.fd;
		s->mem = a->fx->other.mem;
		return;
	}
	s->fd = s->kind->open ? s->kind->open() : -1;
	TEST_ASSERT(!s->kind->open || s->fd >= 0, "%s: source: %s",
		    s->kind->actor, strerror(errno));
	map_source(s);
	if (s->kind->start)
		s->kind->start(a);
}

/* Its own mappings end with the process. */
void source_end(struct act *a)
{
	struct source *s = a->data;

	if (s->kind->start == hold)
		uffd_delay_stop(&s->slow);
	if (s->kind->open)
		close(s->fd);
	free(s);
}

/*
 * EIO (EEXIST before 7.0): it was added before. A hole may free a page before
 * the next call, so each page is one call.
 */
int source_add(struct act *a)
{
	struct td_build *b = &a->fx->td;
	struct source *s = a->data;
	u64 from = prng_below(&a->prng, SOURCE_PAGES);
	u64 to = prng_below(&a->prng, b->mem.pages);
	struct kvm_tdx_init_mem_region region = {
		.source_addr = (u64)s->mem + from * PAGE_SIZE,
		.gpa = b->mem.gpa + to * PAGE_SIZE, .nr_pages = 1,
	};
	int ret;

	if (!(s->steps++ % 4)) {
		ret = ACT_CALL(a, "new source pages", s->kind->renew(a));
		if (ret)
			return ret;
	}
	ret = __td_init_mem_region(b->td, b->vcpu, &region,
				   prng_below(&a->prng, 2) ?
				   KVM_TDX_MEASURE_MEMORY_REGION : 0);
	errno = -ret;
	ret = ACT_CALL(a, "KVM_TDX_INIT_MEM_REGION", ret, EIO, EEXIST, EINTR,
		       EAGAIN);
	if (!ret && region.nr_pages)
		return act_fail(a, -EPROTO,
				"KVM_TDX_INIT_MEM_REGION: success, but %llu pages are left",
				region.nr_pages);
	/* A VM that KVM has killed gives EIO, too. */
	if (ret && !td_alive(b->td))
		return act_fail(a, -EIO, "KVM has killed the TD");
	return ret;
}

int td_hole(struct act *a)
{
	struct td_build *b = &a->fx->td;
	u64 first, nr;

	act_range(a, b->mem.pages, &first, &nr);
	return ACT_CALL(a, "PUNCH_HOLE",
			fallocate(b->mem.fd, HOLE, first * PAGE_SIZE,
				  nr * PAGE_SIZE));
}
