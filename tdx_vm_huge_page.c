// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDs as their VMM builds them: life cycle, initial memory, what is mapped of
 * it, and the scenario of the lockdep report: a TD whose pages are added by
 * KVM_TDX_INIT_MEM_REGION and a normal VM whose guest_memfd is first touched
 * through a mapping, in one process.
 *
 * Adding pages with an ordinary guest_memfd must not get its source pages
 * under the file's invalidate_lock: commit 2a62345b3052 ("KVM: guest_memfd:
 * GUP source pages prior to populating guest memory"), in 7.0.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "gmem.h"
#include "kvm_suite.h"
#include "race.h"
#include "softtdx_stats.h"
#include "stats.h"
#include "tdx/td.h"

#define MEASURE		KVM_TDX_MEASURE_MEMORY_REGION
#define PAGES_2M	512
#define MEASURE_CHUNK	256	/* bytes that one TDH.MR.EXTEND measures */

__attribute__((format(printf, 3, 4)))
static void assert_mapped(struct kvm_vm *vm, u64 pages, const char *fmt, ...)
{
	struct page_counts c;
	char when[128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(when, sizeof(when), fmt, ap);
	va_end(ap);
	page_counts_read(vm, &c);
	TEST_ASSERT(page_counts_sum(&c) == pages,
		    "%s: %lu pages are to be mapped; pages_4k %lu pages_2m %lu pages_1g %lu",
		    when, pages, c.pages_4k, c.pages_2m, c.pages_1g);
}

/* What softtdx holds. A TDX module of hardware tells the host no such thing. */
struct held {
	bool known;
	struct softtdx_pages pages;
	struct softtdx_tds tds;
};

static void held_read(struct held *h)
{
	int ret = softtdx_read(SOFTTDX_DIR, &h->pages, &h->tds);

	TEST_ASSERT(!ret || ret == -ENOENT || ret == -EACCES, "%s: %s",
		    SOFTTDX_DIR, strerror(-ret));
	h->known = !ret;
	if (!h->known)
		printf("what the TDX module holds is not compared: %s: %s\n",
		       SOFTTDX_DIR, strerror(-ret));
}

static void held_print(const char *when, const struct held *h)
{
	fprintf(stderr, "%s: %u TDs, pages REG %lu TDR %lu TDCX %lu TDVPR %lu EPT %lu\n",
		when, h->tds.nr, h->pages.reg, h->pages.tdr, h->pages.tdcx,
		h->pages.tdvpr, h->pages.ept);
}

/* Exactly what it held before: no TD is left, and no page of any type. */
static void assert_held(const struct held *before, const char *when)
{
	struct held now;
	bool same;

	if (!before->known)
		return;

	held_read(&now);
	same = now.known && now.tds.nr == before->tds.nr &&
	       !memcmp(&now.pages, &before->pages, sizeof(now.pages));
	if (!same) {
		held_print("before", before);
		held_print("now", &now);
	}
	TEST_ASSERT(same, "%s: the TDX module holds something else than before",
		    when);
}

/* What entered MRTD of the TD that was created last. */
static void assert_measured(u64 added, u64 measured, const char *when)
{
	u64 chunks = measured * (PAGE_SIZE / MEASURE_CHUNK);
	struct held now;

	held_read(&now);
	if (!now.known)
		return;

	TEST_ASSERT(now.tds.counted, "%s: softtdx tells of no TD", when);
	TEST_ASSERT(now.tds.added == added && now.tds.extended == chunks,
		    "%s: %lu pages added, %lu chunks extended, not %lu, %lu",
		    when, now.tds.added, now.tds.extended, added, chunks);
}

static void assert_refused(int ret, int want, const char *what)
{
	TEST_ASSERT(ret == -want, "%s: %s, not %s", what,
		    ret ? strerror(-ret) : "accepted", strerror(want));
}

/* KVM_RUN of a vCPU or a TD that is not ready for it. */
static void assert_run_refused(struct kvm_vcpu *vcpu, const char *when)
{
	assert_refused(__vcpu_run(vcpu) ? -errno : 0, EINVAL, when);
}

static void assert_vcpu_refused(struct td *td)
{
	int ret = __vm_ioctl(td->vm, KVM_CREATE_VCPU, (void *)0);

	assert_refused(ret < 0 ? -errno : 0, EIO, "vCPU before INIT_VM");
}

/* Each step in its order, and once where it is too early or too late. */
static void td_lifecycle(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 16), added;
	struct kvm_vcpu *vcpu;
	struct td_mem mem;
	struct td *td;
	void *source;

	td = td_create();
	printf("attributes %#llx, xfam %#llx, %u CPUID entries configurable\n",
	       td->caps->supported_attrs, td->caps->supported_xfam,
	       td->caps->cpuid.nent);
	TEST_ASSERT_EQ(td->caps->supported_xfam & 3, 3);
	assert_vcpu_refused(td);
	assert_refused(__td_finalize(td), EINVAL, "FINALIZE before INIT_VM");

	td_init_vm(td);
	assert_refused(__td_init_vm(td), EINVAL, "INIT_VM twice");

	vcpu = td_vcpu_add(td, 0);
	td_mem_add(td, &mem, 0, TD_GPA, pages);
	source = td_source_alloc(pages);
	assert_refused(__td_add_pages(td, vcpu, source, mem.gpa, 1, 0, &added),
		       EINVAL, "INIT_MEM_REGION before INIT_VCPU");
	assert_run_refused(vcpu, "KVM_RUN before INIT_VCPU");

	td_init_vcpu(td, vcpu, 0);
	assert_refused(__td_init_vcpu(td, vcpu, 0), EINVAL, "INIT_VCPU twice");
	td_add_pages(td, vcpu, source, mem.gpa, pages, MEASURE);
	assert_run_refused(vcpu, "KVM_RUN before FINALIZE");

	td_finalize(td);
	assert_refused(__td_finalize(td), EINVAL, "FINALIZE twice");
	assert_refused(__td_add_pages(td, vcpu, source, mem.gpa, 1, 0, &added),
		       EINVAL, "INIT_MEM_REGION after FINALIZE");
	assert_mapped(td->vm, pages, "after FINALIZE");
	TEST_ASSERT(td_alive(td), "the VM was killed on its way");

	td_source_free(source, pages);
	kvm_close(mem.fd);
	td_free(td);
}

/*
 * One after the other, then two at a time. On softtdx a page that a TD leaves
 * with the module shows at once. On hardware only a keyid that is not given
 * back shows, once there are more --iterations than keyids.
 */
static void td_lifecycle_twice(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 16);
	struct td_build a, b;
	struct held before;
	struct rounds r;

	held_read(&before);
	rounds_start(&r, args_or(args->iterations, 2), args->duration_s);
	while (rounds_next(&r)) {
		td_build(&a, pages, MEASURE);
		assert_mapped(a.td->vm, pages, "a TD");
		td_build_free(&a);
		assert_held(&before, "after one TD");
	}

	/* The same gpa in both, freed in the order of creation. */
	td_build(&a, pages, MEASURE);
	td_build(&b, pages + 1, MEASURE);
	assert_mapped(a.td->vm, pages, "first of two TDs");
	assert_mapped(b.td->vm, pages + 1, "second of two TDs");
	td_build_free(&a);
	assert_mapped(b.td->vm, pages + 1, "second TD without the first");
	td_build_free(&b);
	assert_held(&before, "after two TDs");
}

static void init_mem_region_4k(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 32), i;
	struct td_build b;

	td_build_start(&b, pages);
	for (i = 0; i < pages; i++) {
		u64 offset = i * PAGE_SIZE;

		td_add_pages(b.td, b.vcpu, (u8 *)b.source + offset,
			     b.mem.gpa + offset, 1, MEASURE);
		assert_mapped(b.td->vm, i + 1, "page by page");
	}
	td_assert_added(b.td, b.vcpu, b.source, b.mem.gpa, pages);
	assert_mapped(b.td->vm, pages, "after adding all again");
	td_finalize(b.td);
	td_build_free(&b);
}

/* A range that a 2 MiB page could map, whatever KVM makes of it. */
static void init_mem_region_2m(const struct subtest_args *args)
{
	struct page_counts c;
	struct td_build b;

	td_build_start(&b, PAGES_2M);
	TEST_ASSERT(!(b.mem.gpa % (PAGES_2M * PAGE_SIZE)),
		    "gpa %#lx is not 2 MiB aligned", b.mem.gpa);
	td_add_pages(b.td, b.vcpu, b.source, b.mem.gpa, PAGES_2M, MEASURE);
	assert_mapped(b.td->vm, PAGES_2M, "after one call for 2 MiB");
	page_counts_read(b.td->vm, &c);
	printf("2 MiB are mapped as pages_4k %lu, pages_2m %lu\n", c.pages_4k,
	       c.pages_2m);

	td_assert_added(b.td, b.vcpu, b.source, b.mem.gpa, PAGES_2M);
	td_finalize(b.td);
	assert_mapped(b.td->vm, PAGES_2M, "after FINALIZE");
	td_build_free(&b);
}

/* The flag decides, and for the pages of its call only. */
static void init_mem_region_unmeasured(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 16), added;
	struct td_build b;
	u8 *second;
	gpa_t gpa;

	td_build_start(&b, 2 * pages);
	second = (u8 *)b.source + pages * PAGE_SIZE;
	gpa = b.mem.gpa + pages * PAGE_SIZE;
	td_add_pages(b.td, b.vcpu, b.source, b.mem.gpa, pages, 0);
	assert_mapped(b.td->vm, pages, "unmeasured pages");
	assert_measured(pages, 0, "unmeasured pages");

	assert_refused(__td_add_pages(b.td, b.vcpu, second, gpa, pages,
				      MEASURE << 1, &added),
		       EINVAL, "a flag that does not exist");
	assert_mapped(b.td->vm, pages, "after a refused call");

	td_add_pages(b.td, b.vcpu, second, gpa, pages, MEASURE);
	assert_mapped(b.td->vm, 2 * pages, "unmeasured and measured pages");
	assert_measured(2 * pages, pages, "unmeasured and measured pages");
	td_assert_added(b.td, b.vcpu, b.source, b.mem.gpa, 2 * pages);
	td_finalize(b.td);
	assert_measured(2 * pages, pages, "after FINALIZE");
	td_build_free(&b);
}

/*
 * TDH.VP.ENTER. Only softtdx, which runs no guest, ends it as a triple fault;
 * the CPU would run whatever is at the reset vector.
 *
 * Do not enter twice: on 7.3.4 KVM_RUN after KVM_EXIT_SHUTDOWN meets
 * WARN_ON_ONCE(is_td_vcpu(vcpu)) in vt_cache_reg(), at main.c:498 of
 * arch/x86/kvm/vmx/, a known fault of that kernel.
 */
static void vp_enter_ends_cleanly(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 16);
	struct held before;
	struct td_build b;

	held_read(&before);
	td_build(&b, pages, MEASURE);
	TEST_ASSERT(!__vcpu_run(b.vcpu), "KVM_RUN: %s", strerror(errno));
	TEST_ASSERT_KVM_EXIT_REASON(b.vcpu, KVM_EXIT_SHUTDOWN);
	TEST_ASSERT(td_alive(b.td), "the entry killed the VM");
	assert_mapped(b.td->vm, pages, "after the entry");

	/* BLOCK, TRACK, REMOVE, with a vCPU that has run in this epoch. */
	gmem_punch(b.mem.fd, 0, 1);
	assert_mapped(b.td->vm, pages - 1, "a hole after the entry");
	gmem_punch(b.mem.fd, 0, pages);
	assert_mapped(b.td->vm, 0, "nothing but a hole");
	TEST_ASSERT(td_alive(b.td), "the holes killed the VM");
	td_build_free(&b);
	assert_held(&before, "after the TD");
}

/* The half of the TD: GUP of the source, then guest_memfd's invalidate_lock. */
static void populate(struct td_build *b)
{
	td_add_pages(b->td, b->vcpu, b->source, b->mem.gpa, b->mem.pages,
		     MEASURE);
	assert_mapped(b->td->vm, b->mem.pages, "populated TD");
}

/* The half of the normal VM: mmap_lock, then guest_memfd's fault handler. */
static void first_touch(struct shared_gmem *g)
{
	u64 faults = minor_faults();

	gmem_stamp(g->mem, g->pages, 1);
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

static void two_vms_populate_then_fault(const struct subtest_args *args)
{
	two_vms(args, true);
}

static void two_vms_fault_then_populate(const struct subtest_args *args)
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

/* A slice of the guest_memfd for one thread, whose faults meet the others'. */
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

	gmem_stamp(mem, s->pages, round);
	if (madvise(mem, s->pages * PAGE_SIZE, MADV_DONTNEED))
		return -errno;

	gmem_check(mem, s->pages, round);
	return __gmem_punch(s->fd, s->first, s->pages);
}

/*
 * Half of the threads live through TDs, the others fault until the last TD is
 * gone, so that each TD meets faults from its first ioctl to its last.
 */
static void two_vms_concurrent(const struct subtest_args *args)
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

#define SLOT_PAGES	64

/* Two slots on one guest_memfd, in the other order and at odd places. */
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
 * Each page alone in its slot: holes in all the others take nothing away, a
 * hole in its own place takes it. Whatever gfn KVM maps it at but its own, one
 * of these counts is wrong, also where two pages change places, which no count
 * shows once both are there.
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
 * Every other page, then those between. A page that KVM put one off leaves the
 * count right; but its own gfn can then be added again, and the neighbour's
 * cannot be added at all.
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

/* Ranges that touch, overlap and end outside, in a slot that is not aligned. */
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

	/* Before 7.0 a page is added once only; a new one is always new. */
	punch(c, &c->b, 5, 1, 0);
	add(c, &c->b, 5, 1);
}

/* A hole takes the page behind its offset and no other. */
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

static void mapping_counts(const struct subtest_args *args)
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
	TEST_ASSERT(td_alive(c.td), "the VM was killed on its way");
	counted_free(&c);

	/* The other TD has kept its pages, and has none once it is closed. */
	assert_mapped(other.td->vm, 5, "the other TD");
	stats_fd = vm_get_stats_fd(other.td->vm);
	td_build_free(&other);
	page_counts_read_fd(stats_fd, &left);
	TEST_ASSERT(!page_counts_sum(&left), "%lu pages left of a closed TD",
		    page_counts_sum(&left));
	kvm_close(stats_fd);
}

#define TDX	(NEEDS(KVM) | NEEDS(STATS) | NEEDS(GMEM) | NEEDS(TDX) | \
		 NEEDS(PRIVATE))
#define TWO_VMS	(TDX | NEEDS(GMEM_SHARED))

static const struct subtest subtests[] = {
	{ "td_lifecycle", "each step from creation to destruction, in order",
	  TDX, 60, td_lifecycle },
	{ "td_lifecycle_twice", "TDs one after the other and two at a time",
	  TDX, 60, td_lifecycle_twice },
	{ "init_mem_region_4k", "pages added one by one", TDX, 60,
	  init_mem_region_4k },
	{ "init_mem_region_2m", "512 aligned pages added by one call",
	  TDX, 60, init_mem_region_2m },
	{ "init_mem_region_unmeasured", "pages without and with MEASURE",
	  TDX, 60, init_mem_region_unmeasured },
	{ "vp_enter_ends_cleanly", "one KVM_RUN, which softtdx ends at once",
	  TDX | NEEDS(SOFTTDX), 60, vp_enter_ends_cleanly },
	{ "two_vms_populate_then_fault", "TD's pages, then VM's first touch",
	  TWO_VMS, 60, two_vms_populate_then_fault },
	{ "two_vms_fault_then_populate", "VM's first touch, then TD's pages",
	  TWO_VMS, 60, two_vms_fault_then_populate },
	{ "two_vms_concurrent", "threads live through TDs while others fault",
	  TWO_VMS, 120, two_vms_concurrent },
	{ "mapping_counts", "KVM's page counts are what was added",
	  TDX, 60, mapping_counts },
};

int main(int argc, char **argv)
{
	const struct suite suite = KVM_SUITE(
		"TDs as their VMM builds them, alone and beside a normal VM.",
		subtests);

	return suite_main(&suite, argc, argv);
}
