// SPDX-License-Identifier: GPL-2.0-only
/* KVM's counts of mapped pages, after each step that maps or unmaps. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kvm/gmem.h"
#include "subtests/tdx/tests.h"

#define SLOT_PAGES	64

/* Two slots on one guest_memfd, in reverse order and unaligned. */
struct counted {
	struct td *td;
	struct kvm_vcpu *vcpu;
	struct td_mem a, b;
	int fd;
	void *source;
	u64 mapped;
};

static gpa_t gpa_of(const struct td_mem *mem, u64 page)
{
	return mem->gpa + page * PAGE_SIZE;
}

static void counted_create(struct counted *c)
{
	c->td = td_create();
	td_init_vm(c->td);
	c->vcpu = td_vcpu_add(c->td, 0);
	td_init_vcpu(c->td, c->vcpu, 0);
	c->fd = gmem_create(c->td->vm, 2 * SLOT_PAGES, 0);
	td_mem_add_fd(c->td, &c->a, 0, TD_GPA, SLOT_PAGES, c->fd, SLOT_PAGES);
	td_mem_add_fd(c->td, &c->b, 1, TD_GPA + (PAGES_2M + 5) * PAGE_SIZE,
		      SLOT_PAGES, c->fd, 0);
	c->source = td_source_alloc(SLOT_PAGES);
	c->mapped = 0;
	assert_mapped(c->td->vm, 0, "a TD without pages");
}

static void counted_free(struct counted *c)
{
	td_source_free(c->source, SLOT_PAGES);
	kvm_close(c->fd);
	td_free(c->td);
}

static void add(struct counted *c, const struct td_mem *mem, u64 page,
		u64 pages)
{
	td_add_pages(c->td, c->vcpu, c->source, gpa_of(mem, page), pages,
		     MEASURE);
	c->mapped += pages;
	assert_mapped(c->td->vm, c->mapped, "slot %u, pages %lu+%lu added",
		      mem->slot, page, pages);
}

/* A call that fails after it has added @want pages. */
static int add_some(struct counted *c, gpa_t gpa, u64 pages, u64 want)
{
	u64 added;
	int ret;

	ret = __td_add_pages(c->td, c->vcpu, c->source, gpa, pages, MEASURE,
			     &added);
	TEST_ASSERT(ret && added == want,
		    "gpa %#lx: %lu of %lu pages added, not %lu: %s", gpa,
		    added, pages, want, ret ? strerror(-ret) : "accepted");
	TEST_ASSERT(td_alive(c->td), "gpa %#lx: a refused call killed the VM",
		    gpa);
	c->mapped += want;
	assert_mapped(c->td->vm, c->mapped, "gpa %#lx, %lu of %lu pages added",
		      gpa, want, pages);
	return ret;
}

static void added(struct counted *c, const struct td_mem *mem, u64 page,
		  u64 pages)
{
	td_assert_added(c->td, c->vcpu, c->source, gpa_of(mem, page), pages);
	assert_mapped(c->td->vm, c->mapped,
		      "slot %u, pages %lu+%lu added twice", mem->slot, page,
		      pages);
}

static void punch(struct counted *c, const struct td_mem *mem, u64 page,
		  u64 pages, u64 were_mapped)
{
	gmem_punch(c->fd, mem->fd_page + page, pages);
	c->mapped -= were_mapped;
	assert_mapped(c->td->vm, c->mapped, "slot %u, hole in pages %lu+%lu",
		      mem->slot, page, pages);
}

/*
 * Each page alone in its slot: holes at all other places unmap nothing, one at
 * its own place unmaps it. If KVM maps it at any other gfn, one of these counts
 * is wrong, also if two pages are exchanged, which no count shows when both are
 * mapped.
 */
static void count_alone(struct counted *c, const struct td_mem *mem)
{
	u64 i;

	for (i = 0; i < SLOT_PAGES; i++) {
		add(c, mem, i, 1);
		if (i)
			punch(c, mem, 0, i, 0);
		if (i < SLOT_PAGES - 1)
			punch(c, mem, i + 1, SLOT_PAGES - 1 - i, 0);
		punch(c, mem, i, 1, 1);
	}
}

/*
 * Every other page, then those between. If KVM maps a page one gfn off, the
 * count is right; but its own gfn can then be added again, and the neighbour's
 * cannot be added.
 */
static void count_every_other(struct counted *c)
{
	u64 i;

	for (i = 0; i < SLOT_PAGES; i += 2)
		add(c, &c->a, i, 1);
	for (i = 0; i < SLOT_PAGES; i += 2)
		added(c, &c->a, i, 1);
	for (i = 1; i < SLOT_PAGES; i += 2)
		add(c, &c->a, i, 1);
	added(c, &c->a, 0, SLOT_PAGES);
}

/* Ranges that touch, overlap and end outside, in an unaligned slot. */
static void count_ranges(struct counted *c)
{
	add(c, &c->b, 3, 7);
	added(c, &c->b, 3, 7);
	add(c, &c->b, 2, 1);
	add(c, &c->b, 10, 1);
	added(c, &c->b, 2, 9);

	add_some(c, gpa_of(&c->b, 0), 4, 2);
	assert_refused(add_some(c, gpa_of(&c->b, SLOT_PAGES - 4), 8, 4), EINVAL,
		       "a range past the end of its slot");
	assert_refused(add_some(c, gpa_of(&c->b, 20) | BIT_ULL(47), 1, 0),
		       EINVAL, "a page in the shared half");
	added(c, &c->b, 0, 11);
	added(c, &c->b, SLOT_PAGES - 4, 4);
}

/* Not PRIVATE, a page cannot be added; one that was added is unmapped. */
static void count_attributes(struct counted *c)
{
	gpa_t unmapped = gpa_of(&c->b, 20), mapped = gpa_of(&c->b, 5);

	vm_mem_set_shared(c->td->vm, unmapped, PAGE_SIZE);
	assert_refused(add_some(c, unmapped, 1, 0), EINVAL, "a shared page");
	vm_mem_set_private(c->td->vm, unmapped, PAGE_SIZE);
	add(c, &c->b, 20, 1);

	vm_mem_set_shared(c->td->vm, mapped, PAGE_SIZE);
	c->mapped--;
	assert_mapped(c->td->vm, c->mapped, "after making a page shared");
	vm_mem_set_private(c->td->vm, mapped, PAGE_SIZE);
	assert_mapped(c->td->vm, c->mapped, "after making it private again");

	/* Before 7.0 a page can be added once only; after a hole it is new. */
	punch(c, &c->b, 5, 1, 0);
	add(c, &c->b, 5, 1);
}

/* A hole unmaps the page at its offset and no other. */
static void count_holes(struct counted *c)
{
	punch(c, &c->a, 10, 1, 1);
	punch(c, &c->a, 10, 1, 0);
	added(c, &c->a, 9, 1);
	added(c, &c->a, 11, 1);
	add(c, &c->a, 10, 1);

	punch(c, &c->a, SLOT_PAGES - 2, 2, 2);
	add(c, &c->a, SLOT_PAGES - 2, 2);
	added(c, &c->a, 0, SLOT_PAGES);
}

void mapping_counts(const struct subtest_args *args)
{
	struct page_counts left;
	struct td_build other;
	struct counted c;
	int stats_fd;

	td_build(&other, 5, MEASURE);
	counted_create(&c);
	count_alone(&c, &c.a);
	count_alone(&c, &c.b);
	count_every_other(&c);
	count_ranges(&c);
	count_attributes(&c);
	count_holes(&c);

	td_finalize(c.td);
	assert_mapped(c.td->vm, c.mapped, "after FINALIZE");
	punch(&c, &c.a, 0, SLOT_PAGES, SLOT_PAGES);
	vm_mem_region_delete(c.td->vm, c.b.slot);
	assert_mapped(c.td->vm, 0, "without the second slot");
	TEST_ASSERT(td_alive(c.td), "the VM was killed");
	counted_free(&c);

	/* The other TD has kept its pages, and has none after it is closed. */
	assert_mapped(other.td->vm, 5, "the other TD");
	stats_fd = vm_get_stats_fd(other.td->vm);
	td_build_free(&other);
	page_counts_read_fd(stats_fd, &left);
	TEST_ASSERT(!page_counts_sum(&left), "%lu pages left of a closed TD",
		    page_counts_sum(&left));
	kvm_close(stats_fd);
}
