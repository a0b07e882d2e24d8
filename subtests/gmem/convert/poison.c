// SPDX-License-Identifier: GPL-2.0-only
/*
 * Conversion of a poisoned page (MADV_HWPOISON, as if memory had failed). KVM
 * may refuse it, as the page has another reference, or do it; in both cases the
 * page can never be read, its neighbours do not change, and after a hole there
 * is a good page.
 */
#include <errno.h>
#include <sys/mman.h>

#include "host/touch.h"
#include "kvm/convert.h"
#include "subtests/gmem/tests.h"

#define PAGES	4
#define BAD	1

static void poison(struct convert_vm *cv, u64 page)
{
	int ret = touch_poison(cv->mem + page * PAGE_SIZE, PAGE_SIZE);

	TEST_ASSERT(!ret, "MADV_HWPOISON: %s", strerror(-ret));
}

static void assert_host_fails(struct convert_vm *cv, u64 page, int want)
{
	u64 value;
	int ret = touch_read(convert_word(cv->mem, page, 0), &value);

	TEST_ASSERT(ret == want, "the host reads the poisoned page: %s, not %s",
		    ret ? strerror(-ret) : "no SIGBUS", strerror(-want));
}

/* KVM_RUN fails by EHWPOISON: no page for the guest. */
static void assert_guest_fails(struct convert_vm *cv, u64 page)
{
	int ret;

	*cv->job = (struct convert_job){
		.op = JOB_WRITE, .first = page,
		.expect = *convert_value(cv, page),
		.value = *convert_value(cv, page),
	};
	ret = __convert_run(cv);
	TEST_ASSERT(ret == -EHWPOISON,
		    "the guest reads the poisoned page: KVM_RUN: %s",
		    ret ? strerror(-ret) : "no error");
}

static void check_others(struct convert_vm *cv, bool guest)
{
	u64 page;

	for (page = 0; page < cv->pages; page++) {
		if (page == BAD)
			continue;
		if (guest)
			convert_check_page(cv, page);
		else
			convert_check_host(cv, page);
	}
}

/* Refused, as for any held page, or done: all pages or none. */
static void try_private(struct convert_vm *cv)
{
	u64 error, page;
	int ret = __convert_set(cv, 0, cv->pages, true, &error);

	printf("to private: %s\n", ret ? strerror(-ret) : "done");
	TEST_ASSERT(!ret || (ret == -EAGAIN && error == BAD),
		    "all pages to private: %s, error_offset page %ld",
		    strerror(-ret), (long)error);
	for (page = 0; !ret && page < cv->pages; page++)
		cv->page[page].private = true;
	check_others(cv, true);
	assert_host_fails(cv, BAD, ret ? -EHWPOISON : -EFAULT);
}

void convert_poisoned_page(const struct subtest_args *args)
{
	struct convert_vm cv;
	u64 page;

	convert_vm_create(&cv, PAGES, false);
	for (page = 0; page < PAGES; page++)
		convert_host_write(&cv, page, convert_pattern(page, 0));
	poison(&cv, BAD);
	assert_host_fails(&cv, BAD, -EHWPOISON);
	try_private(&cv);
	assert_guest_fails(&cv, BAD);

	/* From here on the guest waits for that page. */
	convert_set(&cv, 0, PAGES, false);
	check_others(&cv, false);
	assert_host_fails(&cv, BAD, -EHWPOISON);

	/*
	 * The bad page is freed now. Its poison entry in the page table
	 * outlives a hole; MADV_DONTNEED removes it.
	 */
	convert_punch(&cv, BAD, 1);
	TEST_ASSERT(!madvise(cv.mem + BAD * PAGE_SIZE, PAGE_SIZE,
			     MADV_DONTNEED),
		    "MADV_DONTNEED: %s", strerror(errno));
	convert_check_page(&cv, BAD);
	convert_check(&cv);
	convert_set_busy(&cv, 0, PAGES, true);
	convert_check(&cv);
	convert_vm_free(&cv);
}
