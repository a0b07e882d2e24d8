// SPDX-License-Identifier: GPL-2.0-only
/*
 * Conversion of pages without other references: what each side finds
 * afterwards, page by page, allocated before or not.
 */
#include "kvm/convert.h"
#include "subtests/gmem/tests.h"

static void guest_then_check(struct convert_vm *cv, u64 step)
{
	convert_guest_write(cv, 0, convert_pattern(0, step));
	convert_check(cv);
}

static void host_then_check(struct convert_vm *cv, u64 step)
{
	convert_host_write(cv, 0, convert_pattern(0, step));
	convert_check(cv);
}

void convert_init_private(const struct subtest_args *args)
{
	struct convert_vm cv;

	convert_vm_create(&cv, 1, true);
	convert_check(&cv);
	guest_then_check(&cv, 1);

	convert_set(&cv, 0, 1, false);
	convert_check(&cv);
	host_then_check(&cv, 2);
	guest_then_check(&cv, 3);

	convert_set(&cv, 0, 1, true);
	convert_check(&cv);
	guest_then_check(&cv, 4);
	convert_vm_free(&cv);
}

void convert_init_shared(const struct subtest_args *args)
{
	struct convert_vm cv;

	convert_vm_create(&cv, 1, false);
	convert_check(&cv);
	host_then_check(&cv, 1);
	guest_then_check(&cv, 2);

	convert_set(&cv, 0, 1, true);
	convert_check(&cv);
	guest_then_check(&cv, 3);

	convert_set(&cv, 0, 1, false);
	convert_check(&cv);
	host_then_check(&cv, 4);
	convert_vm_free(&cv);
}

/* One page to the other state and back; all others stay as they were. */
static void index_one(struct convert_vm *cv, u64 page, u64 step)
{
	convert_host_write(cv, page, convert_pattern(page, step));
	convert_set(cv, page, 1, true);
	convert_check(cv);
	convert_guest_write(cv, page, convert_pattern(page, step + 1));
	convert_check(cv);
	convert_set(cv, page, 1, false);
	convert_check(cv);
}

void convert_indexing(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 4), rounds, round, page;
	struct convert_vm cv;

	rounds = args_or(args->iterations, 4);
	convert_vm_create(&cv, pages, false);
	for (page = 0; page < pages; page++)
		convert_host_write(&cv, page, convert_pattern(page, 0));
	for (round = 0; round < rounds; round++) {
		for (page = 0; page < pages; page++)
			index_one(&cv, page, 2 * round + 1);
	}
	convert_vm_free(&cv);
}

/* A range is converted even if it has no pages. */
static void before_allocation(bool to_private)
{
	struct convert_vm cv;

	convert_vm_create(&cv, 1, !to_private);
	convert_set(&cv, 0, 1, to_private);
	convert_check(&cv);
	guest_then_check(&cv, 1);
	convert_set(&cv, 0, 1, !to_private);
	convert_check(&cv);
	convert_vm_free(&cv);
}

void convert_before_allocation_shared(const struct subtest_args *args)
{
	before_allocation(false);
}

void convert_before_allocation_private(const struct subtest_args *args)
{
	before_allocation(true);
}

/* Only page @there is allocated when all are converted, and back. */
static void mostly_unallocated(u64 pages, u64 there)
{
	struct convert_vm cv;

	convert_vm_create(&cv, pages, false);
	convert_host_write(&cv, there, convert_pattern(there, 0));
	convert_set(&cv, 0, pages, true);
	convert_guest_write(&cv, there, convert_pattern(there, 1));
	convert_set(&cv, 0, pages, false);
	convert_check(&cv);
	convert_vm_free(&cv);
}

void convert_unallocated_folios(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 8), page;

	for (page = 0; page < pages; page++)
		mostly_unallocated(pages, page);
}

/*
 * A hole frees the pages and does not change their state: the first half
 * private, the second shared.
 */
void convert_truncate(const struct subtest_args *args)
{
	u64 half = args_or(args->pages, 4), pages = 2 * half, page;
	struct convert_vm cv;

	convert_vm_create(&cv, pages, false);
	convert_set(&cv, 0, half, true);
	for (page = 0; page < pages; page++)
		convert_guest_write(&cv, page, convert_pattern(page, 0));
	convert_check(&cv);

	convert_punch(&cv, half - 1, 2);
	convert_check(&cv);
	convert_punch(&cv, 0, pages);
	convert_check(&cv);

	convert_set(&cv, 0, pages, false);
	convert_check(&cv);
	convert_vm_free(&cv);
}

/* The first VM's conversions do not change the second's pages. */
void convert_two_vms(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 4), page;
	struct convert_vm cv[2];

	convert_vm_create(&cv[0], pages, false);
	convert_vm_create(&cv[1], pages, true);
	for (page = 0; page < pages; page++) {
		convert_guest_write(&cv[0], page, convert_pattern(page, 0));
		convert_guest_write(&cv[1], page, convert_pattern(page, 1));
	}
	for (page = 0; page < pages; page++) {
		convert_set(&cv[page % 2], page, 1, !(page % 2));
		convert_check(&cv[0]);
		convert_check(&cv[1]);
	}
	convert_punch(&cv[0], 0, pages);
	convert_check(&cv[1]);
	convert_vm_free(&cv[0]);
	convert_set(&cv[1], 0, pages, false);
	convert_check(&cv[1]);
	convert_vm_free(&cv[1]);
}
