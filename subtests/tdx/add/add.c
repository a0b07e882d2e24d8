// SPDX-License-Identifier: GPL-2.0-only
/* KVM_TDX_INIT_MEM_REGION: by 4 KiB, by 2 MiB, with and without MEASURE. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "subtests/tdx/tests.h"

void init_mem_region_4k(const struct subtest_args *args)
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

/* A range that a 2 MiB page could map; KVM may use small pages. */
void init_mem_region_2m(const struct subtest_args *args)
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

/* The flag holds for the pages of its call only. */
void init_mem_region_unmeasured(const struct subtest_args *args)
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
