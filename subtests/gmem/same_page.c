// SPDX-License-Identifier: GPL-2.0-only
/* Do host and guest have the same physical page, also after conversions? */
#include <errno.h>
#include <sched.h>

#include "host/pagemap.h"
#include "host/touch.h"
#include "kvm/convert.h"
#include "same_page.h"
#include "subtests/gmem/tests.h"

#define ECHOES	100

/*
 * A round that the guest began before the write may miss it; the next one reads
 * it.
 */
static bool echo(struct convert_vm *cv, volatile u64 *word, u64 value)
{
	u64 start;

	word[0] = value;
	__sync_synchronize();
	start = READ_ONCE(cv->job->rounds);
	while (READ_ONCE(cv->job->rounds) < start + 2)
		sched_yield();
	__sync_synchronize();
	return word[1] == value;
}

static bool echoes(struct convert_vm *cv, u64 page)
{
	u64 *word = convert_word(cv->mem, page, CONVERT_ECHO_WORD), i;
	pthread_t guest;

	convert_loop_start(cv, &guest, JOB_ECHO, page, 1);
	for (i = 1; i <= ECHOES; i++) {
		if (!echo(cv, word, convert_pattern(page, i)))
			break;
	}
	convert_loop_stop(cv, guest);
	return i > ECHOES;
}

u64 same_page_frame(struct convert_vm *cv, u64 page)
{
	u8 *addr = cv->mem + page * PAGE_SIZE;
	u64 value, pfn;
	int ret;

	ret = touch_read(addr, &value) ?: pagemap_pfn(addr, &pfn);
	TEST_ASSERT(!ret && pfn, "page %lu: no frame: %s", page,
		    strerror(-ret));
	return pfn;
}

static u64 mapcount(u64 pfn)
{
	u64 count;
	int ret = pagemap_mapcount(pfn, &count);

	TEST_ASSERT(!ret, "/proc/kpagecount: %s", strerror(-ret));
	return count;
}

bool same_page(struct convert_vm *cv, u64 page, char *why)
{
	u64 pfn = same_page_frame(cv, page), other;
	char *sep = why;
	bool two;

	*why = '\0';
	if (!echoes(cv, page))
		sep += sprintf(sep, "the guest does not answer; ");
	two = !pagemap_pfn(cv->slot_mem + page * PAGE_SIZE, &other);
	if (two && other != pfn)
		sep += sprintf(sep, "frame %#lx, but %#lx at userspace_addr; ",
			       pfn, other);
	else if (mapcount(pfn) != 1u + two)
		sep += sprintf(sep, "frame %#lx is mapped %lu times; ", pfn,
			       mapcount(pfn));
	if (sep > why)
		sep[-2] = '\0';
	return sep == why;
}

static void assert_same_page(struct convert_vm *cv, u64 page)
{
	char why[SAME_PAGE_WHY];

	TEST_ASSERT(same_page(cv, page, why), "page %lu is not the same: %s",
		    page, why);
}

/* Each check must fail where there are two pages. */
static void two_backings_are_detected(void)
{
	struct convert_vm cv;
	char why[SAME_PAGE_WHY];

	convert_vm_create_shared(&cv, 1, true);
	TEST_ASSERT(!same_page(&cv, 0, why), "two pages passed as one");
	printf("control: two pages: %s\n", why);
	TEST_ASSERT(strstr(why, "does not answer") &&
		    strstr(why, "userspace_addr"),
		    "two pages, and only: %s", why);
	convert_vm_free(&cv);
}

void same_physical_page(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 4), page;
	struct convert_vm cv;

	two_backings_are_detected();
	convert_vm_create_shared(&cv, pages, false);
	for (page = 0; page < pages; page++) {
		assert_same_page(&cv, page);
		convert_host_write(&cv, page, convert_pattern(page, 0));
	}
	convert_check(&cv);
	convert_vm_free(&cv);
}

/* While private it is not mapped; then it is the same frame again. */
static void there_and_back(struct convert_vm *cv, u64 page)
{
	u8 *addr = cv->mem + page * PAGE_SIZE;
	u64 pfn = same_page_frame(cv, page), again;

	convert_set(cv, page, 1, true);
	TEST_ASSERT(pagemap_pfn(addr, &again) == -ENOENT,
		    "page %lu is private, and still mapped", page);
	TEST_ASSERT(mapcount(pfn) == 0,
		    "page %lu is private, frame %#lx is mapped %lu times", page,
		    pfn, mapcount(pfn));
	convert_guest_write(cv, page, convert_pattern(page, 1));
	convert_set(cv, page, 1, false);
	again = same_page_frame(cv, page);
	TEST_ASSERT(again == pfn,
		    "page %lu: frame %#lx has become frame %#lx", page, pfn,
		    again);
	assert_same_page(cv, page);
	convert_check_page(cv, page);
}

void convert_same_page(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 4), page;
	struct convert_vm cv;

	two_backings_are_detected();
	convert_vm_create(&cv, pages, false);
	for (page = 0; page < pages; page++) {
		assert_same_page(&cv, page);
		there_and_back(&cv, page);
	}
	convert_check(&cv);
	convert_vm_free(&cv);
}
