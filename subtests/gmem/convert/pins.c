// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages with other references do not become private: EAGAIN, with the first of
 * them in error_offset, and no page of the range converted. The holder still
 * has the same pages as host and guest.
 */
#include <errno.h>

#include "host/pin.h"
#include "kvm/convert.h"
#include "subtests/gmem/tests.h"

struct pinned {
	struct convert_vm cv;
	const struct pin_api *api;
	u64 step;
};

static void hold(struct pinned *t, struct pin *pin, u64 first, u64 pages)
{
	int ret = pin_start(pin, t->api, t->cv.mem + first * PAGE_SIZE,
			    pages * PAGE_SIZE);

	TEST_ASSERT(!ret, "%s of pages %lu+%lu: %s", t->api->name, first, pages,
		    strerror(-ret));
}

/* All were shared, and all are shared afterwards, with their contents. */
static void assert_refused(struct pinned *t, u64 first, u64 pages, u64 held)
{
	u64 error;
	int ret = __convert_set(&t->cv, first, pages, true, &error);

	TEST_ASSERT(ret == -EAGAIN,
		    "pages %lu+%lu to private while %s holds page %lu: %s",
		    first, pages, t->api->name, held,
		    ret ? strerror(-ret) : "no error");
	TEST_ASSERT(error == held,
		    "pages %lu+%lu to private while %s holds page %lu: error_offset is page %ld",
		    first, pages, t->api->name, held, (long)error);
	convert_check(&t->cv);
}

/* The holder's accesses: host and guest find what it writes, and reverse. */
static void use_held(struct pinned *t, struct pin *pin, u64 page)
{
	u64 *model = convert_value(&t->cv, page);
	u8 byte = ++t->step, found;

	if (pin->api->write) {
		TEST_ASSERT_EQ(pin->api->write(pin, 0, byte), 0);
		*model = (*model & ~0xfful) | byte;
		convert_check_page(&t->cv, page);
	}
	convert_guest_write(&t->cv, page, convert_pattern(page, ++t->step));
	if (pin->api->read) {
		TEST_ASSERT_EQ(pin->api->read(pin, 0, &found), 0);
		TEST_ASSERT(found == (u8)*model,
			    "%s reads %#x from page %lu, the guest wrote %#x",
			    pin->api->name, found, page, (u8)*model);
	}
}

/* Page @held is held: ranges with it are refused, others converted. */
static void hold_one(struct pinned *t, u64 held)
{
	struct convert_vm *cv = &t->cv;
	u64 pages = cv->pages, page;
	struct pin pin;

	hold(t, &pin, held, 1);
	assert_refused(t, 0, pages, held);
	assert_refused(t, held, 1, held);
	assert_refused(t, held, pages - held, held);
	for (page = 0; page < pages; page++) {
		if (page == held)
			continue;
		convert_set(cv, page, 1, true);
		convert_check(cv);
	}
	/* Conversion to shared ignores references. */
	convert_set(cv, 0, pages, false);
	convert_check(cv);
	use_held(t, &pin, held);
	pin_stop(&pin);

	convert_set_busy(cv, 0, pages, true);
	convert_check(cv);
	convert_set(cv, 0, pages, false);
	convert_check(cv);
}

/* error_offset is the first held page of the range, not of the file. */
static void hold_two(struct pinned *t, u64 a, u64 b)
{
	u64 pages = t->cv.pages;
	struct pin pin[2];

	hold(t, &pin[0], a, 1);
	hold(t, &pin[1], b, 1);
	assert_refused(t, 0, pages, a);
	assert_refused(t, a + 1, pages - a - 1, b);
	pin_stop(&pin[0]);
	assert_refused(t, 0, pages, b);
	pin_stop(&pin[1]);
	convert_set_busy(&t->cv, 0, pages, true);
	convert_check(&t->cv);
	convert_set(&t->cv, 0, pages, false);
}

static void pages_held(const struct pin_api *api,
		       const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 4), page;
	struct pinned t = { .api = api };

	pages += 2 * (pages < 3);
	convert_vm_create(&t.cv, pages, false);
	for (page = 0; page < pages; page++)
		convert_host_write(&t.cv, page, convert_pattern(page, 0));
	for (page = 0; page < pages; page++)
		hold_one(&t, page);
	hold_two(&t, 0, pages - 1);
	hold_two(&t, 1, pages - 1);
	convert_vm_free(&t.cv);
}

void convert_elevated_refcount(const struct subtest_args *args)
{
	pages_held(&pin_gup_test, args);
}

void convert_pinned_by_io_uring(const struct subtest_args *args)
{
	pages_held(&pin_io_uring, args);
}

void convert_pinned_by_vmsplice(const struct subtest_args *args)
{
	pages_held(&pin_vmsplice, args);
}
