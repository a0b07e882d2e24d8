// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scenario of the lockdep report with guests that run: a TD that accepts
 * its memory and converts it to shared and back, a normal VM whose guest runs
 * in a shared guest_memfd, a third VM that is a TD being populated, and faults
 * of user space. Contents are checked all the time; lockdep checks the order of
 * locks.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "kvm/gmem.h"
#include "race/engine.h"
#include "subtests/tdx/tests.h"
#include "tdx/guest.h"
#include "tdx/vm.h"

#define PAGES		16
#define ROUNDS		3
#define GPA_GMEM	0x100000000ul
#define SLOT_GMEM	10

/* ---- a TD ---------------------------------------------------------------- */

static u64 *word_of(void *mem, u64 page)
{
	return (u64 *)((u8 *)mem + page * PAGE_SIZE);
}

/* Private and zero, written, shared and zero, written, and so on. */
static void guest_td(u64 pages)
{
	u64 size = pages * PAGE_SIZE, seed, i;

	for (seed = 1;; seed++) {
		td_accept(TD_GPA, size, NULL);
		for (i = 0; i < pages; i++) {
			GUEST_ASSERT_EQ(*word_of(td_private(TD_GPA), i), 0ul);
			*word_of(td_private(TD_GPA), i) =
				gmem_pattern(seed, i);
		}
		for (i = 0; i < pages; i++)
			GUEST_ASSERT_EQ(*word_of(td_private(TD_GPA), i),
					gmem_pattern(seed, i));
		td_share(TD_GPA, size);
		for (i = 0; i < pages; i++)
			*word_of(td_shared(TD_GPA), i) = ~seed + i;
		GUEST_SYNC(seed);
		td_unshare(TD_GPA, size);
	}
}

struct td_side {
	struct td_vm *tv;
	struct td_area area;
};

static int run_td(void *arg, unsigned long round)
{
	struct td_side *s = arg;
	u64 seed = td_run_until_sync(s->tv, 0, NULL), i;

	TEST_ASSERT_EQ(seed, round + 1);
	for (i = 0; i < s->area.mem.pages; i++)
		TEST_ASSERT_EQ(*word_of(s->area.hva, i), ~seed + i);
	return 0;
}

static void td_side_start(struct td_side *s, u64 pages)
{
	s->tv = td_new(1, guest_td, NULL);
	td_area_add(s->tv, &s->area, TD_GPA, pages, TD_AREA_FRESH);
	td_args(s->tv, 0, 1, pages);
	td_load(s->tv);
	td_finalize(s->tv->td);
}

/* ---- a normal VM --------------------------------------------------------- */

/* The host frees the pages after each round. */
static void guest_normal(u64 gva, u64 pages)
{
	u64 seed, i;

	for (seed = 1;; seed++) {
		for (i = 0; i < pages; i++) {
			GUEST_ASSERT_EQ(*word_of((void *)gva, i), 0ul);
			*word_of((void *)gva, i) = gmem_pattern(seed, i);
		}
		GUEST_SYNC(seed);
	}
}

struct normal_side {
	struct kvm_vm *vm;
	struct kvm_vcpu *vcpu;
	u64 pages;
	int fd;
	u8 *mem;
};

static int run_normal(void *arg, unsigned long round)
{
	struct normal_side *s = arg;
	struct ucall uc;

	vcpu_run(s->vcpu);
	if (get_ucall(s->vcpu, &uc) == UCALL_ABORT)
		REPORT_GUEST_ASSERT(uc);
	TEST_ASSERT_EQ(uc.cmd, (u64)UCALL_SYNC);
	TEST_ASSERT_EQ(td_sync_value(&uc), round + 1);
	gmem_check(s->mem, s->pages, round + 1);
	return __gmem_punch(s->fd, 0, s->pages);
}

static void normal_side_start(struct normal_side *s, u64 pages)
{
	gva_t gva = GPA_GMEM;

	s->vm = vm_create_with_one_vcpu(&s->vcpu, guest_normal);
	s->pages = pages;
	s->fd = gmem_create(s->vm, pages, GMEM_SHARED);
	s->mem = gmem_map(s->fd, pages);
	vm_mem_add(s->vm, VM_MEM_SRC_ANONYMOUS, GPA_GMEM, SLOT_GMEM, pages,
		   KVM_MEM_GUEST_MEMFD, s->fd, 0);
	virt_map(s->vm, gva, GPA_GMEM, pages);
	vcpu_args_set(s->vcpu, 2, gva, pages);
}

static void normal_side_end(struct normal_side *s)
{
	kvm_munmap(s->mem, s->pages * PAGE_SIZE);
	kvm_close(s->fd);
	kvm_vm_free(s->vm);
}

/* ---- a TD that is populated, and user space ------------------------------ */

static int populate_td(void *arg, unsigned long round)
{
	struct td_build b;

	td_build(&b, *(u64 *)arg, MEASURE);
	assert_mapped(b.td->vm, *(u64 *)arg, "populated TD");
	td_build_free(&b);
	return 0;
}

static int fault(void *arg, unsigned long round)
{
	struct shared_gmem *g = arg;

	gmem_write_pattern(g->mem, g->pages, round);
	if (madvise(g->mem, g->pages * PAGE_SIZE, MADV_DONTNEED))
		return -errno;

	gmem_check(g->mem, g->pages, round);
	return __gmem_punch(g->fd, 0, g->pages);
}

void td_and_normal_vm_run_together(const struct subtest_args *args)
{
	static const char * const what[] = {
		"TDs populated", "rounds of a TD's guest",
		"rounds of a normal guest", "rounds of faults",
	};
	u64 pages = args_or(args->pages, PAGES);
	struct normal_side normal;
	struct shared_gmem faults;
	struct td_side td;
	struct race_thread race[] = {
		{ .step = populate_td, .arg = &pages },
		{ .step = run_td, .arg = &td, .background = true },
		{ .step = run_normal, .arg = &normal, .background = true },
		{ .step = fault, .arg = &faults, .background = true },
	};
	struct module_counts before;
	unsigned int i;
	int ret;

	module_counts_read(&before);
	td_side_start(&td, pages);
	normal_side_start(&normal, pages);
	shared_gmem_create(&faults, pages);
	ret = race_run(race, ARRAY_SIZE(race),
		       args_or(args->iterations, ROUNDS), args->duration_s);
	TEST_ASSERT(!ret, "race: %s", strerror(-ret));
	for (i = 0; i < ARRAY_SIZE(race); i++)
		printf("%lu %s\n", race[i].done, what[i]);
	shared_gmem_free(&faults);
	normal_side_end(&normal);
	td_end(td.tv);
	assert_module_counts(&before, "after all of them");
}
