// SPDX-License-Identifier: GPL-2.0-only
/*
 * Conversions that must be refused, as a table: what is wrong with the call,
 * the errno; no page is converted. Each row differs in one thing from a call
 * that works, which is made in between.
 */
#include <errno.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "host/pin.h"
#include "kvm/convert.h"
#include "subtests/gmem/tests.h"

#define PAGES	4

struct row {
	const char *what;
	u64 offset, size, attributes, flags;
	unsigned int reserved;	/* this one, from 1 on, is not zero */
	bool per_vm;		/* also for the per-VM call */
};

#define PRIVATE	KVM_MEMORY_ATTRIBUTE_PRIVATE
#define WHOLE	(PAGES * PAGE_SIZE)

/* All EINVAL. */
static const struct row rows[] = {
	{ "no size", 0, 0, PRIVATE, 0, 0, true },
	{ "size of a byte", 0, 1, PRIVATE, 0, 0, true },
	{ "size of a page less a byte", 0, PAGE_SIZE - 1, PRIVATE, 0, 0, true },
	{ "unaligned offset", 1, PAGE_SIZE, PRIVATE, 0, 0, true },
	{ "offset half a page on", PAGE_SIZE / 2, PAGE_SIZE, PRIVATE, 0, 0, true },
	{ "offset at the end", WHOLE, PAGE_SIZE, PRIVATE, 0, 0, false },
	{ "offset beyond the end", 2 * WHOLE, PAGE_SIZE, PRIVATE, 0, 0, false },
	{ "end beyond the end", 0, WHOLE + PAGE_SIZE, PRIVATE, 0, 0, false },
	{ "last page and one more", WHOLE - PAGE_SIZE, 2 * PAGE_SIZE, PRIVATE,
	  0, 0, false },
	{ "end that wraps to 0", -PAGE_SIZE, PAGE_SIZE, PRIVATE, 0, 0, false },
	{ "end that wraps into it", -PAGE_SIZE, 2 * PAGE_SIZE, PRIVATE, 0, 0, true },
	{ "size that wraps", PAGE_SIZE, -PAGE_SIZE, PRIVATE, 0, 0, true },
	{ "attribute READ", 0, PAGE_SIZE, 1ul << 0, 0, 0, true },
	{ "attribute WRITE", 0, PAGE_SIZE, 1ul << 1, 0, 0, true },
	{ "attribute EXECUTE", 0, PAGE_SIZE, 1ul << 2, 0, 0, true },
	{ "PRIVATE and READ", 0, PAGE_SIZE, PRIVATE | 1, 0, 0, true },
	{ "attribute bit 4", 0, PAGE_SIZE, 1ul << 4, 0, 0, true },
	{ "attribute bit 63", 0, PAGE_SIZE, PRIVATE | 1ul << 63, 0, 0, true },
	{ "flag 0", 0, PAGE_SIZE, PRIVATE, 1, 0, true },
	{ "flag 1", 0, PAGE_SIZE, PRIVATE, 2, 0, true },
	{ "flag 63", 0, PAGE_SIZE, PRIVATE, 1ul << 63, 0, true },
	{ "reserved 0", 0, PAGE_SIZE, PRIVATE, 0, 1, false },
	{ "reserved 1", 0, PAGE_SIZE, PRIVATE, 0, 2, false },
	{ "reserved 10", 0, PAGE_SIZE, PRIVATE, 0, 11, false },
	{ "to shared, no size", 0, 0, 0, 0, 0, true },
	{ "to shared, flag 0", 0, PAGE_SIZE, 0, 1, 0, true },
	{ "to shared, beyond the end", WHOLE, PAGE_SIZE, 0, 0, 0, false },
};

static int call(int fd, const void *arg)
{
	return ioctl(fd, KVM_SET_MEMORY_ATTRIBUTES2, arg) ? -errno : 0;
}

static int call_row(struct convert_vm *cv, int fd, const struct row *r)
{
	struct kvm_memory_attributes2 in_place = {
		.offset = r->offset, .size = r->size,
		.attributes = r->attributes, .flags = r->flags,
	};
	/* Of a VM: takes a gpa, and the file does not matter. */
	struct kvm_memory_attributes per_vm = {
		.address = r->offset, .size = r->size,
		.attributes = r->attributes, .flags = r->flags,
	};

	if (r->reserved)
		in_place.reserved[r->reserved - 1] = 1;
	if (cv->api->in_place)
		return call(fd, &in_place);
	return __vm_ioctl(cv->vm, KVM_SET_MEMORY_ATTRIBUTES, &per_vm) ? -errno :
									0;
}

static void assert_errno(int ret, int want, const char *what)
{
	TEST_ASSERT(ret == -want, "%s: %s, not %s", what,
		    ret ? strerror(-ret) : "no error", strerror(want));
}

/* A refused call changes nothing, in either direction. */
static void try_row(struct convert_vm *cv, const struct row *r)
{
	assert_errno(call_row(cv, cv->fd, r), EINVAL, r->what);
	convert_check(cv);
}

/* The argument is cut, or cannot be read. */
static void bad_pointers(struct convert_vm *cv)
{
	struct kvm_memory_attributes2 good = {
		.size = PAGE_SIZE, .attributes = PRIVATE,
	};
	u8 *two = kvm_mmap(2 * PAGE_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1);
	u8 *cut = two + PAGE_SIZE - sizeof(good) / 2;

	kvm_munmap(two + PAGE_SIZE, PAGE_SIZE);
	memcpy(cut, &good, sizeof(good) / 2);
	assert_errno(call(cv->fd, NULL), EFAULT, "argument at NULL");
	assert_errno(call(cv->fd, (void *)-PAGE_SIZE), EFAULT,
		     "argument of the kernel");
	assert_errno(call(cv->fd, two + PAGE_SIZE), EFAULT,
		     "argument that is not mapped");
	assert_errno(call(cv->fd, cut), EFAULT, "half an argument");
	kvm_munmap(two, PAGE_SIZE);
	convert_check(cv);
}

/* Refused, and the result cannot be written back. */
static void result_cannot_be_written(struct convert_vm *cv)
{
	struct kvm_memory_attributes2 *a;
	struct pin pin;

	a = kvm_mmap(PAGE_SIZE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1);
	a->size = WHOLE;
	a->attributes = PRIVATE;
	TEST_ASSERT_EQ(pin_start(&pin, &pin_vmsplice, cv->mem, PAGE_SIZE), 0);
	assert_errno(call(cv->fd, a), EAGAIN, "a pinned page");
	TEST_ASSERT(!mprotect(a, PAGE_SIZE, PROT_READ), "mprotect()");
	assert_errno(call(cv->fd, a), EFAULT,
		     "a pinned page, with a read-only argument");
	pin_stop(&pin);
	kvm_munmap(a, PAGE_SIZE);
	convert_check(cv);
}

/* A VM without private memory has nothing to convert. */
static void no_private_memory(struct convert_vm *cv)
{
	struct shared_gmem g;
	static const struct row good = {
		"guest_memfd of a default VM", 0, PAGE_SIZE, PRIVATE, 0, 0,
		false,
	};

	shared_gmem_create(&g, PAGES);
	assert_errno(call_row(cv, g.fd, &good), EINVAL, good.what);
	gmem_write_pattern(g.mem, PAGES, 1);
	shared_gmem_free(&g);
}

static void all_rows(struct convert_vm *cv)
{
	unsigned int i, tried = 0;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!cv->api->in_place && !rows[i].per_vm)
			continue;
		try_row(cv, &rows[i]);
		tried++;
	}
	printf("%u of %zu rows apply %s\n", tried, ARRAY_SIZE(rows),
	       cv->api->name);
}

void convert_errors(const struct subtest_args *args)
{
	struct convert_vm cv;
	u64 page;

	convert_vm_create(&cv, PAGES, false);
	for (page = 0; page < PAGES; page++)
		convert_host_write(&cv, page, convert_pattern(page, 0));
	all_rows(&cv);
	if (cv.api->in_place) {
		bad_pointers(&cv);
		result_cannot_be_written(&cv);
		no_private_memory(&cv);
	}

	/* The control: the same range in a valid call. */
	convert_set(&cv, 0, PAGES, true);
	convert_set(&cv, 0, PAGES, true);
	convert_check(&cv);
	all_rows(&cv);
	convert_set(&cv, PAGES - 1, 1, false);
	convert_check(&cv);
	convert_vm_free(&cv);
}
