// SPDX-License-Identifier: GPL-2.0-only
/* Rows of ioctl_errors for KVM_TDX_INIT_MEM_REGION. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "errors.h"
#include "kvm/gmem.h"
#include "subtests/tdx/older.h"
#include "tdx/abi/cpuid.h"

#define SHARED_BIT	BIT_ULL(TDX_GPA_WIDTH - 1)
#define PLAIN_SLOT	7
#define PLAIN_GPA	(TD_GPA / 2)

static int add_with(struct fixture *s, const struct row *r, void *region)
{
	return __td_cmd(s->td, s->vcpu->fd, KVM_TDX_INIT_MEM_REGION,
			r->cmd.flags, (unsigned long)region);
}

/*
 * The first page of the TD's memory, except for what the row changes. KVM must
 * advance all three fields by the pages that it has added.
 */
static int add(struct fixture *s, const struct row *r)
{
	struct kvm_tdx_init_mem_region before = {
		.source_addr = (unsigned long)s->source, .gpa = s->mem.gpa,
		.nr_pages = 1,
	}, region;
	int ret;

	if (r->region)
		r->region(s, &before);
	region = before;
	ret = add_with(s, r, &region);

	s->wrote = before.nr_pages - region.nr_pages;
	s->mapped += s->wrote;
	if (region.gpa - before.gpa != s->wrote * PAGE_SIZE ||
	    region.source_addr - before.source_addr != s->wrote * PAGE_SIZE)
		s->wrote = -1;
	return ret;
}

static void bad_source_0(struct fixture *s, struct kvm_tdx_init_mem_region *r)
{
	r->source_addr = 0;
}

static void bad_source(struct fixture *s, struct kvm_tdx_init_mem_region *r)
{
	r->source_addr += 8;
}

static void bad_gpa(struct fixture *s, struct kvm_tdx_init_mem_region *r)
{
	r->gpa += 8;
}

static void bad_no_pages(struct fixture *s, struct kvm_tdx_init_mem_region *r)
{
	r->nr_pages = 0;
}

/* Its end is 0. */
static void bad_wraps_to_0(struct fixture *s,
			     struct kvm_tdx_init_mem_region *r)
{
	r->nr_pages = (0 - r->gpa) / PAGE_SIZE;
}

static void bad_wraps(struct fixture *s, struct kvm_tdx_init_mem_region *r)
{
	r->nr_pages = (0 - r->gpa) / PAGE_SIZE + 1;
}

/* So many pages that their size wraps to 0. */
static void bad_size_wraps(struct fixture *s,
			     struct kvm_tdx_init_mem_region *r)
{
	r->nr_pages = 1ul << (64 - PAGE_SHIFT);
}

/* ... or one page's. */
static void bad_size_small(struct fixture *s,
			     struct kvm_tdx_init_mem_region *r)
{
	r->nr_pages = (1ul << (64 - PAGE_SHIFT)) + 1;
}

static void bad_shared(struct fixture *s, struct kvm_tdx_init_mem_region *r)
{
	r->gpa |= SHARED_BIT;
}

/* From the last private page into the shared half. */
static void bad_into_shared(struct fixture *s,
			      struct kvm_tdx_init_mem_region *r)
{
	r->gpa = SHARED_BIT - PAGE_SIZE;
	r->nr_pages = 2;
}

static void bad_no_slot(struct fixture *s, struct kvm_tdx_init_mem_region *r)
{
	r->gpa += FIXTURE_PAGES * PAGE_SIZE;
}

/* The last two pages, and one after the memslot. */
static void bad_past_slot(struct fixture *s,
			  struct kvm_tdx_init_mem_region *r)
{
	r->gpa += (FIXTURE_PAGES - 2) * PAGE_SIZE;
	r->nr_pages = 3;
}

static void bad_source_gone(struct fixture *s,
			      struct kvm_tdx_init_mem_region *r)
{
	r->source_addr += FIXTURE_PAGES * PAGE_SIZE;
}

/* Three pages of source, then an unmapped one. */
static void bad_source_ends(struct fixture *s,
			      struct kvm_tdx_init_mem_region *r)
{
	r->source_addr += (FIXTURE_PAGES - 3) * PAGE_SIZE;
	r->nr_pages = 5;
}

static void bad_five(struct fixture *s, struct kvm_tdx_init_mem_region *r)
{
	r->nr_pages = 5;
}

/* After @arg pages one is not PRIVATE. */
static int add_not_private(struct fixture *s, const struct row *r)
{
	gpa_t gpa = s->mem.gpa + r->arg * PAGE_SIZE;
	int ret;

	vm_mem_set_shared(s->td->vm, gpa, PAGE_SIZE);
	ret = add(s, r);
	vm_mem_set_private(s->td->vm, gpa, PAGE_SIZE);
	return ret;
}

/* After @arg pages one was added before. */
static int add_again(struct fixture *s, const struct row *r)
{
	u64 offset = r->arg * PAGE_SIZE;

	td_add_pages(s->td, s->vcpu, s->source + offset, s->mem.gpa + offset, 1,
		     0);
	s->mapped++;
	return add(s, r);
}

static void in_plain_slot(struct fixture *s, struct kvm_tdx_init_mem_region *r)
{
	r->gpa = PLAIN_GPA;
}

static int add_plain_slot(struct fixture *s, const struct row *r)
{
	struct kvm_vm *vm = s->td->vm;
	int ret;

	vm_userspace_mem_region_add(vm, VM_MEM_SRC_ANONYMOUS, PLAIN_GPA,
				    PLAIN_SLOT, 1, 0);
	vm_mem_set_private(vm, PLAIN_GPA, PAGE_SIZE);
	ret = add(s, r);
	vm_mem_set_shared(vm, PLAIN_GPA, PAGE_SIZE);
	vm_mem_region_delete(vm, PLAIN_SLOT);
	return ret;
}

/*
 * The memslot outlives its guest_memfd. Not by libkvm's vm_mem_add(), which
 * keeps a file descriptor of its own.
 */
static int add_file_closed(struct fixture *s, const struct row *r)
{
	int fd = gmem_create(s->td->vm, 1, 0);
	struct kvm_vm *vm = s->td->vm;
	void *hva = page_unreadable();
	int ret;

	vm_set_user_memory_region2(vm, PLAIN_SLOT, KVM_MEM_GUEST_MEMFD,
				   PLAIN_GPA, PAGE_SIZE, hva, fd, 0);
	vm_mem_set_private(vm, PLAIN_GPA, PAGE_SIZE);
	kvm_close(fd);
	ret = add(s, r);
	vm_mem_set_shared(vm, PLAIN_GPA, PAGE_SIZE);
	vm_set_user_memory_region2(vm, PLAIN_SLOT, 0, PLAIN_GPA, 0, NULL, 0, 0);
	kvm_munmap(hva, PAGE_SIZE);
	return ret;
}

static int add_unreadable(struct fixture *s, const struct row *r)
{
	void *page = page_unreadable();
	int ret = add_with(s, r, page);

	kvm_munmap(page, PAGE_SIZE);
	return ret;
}

/* The pages are added, but KVM cannot write back their number. */
static int add_read_only(struct fixture *s, const struct row *r)
{
	struct kvm_tdx_init_mem_region *region;
	int ret;

	region = kvm_mmap(PAGE_SIZE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1);
	region->source_addr = (unsigned long)s->source;
	region->gpa = s->mem.gpa;
	region->nr_pages = 2;
	TEST_ASSERT(!mprotect(region, PAGE_SIZE, PROT_READ), "mprotect()");
	ret = add_with(s, r, region);
	s->mapped += 2;
	kvm_munmap(region, PAGE_SIZE);
	return ret;
}

static int source_protected(struct fixture *s, const struct row *r)
{
	int ret;

	TEST_ASSERT(!mprotect(s->source, PAGE_SIZE, r->arg), "mprotect()");
	ret = add(s, r);
	TEST_ASSERT(!mprotect(s->source, PAGE_SIZE, PROT_READ | PROT_WRITE),
		    "mprotect()");
	return ret;
}

static int added_before(void)
{
	return older_unmapped_is_eexist() ? EEXIST : EIO;
}

#define UP	AT(INIT_VCPU)

/* The third of five is refused, after two were added. */
#define THIRD_OF_FIVE	.arg = 2, .region = bad_five, .wrote = 2

static const struct row rows[] = {
	ROW(AT(NO_TD), "INIT_MEM_REGION of no TD", row_vcpu_cmd, EINVAL,
	    .cmd = { .id = KVM_TDX_INIT_MEM_REGION }),
	ROW(AT(VCPU), "INIT_MEM_REGION before INIT_VCPU", add, EINVAL),
	ROW(AT(FINALIZED), "INIT_MEM_REGION after FINALIZE", add, EINVAL),
	ROW(UP, "INIT_MEM_REGION, hw_error is not 0", row_vcpu_cmd, EINVAL,
	    .cmd = { .id = KVM_TDX_INIT_MEM_REGION, .hw_error = 1 }),
	ROW(UP, "INIT_MEM_REGION, flags", add, EINVAL, .cmd = { .flags = 2 }),
	ROW(UP, "INIT_MEM_REGION, flags beside MEASURE", add, EINVAL,
	    .cmd = { .flags = 1u << 31 | MEASURE }),
	ROW(UP, "INIT_MEM_REGION cannot be read", add_unreadable, EFAULT),

	ROW(UP, "INIT_MEM_REGION, source 0", add, EINVAL,
	    .want_here = older_source_0_errno, .region = bad_source_0),
	ROW(UP, "INIT_MEM_REGION, source not aligned", add, EINVAL,
	    .region = bad_source),
	ROW(UP, "INIT_MEM_REGION, gpa not aligned", add, EINVAL,
	    .region = bad_gpa),
	ROW(UP, "INIT_MEM_REGION, no pages", add, EINVAL,
	    .region = bad_no_pages),
	ROW(UP, "INIT_MEM_REGION ends at 2^64", add, EINVAL,
	    .region = bad_wraps_to_0),
	ROW(UP, "INIT_MEM_REGION ends past 2^64", add, EINVAL,
	    .region = bad_wraps),
	ROW(UP, "INIT_MEM_REGION of 2^52 pages", add, EINVAL,
	    .region = bad_size_wraps),
	/* KVM checks one page, but adds until the memslot ends. */
	ROW(UP, "INIT_MEM_REGION of 2^52 + 1 pages", add, EINVAL,
	    .region = bad_size_small, .bug = KNOWN_BUG_ADDS_TOO_MANY,
	    .bug_errno = EINVAL, .bug_wrote = FIXTURE_PAGES),
	ROW(UP, "INIT_MEM_REGION in the shared half", add, EINVAL,
	    .region = bad_shared),
	ROW(UP, "INIT_MEM_REGION into the shared half", add, EINVAL,
	    .region = bad_into_shared),

	/* Page by page: pages added before stay, and are written back. */
	ROW(UP, "INIT_MEM_REGION without a memslot", add, EINVAL,
	    .region = bad_no_slot),
	ROW(UP, "INIT_MEM_REGION past a memslot", add, EINVAL, .wrote = 2,
	    .region = bad_past_slot),
	ROW(UP, "INIT_MEM_REGION, memslot without guest_memfd", add_plain_slot,
	    EINVAL, .region = in_plain_slot),
	ROW(UP, "INIT_MEM_REGION, guest_memfd closed", add_file_closed, EFAULT,
	    .region = in_plain_slot),
	ROW(UP, "INIT_MEM_REGION, not PRIVATE", add_not_private, EINVAL),
	ROW(UP, "INIT_MEM_REGION, third of five not PRIVATE", add_not_private,
	    EINVAL, THIRD_OF_FIVE),
	ROW(UP, "INIT_MEM_REGION, source not mapped", add, EFAULT,
	    .region = bad_source_gone),
	ROW(UP, "INIT_MEM_REGION, source ends", add, EFAULT, .wrote = 3,
	    .region = bad_source_ends),
	ROW(UP, "INIT_MEM_REGION, source not readable", source_protected,
	    EFAULT, .arg = PROT_NONE),
	ROW(UP, "INIT_MEM_REGION, source read only", source_protected, 0,
	    .arg = PROT_READ, .wrote = 1),
	ROW(UP, "INIT_MEM_REGION, page added before", add_again, EIO,
	    .want_here = added_before),
	ROW(UP, "INIT_MEM_REGION, third of five added before", add_again, EIO,
	    .want_here = added_before, THIRD_OF_FIVE),
	ROW(UP, "INIT_MEM_REGION cannot be written back", add_read_only,
	    EFAULT),
};

const struct rows errors_mem = { rows, ARRAY_SIZE(rows) };
