// SPDX-License-Identifier: GPL-2.0-only
/*
 * What unmaps private pages of a TD: holes in its guest_memfd, memory made
 * shared, memslots deleted; before FINALIZE and after it, of single pages,
 * ranges, edges, and ranges in two memslots or in none.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "kvm/gmem.h"
#include "race/engine.h"
#include "zap.h"

#define SLOT_1		ZAP_PAGES	/* pages of the file: slot 1, 0, none */
#define LCG_MUL		6364136223846793005ul

/* First page and number, in pages of the file or of a slot. */
struct range {
	u64 first;
	u64 pages;
};

static void punch(struct zap *z, u64 first, u64 pages)
{
	zap_begin(z);
	gmem_punch(z->fd, first, pages);
	zap_gone_file(z, first, pages);
	zap_end(z, "hole in pages %lu+%lu of the file", first, pages);
}

static const struct range holes[] = {
	{ 0, 1 }, { 0, 1 },			/* first page, and once more */
	{ SLOT_1 - 1, 1 },			/* last of slot 1 */
	{ SLOT_1, 1 },				/* first of slot 0 */
	{ 2 * ZAP_PAGES - 1, 1 },		/* last of slot 0 */
	{ SLOT_1 - 3, 6 },			/* end of 1, start of 0 */
	{ 2 * ZAP_PAGES - 2, 5 },		/* over the end of all slots */
	{ 2 * ZAP_PAGES, ZAP_PAGES },		/* in no slot */
	{ ZAP_FILE, 4 },			/* past the end of the file */
	{ 7, 9 }, { 5, 13 },			/* a hole within a bigger one */
	{ 0, SLOT_1 },				/* one slot, all of it */
	{ 1, 2 * ZAP_PAGES - 2 },		/* all but first and last */
	{ 0, ZAP_FILE },			/* everything */
	{ 0, ZAP_FILE },			/* nothing */
};

/* Each hole in a full TD, then in one with every other page. */
static void punch_table(struct zap *z)
{
	unsigned int i;
	u64 page;

	for (i = 0; i < ARRAY_SIZE(holes); i++) {
		punch(z, holes[i].first, holes[i].pages);
		if (i % 2)
			zap_fill_all(z);
	}

	for (i = 0; i < ARRAY_SIZE(holes); i++) {
		for (page = 0; page < ZAP_PAGES; page += 2) {
			zap_fill(z, 0, page, 1);
			zap_fill(z, 1, page + 1, 1);
		}
		punch(z, holes[i].first, holes[i].pages);
	}
}

static u64 random_below(u64 *state, u64 limit)
{
	*state = *state * LCG_MUL + 1;
	return (*state >> 33) % limit;
}

/* Random holes, the same in each run. */
static void punch_random(struct zap *z, unsigned long rounds)
{
	u64 state = z->final, first, pages;

	while (rounds--) {
		first = random_below(&state, ZAP_PAGES);
		pages = 1 + random_below(&state, ZAP_PAGES - first);
		zap_fill(z, random_below(&state, ZAP_SLOTS), first, pages);
		first = random_below(&state, ZAP_FILE);
		pages = 1 + random_below(&state, ZAP_FILE - first);
		punch(z, first, pages);
	}
}

/* It enters the TD and exits: there is nothing to execute. */
static void run_once(struct kvm_vcpu *vcpu)
{
	if (vcpu)
		assert_no_reset_vector(vcpu);
}

/* Another vCPU, if possible: one that has run cannot pre-fault. */
static struct kvm_vcpu *runner_add(struct zap *z)
{
	struct kvm_vcpu *vcpu;

	if (vm_check_cap(z->td->vm, KVM_CAP_MAX_VCPUS) < 2)
		return NULL;

	vcpu = td_vcpu_add(z->td, 1);
	td_init_vcpu(z->td, vcpu, 0);
	return vcpu;
}

void punch_hole_zaps(const struct subtest_args *args)
{
	unsigned long rounds = args_or(args->iterations, 16);
	struct kvm_vcpu *runner;
	struct module_counts before;
	struct zap z;

	module_counts_read(&before);
	zap_create(&z);
	runner = runner_add(&z);
	zap_fill_all(&z);
	punch_table(&z);
	punch_random(&z, rounds);

	zap_fill_all(&z);
	zap_finalize(&z);
	punch(&z, SLOT_1 + 3, 2);
	run_once(runner);
	punch_table(&z);
	punch_random(&z, rounds);
	zap_free(&z);
	assert_module_counts(&before, "after the TD");
}

/*
 * Two TDs at the same gpas, each with its own guest_memfd, as a VM refuses the
 * file of another. Pages that one loses the other keeps.
 */
void punch_hole_two_tds(const struct subtest_args *args)
{
	struct module_counts before;
	struct zap a, b;
	unsigned int i;
	int ret;

	module_counts_read(&before);
	zap_create(&a);
	zap_create(&b);
	ret = __vm_set_user_memory_region2(b.td->vm, ZAP_SLOTS,
					   KVM_MEM_GUEST_MEMFD, TD_GPA / 2,
					   PAGE_SIZE, b.source, a.fd,
					   2 * ZAP_PAGES * PAGE_SIZE);
	assert_refused(ret ? -errno : 0, EINVAL, "guest_memfd of another VM");

	zap_fill_all(&a);
	zap_fill_all(&b);
	zap_finalize(&b);
	for (i = 0; i < ARRAY_SIZE(holes); i++) {
		punch(i % 2 ? &b : &a, holes[i].first, holes[i].pages);
		zap_begin(&a);
		zap_end(&a, "hole %u, first TD", i);
		zap_begin(&b);
		zap_end(&b, "hole %u, second TD", i);
	}
	zap_free(&a);
	zap_begin(&b);
	zap_end(&b, "second TD without the first");
	zap_free(&b);
	assert_module_counts(&before, "after both TDs");
}

static void make_shared(struct zap *z, gpa_t gpa, u64 pages)
{
	zap_begin(z);
	vm_mem_set_shared(z->td->vm, gpa, pages * PAGE_SIZE);
	zap_gone_gpa(z, gpa, pages);
	zap_end(z, "%lu pages at gpa %#lx made shared", pages, gpa);
}

/* Conversion to private unmaps shared pages, and no private ones. */
static void make_private(struct zap *z, gpa_t gpa, u64 pages)
{
	zap_begin(z);
	vm_mem_set_private(z->td->vm, gpa, pages * PAGE_SIZE);
	z->shared = 0;
	zap_end(z, "%lu pages at gpa %#lx made private", pages, gpa);
}

/*
 * A shared page of slot 0 is not added as private; after FINALIZE it is mapped
 * shared.
 */
static void touch_shared(struct zap *z, gpa_t gpa)
{
	bool once = zap_added_once(z, 0, (gpa - zap_gpa(z, 0, 0)) / PAGE_SIZE);
	int ret;

	zap_begin(z);
	if (!z->final) {
		ret = __td_add_pages(z->td, z->vcpu, z->source, gpa, 1, 0,
				     NULL);
		assert_refused(ret, once ? EEXIST : EINVAL,
			       "INIT_MEM_REGION of a shared page");
	} else if (z->can_fill) {
		td_prefault(z->vcpu, gpa, 1);
		z->shared++;
	}
	zap_end(z, "shared page at gpa %#lx touched", gpa);
}

/* First page, from slot 0 on, and number; some reach past its end. */
static const struct range conversions[] = {
	{ 0, 1 }, { ZAP_PAGES - 1, 1 }, { 9, 1 },	/* edges, one inside */
	{ 3, 8 }, { 5, 2 },				/* part of it twice */
	{ ZAP_PAGES - 2, 4 },				/* beyond the slot */
	{ 0, ZAP_PAGES },				/* the slot */
	{ ZAP_PAGES, 64 },				/* between the slots */
	{ ZAP_PAGES - 2, PAGES_2M },			/* parts of both */
	{ 0, 2 * PAGES_2M },				/* everything */
};

static void convert_table(struct zap *z)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(conversions); i++) {
		gpa_t gpa = TD_GPA + conversions[i].first * PAGE_SIZE;
		u64 pages = conversions[i].pages;

		make_shared(z, gpa, pages);
		if (conversions[i].first < ZAP_PAGES)
			touch_shared(z, gpa);
		/* More than is shared: the rest is private and stays. */
		make_private(z, i % 2 ? TD_GPA : gpa,
			     i % 2 ? 2 * PAGES_2M : pages);
		make_private(z, gpa, pages);
		if (i % 3)
			zap_fill_all(z);
	}
}

/*
 * The memslot's userspace mapping holds its shared pages. Dropping it does not
 * unmap private ones.
 */
static void drop_hva(struct zap *z)
{
	unsigned int s;
	void *hva;

	for (s = 0; s < ZAP_SLOTS; s++) {
		hva = addr_gpa2hva(z->td->vm, zap_gpa(z, s, 0));
		zap_begin(z);
		TEST_ASSERT(!madvise(hva, ZAP_PAGES * PAGE_SIZE,
				     MADV_DONTNEED), "madvise(): %s",
			    strerror(errno));
		zap_end(z, "the mapping of slot %u dropped", s);
	}
}

/* The same for a shared page: only that page is unmapped. */
static void drop_hva_shared(struct zap *z)
{
	gpa_t gpa = zap_gpa(z, 0, 4);
	void *hva = addr_gpa2hva(z->td->vm, gpa);

	if (!z->can_fill)
		return;

	make_shared(z, gpa, 1);
	touch_shared(z, gpa);
	zap_begin(z);
	TEST_ASSERT(!madvise(hva, PAGE_SIZE, MADV_DONTNEED), "madvise(): %s",
		    strerror(errno));
	z->shared = 0;
	zap_end(z, "the mapping of a shared page dropped");
	make_private(z, gpa, 1);
}

/* Shared pages are mapped one by one, also with THP set to always. */
static void no_huge_pages(struct zap *z)
{
	unsigned int s;

	for (s = 0; s < ZAP_SLOTS; s++)
		madvise(addr_gpa2hva(z->td->vm, zap_gpa(z, s, 0)),
			ZAP_PAGES * PAGE_SIZE, MADV_NOHUGEPAGE);
}

void attributes_zap(const struct subtest_args *args)
{
	struct module_counts before;
	struct zap z;

	module_counts_read(&before);
	zap_create(&z);
	no_huge_pages(&z);
	zap_fill_all(&z);
	convert_table(&z);
	drop_hva(&z);

	zap_fill_all(&z);
	zap_finalize(&z);
	convert_table(&z);
	drop_hva(&z);
	drop_hva_shared(&z);
	zap_free(&z);
	assert_module_counts(&before, "after the TD");
}

static void delete(struct zap *z, unsigned int slot)
{
	zap_begin(z);
	vm_mem_region_delete(z->td->vm, slot);
	zap_gone(z, slot, 0, ZAP_PAGES);
	z->slot[slot].there = false;
	zap_end(z, "slot %u deleted", slot);
}

/* A memslot on a guest_memfd cannot change: refused, nothing is zapped. */
static void change(struct zap *z, unsigned int slot, u32 flags, gpa_t gpa,
		   u64 pages)
{
	struct td_mem *mem = &z->slot[slot].mem;
	int ret;

	zap_begin(z);
	ret = __vm_set_user_memory_region2(z->td->vm, slot, flags, gpa,
					   pages * PAGE_SIZE,
					   addr_gpa2hva(z->td->vm, mem->gpa),
					   z->fd, mem->fd_page * PAGE_SIZE);
	assert_refused(ret ? -errno : 0, EINVAL, "changing a memslot");
	zap_end(z, "slot %u not changed", slot);
}

static void change_table(struct zap *z)
{
	gpa_t gpa = z->slot[0].mem.gpa;

	change(z, 0, KVM_MEM_GUEST_MEMFD, gpa, ZAP_PAGES);
	change(z, 0, KVM_MEM_GUEST_MEMFD, gpa + (1ul << 30), ZAP_PAGES);
	change(z, 0, KVM_MEM_GUEST_MEMFD, gpa, ZAP_PAGES - 1);
	change(z, 0, 0, gpa, ZAP_PAGES);
	change(z, 0, KVM_MEM_GUEST_MEMFD | KVM_MEM_LOG_DIRTY_PAGES, gpa,
	       ZAP_PAGES);
}

static void delete_table(struct zap *z)
{
	/* Full, half full, empty, beside another one and alone. */
	delete(z, 0);
	zap_slot_add(z, 0);
	zap_begin(z);
	zap_end(z, "slot 0 added again");
	zap_fill(z, 0, 3, ZAP_PAGES / 2);
	delete(z, 1);
	delete(z, 0);
	zap_slot_add(z, 0);
	zap_slot_add(z, 1);
	delete(z, 0);
	zap_fill(z, 1, 0, ZAP_PAGES);
	zap_slot_add(z, 0);
	zap_fill_all(z);
	zap_begin(z);
	zap_end(z, "both slots full again");
	change_table(z);
}

void memslot_delete_zaps(const struct subtest_args *args)
{
	struct module_counts before;
	struct zap z;

	module_counts_read(&before);
	zap_create(&z);
	zap_fill_all(&z);
	delete_table(&z);
	zap_finalize(&z);
	delete_table(&z);

	/* A hole where no slot is, then a slot over it. */
	delete(&z, 1);
	punch(&z, 0, 4);
	zap_slot_add(&z, 1);
	zap_fill(&z, 1, 0, ZAP_PAGES);
	zap_begin(&z);
	zap_end(&z, "slot 1 on a file with a hole");
	zap_free(&z);
	assert_module_counts(&before, "after the TD");
}
