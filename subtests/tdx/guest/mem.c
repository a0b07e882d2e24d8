// SPDX-License-Identifier: GPL-2.0-only
/*
 * Private memory that a running TD gets: faulted in by KVM (TDH.MEM.PAGE.AUG),
 * accepted by the guest (TDG.MEM.PAGE.ACCEPT), once and at the level at which
 * it is mapped. What the guest sees is compared with KVM's counts.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kvm/gmem.h"
#include "subtests/tdx/guest_code/ve.h"
#include "subtests/tdx/tests.h"
#include "subtests/tdx/words.h"
#include "td.h"

#define SIZE_2M		(PAGES_2M * PAGE_SIZE)
#define SALT		1

/* ---- private_fault_aug_accept -------------------------------------------- */

/* Around a 2 MiB boundary, so that two tables are created. */
#define FAULTED		40
#define FAULTED_GPA	(TD_GPA + SIZE_2M - 17 * PAGE_SIZE)
#define RACED		24
#define RACED_GPA	(TD_GPA + 3 * SIZE_2M - 5 * PAGE_SIZE)
#define FD_PAGE		3

enum touch { BY_ACCEPT, BY_READ, BY_WRITE, BY_ATOMIC, TOUCHES };

/* Touch fresh memory so that it stays zero; true if it must cause a #VE. */
static bool touch(gpa_t gpa, enum touch how)
{
	u64 *word = td_private(gpa), status;

	switch (how) {
	case BY_READ:
		READ_ONCE(*word);
		return true;
	case BY_WRITE:
		WRITE_ONCE(*word, 0);
		return true;
	case BY_ATOMIC:
		/* A compiler may replace an atomic add of 0 by a fence. */
		asm volatile("lock addq $0, %0" : "+m"(*word));
		return true;
	default:
		status = td_accept_page(gpa, TDX_LEVEL_4K);
		__GUEST_ASSERT(!status, "accept of gpa %#lx: status %#lx", gpa,
			       status);
		return false;
	}
}

/* Not in the order of GPAs. */
static gpa_t shuffled(gpa_t gpa, u64 pages, u64 i)
{
	return gpa + i * 7 % pages * PAGE_SIZE;
}

static void fresh_page(gpa_t gpa, enum touch how)
{
	u64 seen = ve_seen();
	bool ve;

	guest_at(0, gpa);
	ve = touch(gpa, how);
	guest_words_check(td_private(gpa), 1, 0);
	__GUEST_ASSERT(ve_seen() == seen + ve, "gpa %#lx: %lu #VE, not %u", gpa,
		       ve_seen() - seen, ve);
	guest_words_write(td_private(gpa), 1, SALT);
}

static void guest_faults(gpa_t gpa, u64 pages)
{
	u64 i;

	td_on_ve(ve_accept);
	guest_at(0, 0);
	GUEST_SYNC(0);
	for (i = 0; i < pages; i++) {
		fresh_page(shuffled(gpa, pages, i), i % TOUCHES);
		GUEST_SYNC(shuffled(gpa, pages, i));
	}
	guest_words_check(td_private(gpa), pages, SALT);
	GUEST_DONE();
}

/* One vCPU: each page adds one to KVM's counts. */
static void faults_are_counted(void)
{
	struct td_area area;
	struct guest_td g;
	u64 mapped, i;
	int fd;

	guest_td_new(&g, 1, guest_faults, 0);
	/* The area's last page is the last of its guest_memfd. */
	fd = gmem_create(g.vm, FD_PAGE + FAULTED, 0);
	td_area_add_fd(g.tv, &area, FAULTED_GPA, FAULTED, TD_AREA_FRESH, fd,
		       FD_PAGE);
	td_args(g.tv, 0, 2, area.mem.gpa, area.mem.pages);
	guest_td_start(&g);

	td_run_until_sync(g.tv, 0, NULL);
	mapped = guest_td_mapped(&g);
	for (i = 0; i < FAULTED; i++) {
		gpa_t gpa = td_run_until_sync(g.tv, 0, NULL);

		TEST_ASSERT_EQ(gpa, shuffled(area.mem.gpa, FAULTED, i));
		assert_mapped(g.vm, mapped + i + 1, "gpa %#lx taken", gpa);
	}
	td_run_until_done(g.tv, 0);
	assert_mapped(g.vm, mapped + FAULTED, "all of it read again");
	guest_td_end(&g);
	kvm_close(fd);
}

static u64 winners[RACED];

/* All at once. One vCPU accepts the page; no increment is lost. */
static void race_for_page(unsigned int vcpu, u64 i)
{
	gpa_t gpa = RACED_GPA + i * PAGE_SIZE;
	u64 *word = td_private(gpa), status;

	guest_at(vcpu, gpa);
	if (i % 2) {
		__atomic_fetch_add(word, 1, __ATOMIC_SEQ_CST);
		return;
	}
	status = td_accept_page(gpa, TDX_LEVEL_4K);
	if (!status)
		__atomic_fetch_add(&winners[i], 1, __ATOMIC_SEQ_CST);
	else if (tdx_status(status) != TDX_PAGE_ALREADY_ACCEPTED)
		GUEST_FAIL("accept of gpa %#lx: status %#lx", gpa, status);
	__atomic_fetch_add(word, 1, __ATOMIC_SEQ_CST);
}

static void check_raced(u64 i, u64 nr_vcpus)
{
	gpa_t gpa = RACED_GPA + i * PAGE_SIZE;
	u64 *word = td_private(gpa);

	__GUEST_ASSERT(*word == nr_vcpus,
		       "gpa %#lx: %lu increments by %lu vCPUs are left", gpa,
		       *word, nr_vcpus);
	if (i % 2 == 0)
		__GUEST_ASSERT(winners[i] == 1, "gpa %#lx: accepted %lu times",
			       gpa, winners[i]);
	*word = 0;
	guest_words_check(word, 1, 0);
}

/* A vCPU's own pages, between those of the others. */
static void take_own_pages(u64 vcpu, u64 nr)
{
	gpa_t gpa;
	u64 i;

	for (i = vcpu; i < FAULTED; i += nr) {
		gpa = FAULTED_GPA + i * PAGE_SIZE;
		guest_at(vcpu, gpa);
		touch(gpa, i / nr % TOUCHES);
		guest_words_check(td_private(gpa), 1, 0);
		guest_words_write(td_private(gpa), 1, SALT + vcpu);
	}
}

static void guest_race(u64 vcpu, u64 nr)
{
	u64 i;

	td_on_ve(ve_accept);
	guest_at(vcpu, 0);
	if (!vcpu)
		GUEST_SYNC(0);
	guest_meet(nr);
	take_own_pages(vcpu, nr);
	guest_meet(nr);
	for (i = 0; i < RACED; i++)
		race_for_page(vcpu, i);
	guest_meet(nr);
	guest_at(vcpu, 0);
	if (!vcpu) {
		for (i = 0; i < RACED; i++)
			check_raced(i, nr);
		GUEST_SYNC(1);
	}
	/* ... and what the others have written, too. */
	for (i = 0; i < FAULTED; i++)
		guest_words_check(td_private(FAULTED_GPA + i * PAGE_SIZE), 1,
				  SALT + i % nr);
	guest_meet(nr);
	GUEST_DONE();
}

/* Only vCPU 0 makes ucalls until then: no shared page is mapped. */
static void count_race(struct td_vm *tv, unsigned int vcpu,
		       const struct ucall *uc, void *arg)
{
	struct guest_td *g = arg;
	static u64 mapped;

	if (td_sync_value(uc) == 0)
		mapped = guest_td_mapped(g);
	else
		assert_mapped(tv->vm, mapped + FAULTED + RACED,
			      "%u pages by one vCPU each, %u by all at once",
			      FAULTED, RACED);
}

static void vcpus_fault_at_once(void)
{
	struct td_area own, raced;
	struct guest_td g;
	unsigned int i;

	guest_td_new(&g, guest_td_vcpus(), guest_race, 0);
	td_area_add(g.tv, &own, FAULTED_GPA, FAULTED, TD_AREA_FRESH);
	td_area_add(g.tv, &raced, RACED_GPA, RACED, TD_AREA_FRESH);
	for (i = 0; i < g.nr_vcpus; i++)
		td_args(g.tv, i, 2, (u64)i, (u64)g.nr_vcpus);
	guest_td_start(&g);
	td_run_all(g.tv, count_race, &g);
	printf("%u vCPUs\n", g.nr_vcpus);
	guest_td_end(&g);
}

void private_fault_aug_accept(const struct subtest_args *args)
{
	faults_are_counted();
	vcpus_fault_at_once();
}

/* ---- accept_twice -------------------------------------------------------- */

#define INIT_PAGES	3
#define FRESH_PAGES	5
#define INIT_GPA	TD_GPA
#define FRESH_GPA	(TD_GPA + SIZE_2M)

static void accept_again(gpa_t gpa, u16 salt)
{
	u64 status = td_accept_page(gpa, TDX_LEVEL_4K);

	__GUEST_ASSERT(status == (TDX_PAGE_ALREADY_ACCEPTED | TDX_LEVEL_4K),
		       "gpa %#lx accepted twice: status %#lx", gpa, status);
	guest_words_check(td_private(gpa), 1, salt);
}

static void guest_accepts_twice(u64 vcpu, u64 nr)
{
	u64 i;

	td_on_ve(ve_accept);
	guest_at(vcpu, 0);
	if (!vcpu) {
		/* By #VE and by hand. */
		READ_ONCE(*(u64 *)td_private(FRESH_GPA));
		td_accept(FRESH_GPA + PAGE_SIZE, (FRESH_PAGES - 1) * PAGE_SIZE,
			  NULL);
		guest_words_write(td_private(FRESH_GPA), FRESH_PAGES, SALT + 1);
		GUEST_SYNC(0);
	}
	guest_meet(nr);
	for (i = 0; i < INIT_PAGES; i++)
		accept_again(INIT_GPA + i * PAGE_SIZE, SALT);
	for (i = 0; i < FRESH_PAGES; i++)
		accept_again(FRESH_GPA + i * PAGE_SIZE, SALT + 1);
	guest_meet(nr);
	if (!vcpu)
		GUEST_SYNC(1);
	GUEST_DONE();
}

static void count_twice(struct td_vm *tv, unsigned int vcpu,
			const struct ucall *uc, void *arg)
{
	static u64 mapped;

	if (td_sync_value(uc) == 0)
		mapped = guest_td_mapped(arg);
	else
		assert_mapped(tv->vm, mapped, "accepted twice");
}

void accept_twice(const struct subtest_args *args)
{
	struct td_area init, fresh;
	struct guest_td g;
	unsigned int i;

	guest_td_new(&g, guest_td_vcpus(), guest_accepts_twice, 0);
	td_area_add(g.tv, &init, INIT_GPA, INIT_PAGES, TD_AREA_INIT);
	td_area_add(g.tv, &fresh, FRESH_GPA, FRESH_PAGES, TD_AREA_FRESH);
	area_write(&init, INIT_GPA, INIT_PAGES, SALT);
	for (i = 0; i < g.nr_vcpus; i++)
		td_args(g.tv, i, 2, (u64)i, (u64)g.nr_vcpus);
	guest_td_start(&g);
	td_run_all(g.tv, count_twice, &g);
	guest_td_end(&g);
}

/* ---- accept_level_mismatch ----------------------------------------------- */

#define LARGE_GPA	TD_GPA
#define LARGE_PAGES	(PAGES_2M + 3)

enum { SYNC_BEFORE, SYNC_TRIED, SYNC_ACCEPTED };

/* Invalid GPAs and levels of this TD: no exit to the host. */
static void accept_nonsense(void)
{
	static const struct {
		gpa_t gpa;
		unsigned int level;
	} bad[] = {
		{ LARGE_GPA + PAGE_SIZE, TDX_LEVEL_2M },
		{ LARGE_GPA, 2 },
		{ LARGE_GPA, 7 },
		{ LARGE_GPA + 8, TDX_LEVEL_4K },
		{ LARGE_GPA | TD_SHARED, TDX_LEVEL_4K },
		{ LARGE_GPA | BIT_ULL(TDX_GPA_WIDTH), TDX_LEVEL_4K },
	};
	unsigned int i;
	u64 status;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		status = td_accept_page(bad[i].gpa, bad[i].level);
		__GUEST_ASSERT(status ==
			       (TDX_OPERAND_INVALID | TDX_OPERAND_RCX),
			       "accept of gpa %#lx, level %u: status %#lx",
			       bad[i].gpa, bad[i].level, status);
	}
}

static void guest_accepts_2m(void)
{
	struct td_accepted done = {};
	u64 status;

	guest_at(0, 0);
	accept_nonsense();
	GUEST_SYNC(SYNC_BEFORE);
	guest_at(0, LARGE_GPA);
	status = td_accept_page(LARGE_GPA, TDX_LEVEL_2M);
	GUEST_SYNC_ARGS(SYNC_TRIED, status, 0, 0, 0);

	if (status) {
		td_accept(LARGE_GPA, SIZE_2M, &done);
		GUEST_ASSERT_EQ(done.mismatches, 1ul);
		GUEST_ASSERT_EQ(done.pages_4k, (u64)PAGES_2M);
		GUEST_ASSERT_EQ(done.pages_2m, 0ul);
	}
	td_accept(LARGE_GPA + SIZE_2M, 3 * PAGE_SIZE, NULL);
	guest_words_check(td_private(LARGE_GPA), LARGE_PAGES, 0);
	guest_words_write(td_private(LARGE_GPA), LARGE_PAGES, SALT);
	guest_words_check(td_private(LARGE_GPA), LARGE_PAGES, SALT);
	GUEST_SYNC(SYNC_ACCEPTED);
	GUEST_DONE();
}

static void assert_counts(struct kvm_vm *vm, const struct page_counts *before,
			  u64 pages_4k, u64 pages_2m, const char *when)
{
	struct page_counts now;

	page_counts_read(vm, &now);
	TEST_ASSERT(now.pages_4k == before->pages_4k + pages_4k &&
		    now.pages_2m == before->pages_2m + pages_2m &&
		    now.pages_1g == before->pages_1g,
		    "%s: %lu pages of 4K, %lu of 2M, %lu of 1G more, not %lu, %lu, 0",
		    when, now.pages_4k - before->pages_4k,
		    now.pages_2m - before->pages_2m,
		    now.pages_1g - before->pages_1g, pages_4k, pages_2m);
}

/* KVM chooses the level, but its counts must agree. */
static bool assert_tried(struct guest_td *g, const struct page_counts *before)
{
	struct ucall uc;
	u64 status;

	TEST_ASSERT_EQ(td_run_until_sync(g->tv, 0, &uc), (u64)SYNC_TRIED);
	status = uc.args[2];
	if (!status) {
		assert_counts(g->vm, before, 0, 1, "accepted as 2M");
		return true;
	}
	TEST_ASSERT(status == (TDX_PAGE_SIZE_MISMATCH | TDX_LEVEL_2M),
		    "gpa %#lx accepted as 2M: status %#lx", LARGE_GPA, status);
	assert_counts(g->vm, before, 1, 0, "cannot be accepted as 2M");
	return false;
}

void accept_level_mismatch(const struct subtest_args *args)
{
	struct page_counts before;
	struct td_area area;
	struct guest_td g;
	bool large;

	guest_td_new(&g, 1, guest_accepts_2m, 0);
	td_area_add(g.tv, &area, LARGE_GPA, LARGE_PAGES, TD_AREA_FRESH);
	guest_td_start(&g);
	TEST_ASSERT_EQ(td_run_until_sync(g.tv, 0, NULL), (u64)SYNC_BEFORE);
	page_counts_read(g.vm, &before);

	large = assert_tried(&g, &before);
	printf("KVM maps private memory of TDs by pages of %s\n",
	       large ? "2M" : "4K");
	TEST_ASSERT_EQ(td_run_until_sync(g.tv, 0, NULL), (u64)SYNC_ACCEPTED);
	if (large)
		assert_counts(g.vm, &before, 3, 1, "all of it accepted");
	else
		assert_counts(g.vm, &before, LARGE_PAGES, 0,
			      "all of it accepted");
	td_run_until_done(g.tv, 0);
	guest_td_end(&g);
}

/* ---- unaccepted_access_ends_td ------------------------------------------- */

#define TOUCHED_GPA	((gpa_t)(TD_GPA + 3 * PAGE_SIZE))

enum { BY_FETCH = TOUCHES };

static void guest_touches(gpa_t gpa, u64 how, u64 nr)
{
	guest_meet(nr);
	if (td_vcpu_index()) {
		for (;;)
			cpu_relax();
	}
	guest_at(0, gpa);
	GUEST_SYNC(0);
	if (how == BY_FETCH)
		((void (*)(void))td_private(gpa))();
	else
		touch(gpa, how);
	GUEST_SYNC(1);
	GUEST_DONE();
}

static void assert_dead(struct guest_td *g, const char *when)
{
	struct td_exit e;
	unsigned int i;

	TEST_ASSERT(!td_alive(g->tv->td), "%s: the VM still lives", when);
	for (i = 0; i < g->nr_vcpus; i++) {
		td_run(g->tv, i, &e);
		TEST_ASSERT(e.error == -EIO, "%s: KVM_RUN of vCPU %u: %s", when,
			    i, e.error ? strerror(-e.error) : "success");
	}
}

static void *run_until_dead(void *arg)
{
	struct guest_td *g = arg;
	struct td_exit e;
	char text[256];

	td_run(g->tv, 1, &e);
	TEST_ASSERT(e.error == -EIO, "vCPU 1 of a TD that is dead: %s",
		    td_exit_text(g->tv, 1, &e, text, sizeof(text)));
	return NULL;
}

/* The other vCPU loops in the guest: its KVM_RUN ends, too. */
static void access_ends_td(u64 how, const char *when)
{
	unsigned int nr = min(guest_td_vcpus(), 2u), i;
	struct td_area area;
	struct guest_td g;
	pthread_t thread;
	struct td_exit e;
	char text[256];
	u64 mapped;

	guest_td_new(&g, nr, guest_touches, TD_ATTR_SEPT_VE_DISABLE);
	td_area_add(g.tv, &area, TD_GPA, 8, TD_AREA_FRESH);
	for (i = 0; i < nr; i++)
		td_args(g.tv, i, 3, TOUCHED_GPA, how, (u64)nr);
	guest_td_start(&g);
	if (nr > 1)
		TEST_ASSERT(!pthread_create(&thread, NULL, run_until_dead, &g),
			    "a thread");
	td_run_until_sync(g.tv, 0, NULL);
	mapped = guest_td_mapped(&g);

	td_run(g.tv, 0, &e);
	TEST_ASSERT(e.error == -EIO, "%s of gpa %#lx before it is accepted: %s",
		    when, TOUCHED_GPA,
		    td_exit_text(g.tv, 0, &e, text, sizeof(text)));
	assert_mapped(g.vm, mapped + 1, "%s before accept", when);
	if (nr > 1)
		pthread_join(thread, NULL);
	assert_dead(&g, when);
	guest_td_end(&g);
}

/* #VE has the GPA and the access; after the handler's accept it goes on. */
static void ve_once(gpa_t gpa, enum touch how)
{
	u64 seen = ve_seen(), taken = ve_accepted();
	u64 want = how == BY_READ ? EPT_QUAL_READ : EPT_QUAL_WRITE;
	const struct tdg_ve *ve = ve_last();

	guest_at(0, gpa);
	touch(gpa, how);
	__GUEST_ASSERT(ve_seen() == seen + 1 && ve_accepted() == taken + 1,
		       "gpa %#lx: %lu #VE, %lu pages accepted", gpa,
		       ve_seen() - seen, ve_accepted() - taken);
	__GUEST_ASSERT((ve->gpa & PAGE_MASK) == gpa &&
		       ve->gla == (u64)td_private(gpa) && ve->qual & want,
		       "gpa %#lx: #VE has gpa %#lx, gla %#lx, qualification %#lx",
		       gpa, ve->gpa, ve->gla, ve->qual);
	touch(gpa, how);
	__GUEST_ASSERT(ve_seen() == seen + 1, "gpa %#lx: #VE once more", gpa);
	guest_words_check(td_private(gpa), 1, 0);
}

static void guest_lives(gpa_t gpa)
{
	td_on_ve(ve_accept);
	guest_at(0, 0);
	GUEST_SYNC(0);
	ve_once(gpa, BY_READ);
	ve_once(gpa + PAGE_SIZE, BY_WRITE);
	ve_once(gpa + 2 * PAGE_SIZE, BY_ATOMIC);
	GUEST_SYNC(1);
	GUEST_DONE();
}

static void access_is_ve(void)
{
	struct td_area area;
	struct guest_td g;
	u64 mapped;

	guest_td_new(&g, 1, guest_lives, 0);
	td_area_add(g.tv, &area, TD_GPA, 8, TD_AREA_FRESH);
	td_args(g.tv, 0, 1, TOUCHED_GPA);
	guest_td_start(&g);
	td_run_until_sync(g.tv, 0, NULL);
	mapped = guest_td_mapped(&g);
	td_run_until_sync(g.tv, 0, NULL);
	assert_mapped(g.vm, mapped + 3, "three pages accepted in #VE");
	td_run_until_done(g.tv, 0);
	guest_td_end(&g);
}

void unaccepted_access_ends_td(const struct subtest_args *args)
{
	struct module_counts before;

	module_counts_read(&before);
	access_is_ve();
	access_ends_td(BY_READ, "read");
	access_ends_td(BY_WRITE, "write");
	access_ends_td(BY_ATOMIC, "atomic operation");
	access_ends_td(BY_FETCH, "execution");
	assert_module_counts(&before, "after TDs that touched unaccepted memory");
}
