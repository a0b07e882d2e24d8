// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page at each gpa of a TD, as softtdx holds it: its own bytes in its own
 * place, and nothing else.
 */
#include <stdio.h>
#include <string.h>

#include "kvm/gmem.h"
#include "subtests/tdx/map/want.h"

#define SLOT_PAGES	48
#define SOURCE_PAGES	(2 * SLOT_PAGES + 9)

/* On either side of a boundary of every level below the root. */
#define EDGE_GPA	((1ul << 39) - 3 * PAGE_SIZE)
#define EDGE_PAGES	7

struct oracle {
	struct td *td;
	struct kvm_vcpu *vcpu;
	/* a and b on one guest_memfd, b first; each other on its own */
	struct td_mem a, b, edge, single;
	int fd;
	u8 *source;
	struct want want;
};

static void oracle_create(struct oracle *o)
{
	o->td = td_create();
	td_init_vm(o->td);
	o->vcpu = td_vcpu_add(o->td, 0);
	td_init_vcpu(o->td, o->vcpu, 0);
	want_init(&o->want, o->td);
	o->fd = gmem_create(o->td->vm, 2 * SLOT_PAGES, 0);
	td_mem_add_fd(o->td, &o->a, 0, TD_GPA, SLOT_PAGES, o->fd, SLOT_PAGES);
	td_mem_add_fd(o->td, &o->b, 1, TD_GPA + (PAGES_2M - 11) * PAGE_SIZE,
		      SLOT_PAGES, o->fd, 0);
	td_mem_add(o->td, &o->edge, 2, EDGE_GPA, EDGE_PAGES);
	td_mem_add(o->td, &o->single, 3, TD_GPA - PAGE_SIZE, 1);
	o->source = td_source_alloc(SOURCE_PAGES);
	td_source_fill(o->source, SOURCE_PAGES, 1);
	assert_holds(&o->want, "a TD without pages");
}

static void oracle_free(struct oracle *o)
{
	want_free(&o->want);
	td_source_free(o->source, SOURCE_PAGES);
	kvm_close(o->single.fd);
	kvm_close(o->edge.fd);
	kvm_close(o->fd);
	td_free(o->td);
}

/* @pages pages of a slot from @page on, from those of the source from @from. */
static void fill(struct oracle *o, const struct td_mem *mem, u64 page,
		 u64 pages, u64 from)
{
	want_add(&o->want, o->vcpu, o->source + from * PAGE_SIZE,
		 mem->gpa + page * PAGE_SIZE, pages, 0);
}

/* Pages that are alone in a table, and one of the newest memslot. */
static void fill_ends(struct oracle *o)
{
	fill(o, &o->edge, EDGE_PAGES - 1, 1, 2 * SLOT_PAGES + 6);
	assert_holds(&o->want, "last page of a slot at %#lx", o->edge.gpa);
	fill(o, &o->edge, 0, EDGE_PAGES - 1, 2 * SLOT_PAGES);
	fill(o, &o->single, 0, 1, 2 * SLOT_PAGES + 7);
	assert_holds(&o->want, "slots of %u pages and of one page", EDGE_PAGES);
}

/* By calls of one page, downwards, the odd ones first. */
static void fill_scattered(struct oracle *o)
{
	int i;

	for (i = SLOT_PAGES - 1; i >= 0; i -= 2)
		fill(o, &o->b, i, 1, SLOT_PAGES + i);
	assert_holds(&o->want, "every other page of a slot");
	for (i = SLOT_PAGES - 2; i >= 0; i -= 2)
		fill(o, &o->b, i, 1, SLOT_PAGES + i);
	assert_holds(&o->want, "a slot, page by page");
}

/* The page after a hole has the new bytes, not the old ones. */
static void refill(struct oracle *o)
{
	gmem_punch(o->fd, o->a.fd_page + 20, 3);
	want_gone(&o->want, o->a.gpa + 20 * PAGE_SIZE, 3);
	assert_holds(&o->want, "a hole of 3 pages");
	fill(o, &o->a, 21, 1, 2 * SLOT_PAGES + 8);
	assert_holds(&o->want, "one page in that hole");
}

/*
 * 2 MiB at gpas that the first TD has, too, and that one page could map: in the
 * pages that KVM chooses, each with the right bytes.
 */
static void other_create(struct td_build *other, struct want *want)
{
	struct page_counts c;

	td_build_start(other, PAGES_2M);
	td_source_fill(other->source, PAGES_2M, 2);
	want_init(want, other->td);
	want_add(want, other->vcpu, other->source, other->mem.gpa, PAGES_2M, 0);
	assert_holds(want, "2 MiB");
	page_counts_read(other->td->vm, &c);
	printf("2 MiB are mapped as pages_4k %lu, pages_2m %lu\n", c.pages_4k,
	       c.pages_2m);
}

void mapping_oracle(const struct subtest_args *args)
{
	struct td_build other;
	struct want others;
	struct oracle o;

	oracle_create(&o);
	fill(&o, &o.a, 0, SLOT_PAGES, 0);
	assert_holds(&o.want, "a full slot");
	fill_scattered(&o);
	fill_ends(&o);
	refill(&o);

	other_create(&other, &others);
	assert_holds(&o.want, "beside another TD");
	td_finalize(o.td);
	assert_holds(&o.want, "after FINALIZE");
	oracle_free(&o);

	assert_holds(&others, "2 MiB, without the other TD");
	want_free(&others);
	td_build_free(&other);
}
