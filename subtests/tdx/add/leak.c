// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that KVM_TDX_INIT_MEM_REGION has allocated and then refuses, because
 * they are shared. They are the guest_memfd's and are freed with it, but if KVM
 * leaks a reference, the machine loses the page. Also the check for such
 * losses, for other subtests.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/free_pages.h"
#include "subtests/tdx/tests.h"

#define PAGES		256
/* Other users change the number by less than this, most times ... */
#define LOST		(PAGES / 4)
/* ... but not always: a loss so often in a row is a leak. */
#define BLOCKS		3

/* Wait a little until as many are free as @before. */
static u64 free_pages(u64 before, u64 lost)
{
	u64 now = 0;
	int ret;

	ret = free_pages_settle("/proc", before > lost ? before - lost + 1 : 0,
				&now);
	TEST_ASSERT(!ret, "free pages: %s", strerror(-ret));
	return now;
}

bool leaks_pages(u64 lost, const char *what, void (*run)(const void *arg),
		 const void *arg)
{
	u64 before, after;
	int i;

	for (i = 0; i < BLOCKS; i++) {
		before = free_pages(0, lost);
		run(arg);
		after = free_pages(before, lost);
		printf("%s: %ld pages less are free\n", what, before - after);
		if (after + lost > before)
			return false;
	}
	return true;
}

static void refuse_all(const void *arg)
{
	struct td_build b;
	u64 i, added;
	int ret;

	td_build_start(&b, PAGES);
	vm_mem_set_shared(b.td->vm, b.mem.gpa, PAGES * PAGE_SIZE);
	for (i = 0; i < PAGES; i++) {
		ret = __td_add_pages(b.td, b.vcpu, b.source,
				     b.mem.gpa + i * PAGE_SIZE, 1, 0, &added);
		assert_refused(ret, EINVAL, "a shared page to be added");
		TEST_ASSERT(!added, "a shared page was added");
	}
	td_build_free(&b);
}

void refused_pages_are_freed(const struct subtest_args *args)
{
	char what[32];

	snprintf(what, sizeof(what), "%u pages refused", PAGES);
	refuse_all(NULL);
	TEST_ASSERT(!leaks_pages(LOST, what, refuse_all, NULL),
		    "INIT_MEM_REGION loses pages that it refuses");
}
