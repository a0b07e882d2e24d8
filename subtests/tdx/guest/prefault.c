// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_PRE_FAULT_MEMORY on a TD: memory is mapped before the guest touches it;
 * the guest's access then causes no fault in KVM, but the guest still has to
 * accept it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kvm/gmem.h"
#include "subtests/tdx/guest_code/ve.h"
#include "subtests/tdx/tests.h"
#include "subtests/tdx/words.h"
#include "td.h"

#define SIZE_2M		(PAGES_2M * PAGE_SIZE)

/* One slot around a 2 MiB boundary, and its parts. */
#define PAGES		40
#define PART		8
#define GPA		((gpa_t)(TD_GPA + SIZE_2M - 12 * PAGE_SIZE))
#define PART_GPA(i)	((gpa_t)(GPA + (i) * PART * PAGE_SIZE))

enum { ACCEPTED, TOUCHED, NOT_PREFAULTED, SHARED };
enum { NOTHING, GUEST, HOST };

static int __prefault(struct kvm_vcpu *vcpu, struct kvm_pre_fault_memory *range)
{
	int ret;

	do {
		ret = __vcpu_ioctl(vcpu, KVM_PRE_FAULT_MEMORY, range);
	} while ((!ret && range->size) ||
		 (ret && (errno == EINTR || errno == EAGAIN)));
	return ret ? -errno : 0;
}

static void prefault(struct kvm_vcpu *vcpu, gpa_t gpa, u64 pages)
{
	struct kvm_pre_fault_memory range = {
		.gpa = gpa, .size = pages * PAGE_SIZE,
	};
	int ret = __prefault(vcpu, &range);

	TEST_ASSERT(!ret, "prefault of gpa %#lx, %lu pages: %s at gpa %#llx",
		    gpa, pages, strerror(-ret), range.gpa);
	TEST_ASSERT(range.gpa == gpa + pages * PAGE_SIZE,
		    "prefault of gpa %#lx, %lu pages ends at gpa %#llx", gpa,
		    pages, range.gpa);
}

/* Refused after @done pages were mapped; @want 0: with any errno. */
static void assert_prefault_refused(struct guest_td *g,
				    struct kvm_pre_fault_memory range,
				    u64 done, int want, const char *what)
{
	u64 gpa = range.gpa, size = range.size, mapped = guest_td_mapped(g);
	int ret = __prefault(g->tv->vcpus[0].vcpu, &range);

	TEST_ASSERT(ret && (!want || ret == -want), "%s: %s, not %s", what,
		    ret ? strerror(-ret) : "accepted",
		    want ? strerror(want) : "refused");
	TEST_ASSERT(range.gpa == gpa + done * PAGE_SIZE &&
		    range.size == size - done * PAGE_SIZE,
		    "%s: gpa %#llx, size %#llx are left", what, range.gpa,
		    range.size);
	TEST_ASSERT(td_alive(g->tv->td), "%s: kills the VM", what);
	assert_mapped(g->vm, mapped + done, "%s", what);
}

/* ---- what the guest finds ------------------------------------------------ */

static void touch_part(int part, u16 salt, u64 ve)
{
	u64 seen = ve_seen();

	guest_at(0, PART_GPA(part));
	guest_words_check(td_private(PART_GPA(part)), PART, salt);
	__GUEST_ASSERT(ve_seen() == seen + ve, "gpa %#lx: %lu #VE, not %lu",
		       PART_GPA(part), ve_seen() - seen, ve);
	guest_words_write(td_private(PART_GPA(part)), PART, GUEST);
}

static void guest_finds(void)
{
	td_on_ve(ve_accept);
	guest_at(0, GPA);
	GUEST_SYNC(0);
	td_accept(PART_GPA(ACCEPTED), PART * PAGE_SIZE, NULL);
	touch_part(ACCEPTED, NOTHING, 0);
	GUEST_SYNC(1);
	touch_part(TOUCHED, NOTHING, PART);
	GUEST_SYNC(2);
	touch_part(NOT_PREFAULTED, NOTHING, PART);
	GUEST_SYNC(3);
	guest_at(0, PART_GPA(SHARED));
	guest_words_check(td_shared(PART_GPA(SHARED)), PART, HOST);
	GUEST_SYNC(4);
	/* Another prefault does not change accepted memory. */
	touch_part(ACCEPTED, GUEST, 0);
	touch_part(TOUCHED, GUEST, 0);
	GUEST_SYNC(5);
	/* Two pages were mapped after a hole. */
	guest_words_check(td_private(PART_GPA(ACCEPTED)), 2, NOTHING);
	guest_words_check(td_private(PART_GPA(ACCEPTED) + 2 * PAGE_SIZE),
			  PART - 2, GUEST);
	GUEST_SYNC(6);
	GUEST_DONE();
}

struct finds {
	struct guest_td g;
	struct td_area area;
	struct kvm_vcpu *vcpu;
	u64 mapped;
};

/* The faults that KVM has resolved for the vCPU, up to sync @stage. */
static u64 faults_until(struct finds *f, u64 stage)
{
	u64 before = vcpu_get_stat(f->vcpu, pf_taken);

	TEST_ASSERT_EQ(td_run_until_sync(f->g.tv, 0, NULL), stage);
	return vcpu_get_stat(f->vcpu, pf_taken) - before;
}

static void assert_no_fault(struct finds *f, u64 stage, const char *what)
{
	u64 faults = faults_until(f, stage);

	TEST_ASSERT(!faults, "%s, prefaulted: %lu faults in KVM", what, faults);
	assert_mapped(f->g.vm, f->mapped, "%s, prefaulted", what);
}

/* Private and shared pages with one call: each by its attribute. */
static void prefault_parts(struct finds *f)
{
	f->mapped = guest_td_mapped(&f->g);
	prefault(f->vcpu, PART_GPA(ACCEPTED), 2 * PART);
	f->mapped += 2 * PART;
	assert_mapped(f->g.vm, f->mapped, "prefault of private memory");
	prefault(f->vcpu, PART_GPA(TOUCHED), PART);
	assert_mapped(f->g.vm, f->mapped, "prefaulted twice");
	prefault(f->vcpu, PART_GPA(SHARED) - PAGE_SIZE, PART + 2);
	f->mapped += PART + 2;
	assert_mapped(f->g.vm, f->mapped, "prefault of both kinds");
	gmem_punch(f->area.mem.fd, SHARED * PART - 1, 1);
	f->mapped--;
	assert_mapped(f->g.vm, f->mapped, "hole in prefaulted memory");
}

static void drive_finds(struct finds *f)
{
	u64 faults;

	faults_until(f, 0);
	prefault_parts(f);
	assert_no_fault(f, 1, "accept");
	assert_no_fault(f, 2, "touch");
	/* The control: without a prefault each page causes a fault. */
	faults = faults_until(f, 3);
	TEST_ASSERT(faults >= PART, "%d pages, not prefaulted: %lu faults",
		    PART, faults);
	f->mapped += PART;
	assert_no_fault(f, 4, "shared memory");

	prefault(f->vcpu, PART_GPA(ACCEPTED), 2 * PART);
	assert_no_fault(f, 5, "accepted memory");
	gmem_punch(f->area.mem.fd, ACCEPTED * PART, 2);
	assert_mapped(f->g.vm, f->mapped - 2, "hole in accepted memory");
	prefault(f->vcpu, PART_GPA(ACCEPTED), PART);
	assert_no_fault(f, 6, "after a hole");
	td_run_until_done(f->g.tv, 0);
}

static void refused(struct guest_td *g, gpa_t gpa)
{
	const struct kvm_pre_fault_memory ok = {
		.gpa = gpa, .size = PAGE_SIZE,
	};
	struct kvm_pre_fault_memory r;

	r = ok;
	r.gpa += 8;
	assert_prefault_refused(g, r, 0, EINVAL, "unaligned gpa");
	r = ok;
	r.size += 8;
	assert_prefault_refused(g, r, 0, EINVAL, "unaligned size");
	r = ok;
	r.size = 0;
	assert_prefault_refused(g, r, 0, EINVAL, "size 0");
	r = ok;
	r.flags = 1;
	assert_prefault_refused(g, r, 0, EINVAL, "unknown flag");
	r = ok;
	r.gpa |= TD_SHARED;
	assert_prefault_refused(g, r, 0, EINVAL, "gpa with the shared bit");
	r = ok;
	r.gpa = GPA - PAGE_SIZE;
	assert_prefault_refused(g, r, 0, ENOENT, "gpa without a memslot");
	/* Documented is ENOENT; KVM returns EFAULT. */
	vm_mem_set_private(g->vm, r.gpa, PAGE_SIZE);
	assert_prefault_refused(g, r, 0, 0, "private gpa without a memslot");
	/* Pages before the end are mapped. */
	r.gpa = GPA + (PAGES - 2) * PAGE_SIZE;
	r.size = 5 * PAGE_SIZE;
	assert_prefault_refused(g, r, 2, ENOENT, "range past a memslot's end");
}

static void not_yet(struct guest_td *g)
{
	struct kvm_pre_fault_memory r = { .gpa = GPA, .size = PAGE_SIZE };

	assert_prefault_refused(g, r, 0, EOPNOTSUPP, "TD that is not finalized");
}

static void found_by_guest(void)
{
	struct finds f;

	guest_td_new(&f.g, 1, guest_finds, 0);
	td_area_add(f.g.tv, &f.area, GPA, PAGES, TD_AREA_FRESH);
	f.vcpu = f.g.tv->vcpus[0].vcpu;
	vm_mem_set_shared(f.g.vm, PART_GPA(SHARED), PART * PAGE_SIZE);
	area_write(&f.area, PART_GPA(SHARED), PART, HOST);
	not_yet(&f.g);
	guest_td_start(&f.g);
	refused(&f.g, GPA);
	drive_finds(&f);
	guest_td_end(&f.g);
}

/* ---- while a vCPU faults the same memory --------------------------------- */

static void guest_takes(u64 vcpu)
{
	u64 i;

	if (vcpu)
		GUEST_DONE();
	td_on_ve(ve_accept);
	guest_at(0, GPA);
	GUEST_SYNC(0);
	guest_say(0, 1);
	guest_wait(1);
	for (i = 0; i < PAGES; i++) {
		guest_at(0, GPA + i * PAGE_SIZE);
		guest_words_check(td_private(GPA + i * PAGE_SIZE), 1, NOTHING);
		guest_words_write(td_private(GPA + i * PAGE_SIZE), 1, GUEST);
	}
	guest_say(0, 2);
	guest_wait(2);
	guest_words_check(td_private(GPA), PAGES, GUEST);
	GUEST_SYNC(1);
	GUEST_DONE();
}

static void *prefault_beside(void *arg)
{
	struct guest_td *g = arg;
	unsigned int other = g->nr_vcpus - 1;
	u64 i;

	guest_td_wait_for(g, 0, 1);
	guest_td_say(g, 1);
	/* From the other end. */
	for (i = PAGES; i; i--)
		prefault(g->tv->vcpus[other].vcpu, GPA + (i - 1) * PAGE_SIZE,
			 1);
	prefault(g->tv->vcpus[other].vcpu, GPA, PAGES);
	guest_td_wait_for(g, 0, 2);
	prefault(g->tv->vcpus[other].vcpu, GPA, PAGES);
	guest_td_say(g, 2);
	return NULL;
}

static void beside_a_vcpu(void)
{
	struct td_area area;
	struct guest_td g;
	pthread_t thread;
	u64 mapped;

	guest_td_new(&g, 2, guest_takes, 0);
	td_area_add(g.tv, &area, GPA, PAGES, TD_AREA_FRESH);
	td_args(g.tv, 0, 1, 0ul);
	td_args(g.tv, 1, 1, 1ul);
	guest_td_start(&g);
	td_run_until_sync(g.tv, 0, NULL);
	mapped = guest_td_mapped(&g);
	TEST_ASSERT(!pthread_create(&thread, NULL, prefault_beside, &g),
		    "a thread");
	td_run_until_sync(g.tv, 0, NULL);
	pthread_join(thread, NULL);
	assert_mapped(g.vm, mapped + PAGES,
		      "prefaulted by one vCPU, touched by another");
	td_run_until_done(g.tv, 0);
	td_run_until_done(g.tv, 1);
	guest_td_end(&g);
}

void prefault_memory(const struct subtest_args *args)
{
	found_by_guest();
	if (guest_td_vcpus() > 1)
		beside_a_vcpu();
}
