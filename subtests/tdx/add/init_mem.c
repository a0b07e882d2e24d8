// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest reads what KVM_TDX_INIT_MEM_REGION added: every byte, through the
 * tables that KVM built. Each quadword names its GPA, so that one in a wrong
 * place shows where it comes from.
 */
#include <stdio.h>
#include <string.h>

#include "subtests/tdx/tests.h"
#include "subtests/tdx/words.h"
#include "tdx/guest.h"
#include "tdx/vm.h"

#define VCPUS_MAX	2u
#define WORD		sizeof(u64)
#define WRONG_MAX	16
#define SALT		1

enum sync { SYNC_WRONG, SYNC_CHECKED };

/* The GPA of the first byte in which two words at @gpa differ. */
static gpa_t gpa_of_byte(gpa_t gpa, u64 got, u64 want)
{
	return gpa + __builtin_ctzl(got ^ want) / 8;
}

/* Report the first wrong byte. */
static bool guest_check_page(gpa_t gpa)
{
	const volatile u64 *word = td_private(gpa);
	gpa_t end = gpa + PAGE_SIZE;

	for (; gpa < end; gpa += WORD, word++) {
		u64 got = *word, want = word_of(gpa, SALT);

		if (got == want)
			continue;
		GUEST_SYNC_ARGS(SYNC_WRONG, gpa_of_byte(gpa, got, want), got,
				want, 0);
		return false;
	}
	return true;
}

static void guest_check(gpa_t gpa, u64 pages, unsigned int *wrong)
{
	for (; pages && *wrong < WRONG_MAX; pages--, gpa += PAGE_SIZE)
		*wrong += !guest_check_page(gpa);
}

static void guest_checks_all(gpa_t gpa, u64 pages, gpa_t gpa2, u64 pages2)
{
	unsigned int wrong = 0;

	guest_check(gpa, pages, &wrong);
	guest_check(gpa2, pages2, &wrong);
	GUEST_SYNC_ARGS(SYNC_CHECKED, wrong, 0, 0, 0);
	GUEST_DONE();
}

/* Two areas: one that large pages could map and more, one unaligned. */
struct checked {
	struct td_vm *tv;
	unsigned int nr_vcpus;
	struct td_area big, odd;
	/* Results of the vCPUs; each has its own. */
	gpa_t wrong[VCPUS_MAX][WRONG_MAX];
	unsigned int nr_wrong[VCPUS_MAX];
	bool checked[VCPUS_MAX];
};

static void fill(const struct td_area *area)
{
	u64 *word = (u64 *)area->hva, i;

	for (i = 0; i < area->mem.pages * PAGE_SIZE / WORD; i++)
		word[i] = word_of(area->mem.gpa + i * WORD, SALT);
}

static u8 *source_of(struct checked *c, gpa_t gpa)
{
	return addr_gpa2hva(c->tv->vm, gpa);
}

static void create(struct checked *c, u64 pages)
{
	unsigned int i;

	*c = (struct checked) {};
	c->nr_vcpus = min(td_max_vcpus(), VCPUS_MAX);
	c->tv = td_new(c->nr_vcpus, guest_checks_all, NULL);
	td_area_add(c->tv, &c->big, TD_GPA, pages, TD_AREA_INIT);
	td_area_add(c->tv, &c->odd, TD_GPA + (2 * pages + 5) * PAGE_SIZE, 37,
		    TD_AREA_FRESH);
	fill(&c->big);
	fill(&c->odd);
	for (i = 0; i < c->nr_vcpus; i++)
		td_args(c->tv, i, 4, c->big.mem.gpa, c->big.mem.pages,
			c->odd.mem.gpa, c->odd.mem.pages);
}

/* The unaligned area page by page, from its end: any order is allowed. */
static void load(struct checked *c)
{
	u64 i;

	td_load(c->tv);
	for (i = c->odd.mem.pages; i > 0; i--)
		td_add(c->tv, c->odd.hva + (i - 1) * PAGE_SIZE,
		       c->odd.mem.gpa + (i - 1) * PAGE_SIZE, 1);
	td_finalize(c->tv->td);

	/* The pages were copied: the source may change. */
	memset(c->big.hva, 0xaa, c->big.mem.pages * PAGE_SIZE);
	memset(c->odd.hva, 0xaa, c->odd.mem.pages * PAGE_SIZE);
}

static bool in_area(const struct td_area *area, gpa_t gpa)
{
	return gpa >= area->mem.gpa &&
	       gpa < area->mem.gpa + area->mem.pages * PAGE_SIZE;
}

static void say_wrong(struct checked *c, unsigned int vcpu, gpa_t gpa, u64 got,
		      u64 want)
{
	gpa_t origin = word_gpa(got);
	char whose[64] = "";

	if (in_area(&c->big, origin) || in_area(&c->odd, origin))
		snprintf(whose, sizeof(whose), ", but that of gpa %#lx",
			 origin);
	printf("vCPU %u: gpa %#lx: the word here is %#lx, not %#lx%s\n", vcpu,
	       gpa, got, want, whose);
}

static void on_sync(struct td_vm *tv, unsigned int vcpu,
		    const struct ucall *uc, void *arg)
{
	struct checked *c = arg;

	if (td_sync_value(uc) == SYNC_CHECKED) {
		TEST_ASSERT_EQ(uc->args[2], (u64)c->nr_wrong[vcpu]);
		c->checked[vcpu] = true;
		return;
	}
	say_wrong(c, vcpu, uc->args[2], uc->args[3], uc->args[4]);
	c->wrong[vcpu][c->nr_wrong[vcpu]++] = uc->args[2];
}

static void run_and_free(struct checked *c)
{
	unsigned int i;

	td_run_all(c->tv, on_sync, c);
	for (i = 0; i < c->nr_vcpus; i++)
		TEST_ASSERT(c->checked[i], "vCPU %u did not check", i);
	td_end(c->tv);
}

static void all_is_right(u64 pages)
{
	struct checked c;
	unsigned int i;

	create(&c, pages);
	load(&c);
	run_and_free(&c);
	for (i = 0; i < c.nr_vcpus; i++)
		TEST_ASSERT(!c.nr_wrong[i], "vCPU %u: gpa %#lx is wrong", i,
			    c.wrong[i][0]);
}

/* The control: wrong bytes in the source are reported, and no others. */
static void wrong_bytes_are_named(u64 pages)
{
	gpa_t end = TD_GPA + pages * PAGE_SIZE, wrong[4];
	struct checked c;
	unsigned int i, j;

	create(&c, pages);
	wrong[0] = TD_GPA;
	wrong[1] = TD_GPA + pages / 2 * PAGE_SIZE + 1003;
	wrong[2] = end - 1;
	wrong[3] = c.odd.mem.gpa + 7 * PAGE_SIZE + 4091;
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		*source_of(&c, wrong[i]) ^= 0x10;
	load(&c);
	printf("%u vCPUs must find these:\n", c.nr_vcpus);
	run_and_free(&c);
	for (i = 0; i < c.nr_vcpus; i++) {
		TEST_ASSERT(c.nr_wrong[i] == ARRAY_SIZE(wrong),
			    "vCPU %u: %u bytes of %zu found", i, c.nr_wrong[i],
			    ARRAY_SIZE(wrong));
		for (j = 0; j < ARRAY_SIZE(wrong); j++)
			TEST_ASSERT_EQ(c.wrong[i][j], wrong[j]);
	}
}

/* ... and a page in a wrong place is not reported as corrupt. */
static void words_tell_their_place(void)
{
	gpa_t gpa = TD_GPA + 123 * PAGE_SIZE + 8;

	TEST_ASSERT_EQ(word_gpa(word_of(gpa, SALT)), gpa);
	TEST_ASSERT_EQ(word_salt(word_of(gpa, SALT)), SALT);
	TEST_ASSERT_EQ(word_gpa(word_of(0, SALT)), (gpa_t)0);
}

void guest_reads_init_mem(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, PAGES_2M + 88);

	words_tell_their_place();
	all_is_right(pages);
	wrong_bytes_are_named(pages);
}
