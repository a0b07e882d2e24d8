// SPDX-License-Identifier: GPL-2.0-only
/*
 * MRTD of a TD after each step of its build: what KVM had added and extended,
 * at which gpa and in which order, and nothing else.
 */
#include <stdio.h>
#include <string.h>

#include "kvm/gmem.h"
#include "subtests/tdx/map/want.h"

#define SLOT_PAGES	64
#define NR_SLOTS	2

/* Two slots on one guest_memfd, the second one unaligned. */
struct measured {
	struct td *td;
	struct kvm_vcpu *vcpu;
	struct td_mem slots[NR_SLOTS];
	int fd;
	u8 *source;
	struct want want;
};

/*
 * Every page of both slots once: alone at each end and in the middle, then in
 * larger ranges, measured and not, downwards and from slot to slot.
 */
static const struct step {
	unsigned int slot;
	u64 page;
	u64 pages;
	u32 flags;
} steps[] = {
	{ 0, 0, 1, MEASURE },
	{ 1, SLOT_PAGES - 1, 1, 0 },
	{ 0, SLOT_PAGES - 1, 1, 0 },
	{ 1, 0, 1, MEASURE },
	{ 1, 5, 1, MEASURE },
	{ 1, 4, 1, MEASURE },
	{ 1, 3, 1, 0 },
	{ 0, 33, 30, MEASURE },
	{ 1, 20, 40, 0 },
	{ 0, 1, 32, 0 },
	{ 1, 6, 14, MEASURE },
	{ 1, 60, 3, MEASURE },
	{ 1, 1, 2, MEASURE },
};

static void measured_create(struct measured *m, u64 seed)
{
	m->td = td_create();
	td_init_vm(m->td);
	m->vcpu = td_vcpu_add(m->td, 0);
	td_init_vcpu(m->td, m->vcpu, 0);
	want_init(&m->want, m->td);
	m->fd = gmem_create(m->td->vm, NR_SLOTS * SLOT_PAGES, 0);
	td_mem_add_fd(m->td, &m->slots[0], 0, TD_GPA, SLOT_PAGES, m->fd,
		      SLOT_PAGES);
	td_mem_add_fd(m->td, &m->slots[1], 1,
		      TD_GPA + (PAGES_2M - 7) * PAGE_SIZE, SLOT_PAGES, m->fd,
		      0);
	m->source = td_source_alloc(NR_SLOTS * SLOT_PAGES);
	td_source_fill(m->source, NR_SLOTS * SLOT_PAGES, seed);
}

static void measured_free(struct measured *m)
{
	want_free(&m->want);
	td_source_free(m->source, NR_SLOTS * SLOT_PAGES);
	kvm_close(m->fd);
	td_free(m->td);
}

static void take(struct measured *m, const struct step *s)
{
	gpa_t gpa = m->slots[s->slot].gpa + s->page * PAGE_SIZE;
	u64 page = s->slot * SLOT_PAGES + s->page;

	want_add(&m->want, m->vcpu, m->source + page * PAGE_SIZE, gpa,
		 s->pages, s->flags);
	assert_mrtd(&m->want, "gpa %#lx, %lu pages %s, slot %u", gpa, s->pages,
		    s->flags ? "measured" : "not measured", s->slot);
}

static void empty_td(void)
{
	struct measured m;

	measured_create(&m, 0);
	assert_mrtd(&m.want, "a TD without pages");
	td_finalize(m.td);
	assert_mrtd(&m.want, "a TD without pages, finalized");
	measured_free(&m);
}

/* A freed page stays measured; one that is added again is measured again. */
static void hole(struct measured *m)
{
	const struct td_mem *slot = &m->slots[0];
	gpa_t gpa = slot->gpa + 39 * PAGE_SIZE;

	gmem_punch(m->fd, slot->fd_page + 39, 3);
	assert_mrtd(&m->want, "a hole of 3 pages at gpa %#lx", gpa);
	want_add(&m->want, m->vcpu, m->source, gpa, 1, MEASURE);
	assert_mrtd(&m->want, "gpa %#lx added again after a hole", gpa);
}

void mrtd(const struct subtest_args *args)
{
	struct measured a, b;
	unsigned int i;

	empty_td();

	/*
	 * Two at a time, one a step later than the other, with other contents.
	 */
	measured_create(&a, 1);
	measured_create(&b, 2);
	for (i = 0; i <= ARRAY_SIZE(steps); i++) {
		if (i < ARRAY_SIZE(steps))
			take(&a, &steps[i]);
		if (i)
			take(&b, &steps[i - 1]);
	}
	TEST_ASSERT_EQ(a.want.nr, NR_SLOTS * SLOT_PAGES);
	hole(&a);

	td_finalize(a.td);
	assert_mrtd(&a.want, "after FINALIZE");
	gmem_punch(a.fd, 0, NR_SLOTS * SLOT_PAGES);
	assert_mrtd(&a.want, "after FINALIZE, nothing but a hole");
	measured_free(&a);

	assert_mrtd(&b.want, "without the other TD");
	td_finalize(b.td);
	assert_mrtd(&b.want, "the other TD, finalized");
	measured_free(&b);
}
