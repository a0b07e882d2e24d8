// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scenario of the lockdep report: a TD whose pages are added by
 * KVM_TDX_INIT_MEM_REGION and a normal VM whose guest_memfd is first touched
 * through a mapping, in one process.
 *
 * Adding pages with an ordinary guest_memfd must not get its source pages
 * under the file's invalidate_lock: commit 2a62345b3052 ("KVM: guest_memfd:
 * GUP source pages prior to populating guest memory"), in 7.0.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "kvm/gmem.h"
#include "race/engine.h"
#include "subtests/tdx/tests.h"

/* The TD's half: GUP of the source, then guest_memfd's invalidate_lock. */
static void populate(struct td_build *b)
{
	td_add_pages(b->td, b->vcpu, b->source, b->mem.gpa, b->mem.pages,
		     MEASURE);
	assert_mapped(b->td->vm, b->mem.pages, "populated TD");
}

/* The normal VM's half: mmap_lock, then guest_memfd's fault handler. */
static void first_touch(struct shared_gmem *g)
{
	u64 faults = minor_faults();

	gmem_write_pattern(g->mem, g->pages, 1);
	faults = minor_faults() - faults;
	TEST_ASSERT(faults >= g->pages, "%lu faults for %lu pages", faults,
		    g->pages);
}

static void two_vms(const struct subtest_args *args, bool populate_first)
{
	u64 pages = args_or(args->pages, 16);
	struct shared_gmem g;
	struct td_build b;

	td_build_start(&b, pages);
	shared_gmem_create(&g, pages);
	if (populate_first)
		populate(&b);
	first_touch(&g);
	if (!populate_first)
		populate(&b);

	td_finalize(b.td);
	gmem_check(g.mem, g.pages, 1);
	td_build_free(&b);
	shared_gmem_free(&g);
}

void two_vms_populate_then_fault(const struct subtest_args *args)
{
	two_vms(args, true);
}

void two_vms_fault_then_populate(const struct subtest_args *args)
{
	two_vms(args, false);
}

struct td_life {
	u64 pages;
};

static int live_td(void *arg, unsigned long round)
{
	struct td_life *life = arg;
	struct td_build b;

	td_build_start(&b, life->pages);
	populate(&b);
	td_finalize(b.td);
	td_build_free(&b);
	return 0;
}

/* One thread's part of the guest_memfd; its faults race the others'. */
struct slice {
	u8 *mem;
	int fd;
	u64 first;
	u64 pages;
};

static int fault_slice(void *arg, unsigned long round)
{
	struct slice *s = arg;
	u8 *mem = s->mem + s->first * PAGE_SIZE;

	gmem_write_pattern(mem, s->pages, round);
	if (madvise(mem, s->pages * PAGE_SIZE, MADV_DONTNEED))
		return -errno;

	gmem_check(mem, s->pages, round);
	return __gmem_punch(s->fd, s->first, s->pages);
}

/*
 * Half of the threads create and destroy TDs, the others fault until the last
 * TD is gone, so that each TD meets faults from its first ioctl to its last.
 */
void two_vms_concurrent(const struct subtest_args *args)
{
	unsigned int threads = args_or(args->threads, 4), nr_tds, i;
	struct race_thread race[SUBTEST_THREADS_MAX + 1] = {};
	struct slice slices[SUBTEST_THREADS_MAX + 1];
	struct td_life life = { .pages = args_or(args->pages, 16) };
	struct shared_gmem g;
	int ret;

	/* At least one of each kind. */
	threads += threads < 2;
	nr_tds = threads / 2;
	shared_gmem_create(&g, life.pages * (threads - nr_tds));
	/* libkvm reads it once and keeps it, without a lock. */
	kvm_get_supported_cpuid();

	for (i = 0; i < threads; i++) {
		u64 first = (i - nr_tds) * life.pages;

		slices[i] = (struct slice){ g.mem, g.fd, first, life.pages };
		race[i].step = i < nr_tds ? live_td : fault_slice;
		race[i].arg = i < nr_tds ? (void *)&life : &slices[i];
		race[i].background = i >= nr_tds;
	}

	ret = race_run(race, threads, args_or(args->iterations, 2),
		       args->duration_s);
	TEST_ASSERT(!ret, "race: %s", strerror(-ret));
	for (i = 0; i < threads; i++)
		printf("thread %u: %lu %s\n", i, race[i].done,
		       i < nr_tds ? "TDs" : "rounds of faults");
	shared_gmem_free(&g);
}
