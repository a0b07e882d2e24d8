// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that the guest converts by MapGPA, to shared and back: what KVM passes
 * to the VMM, the answer, and what both sides read afterwards.
 */
#include <errno.h>
#include <stdio.h>

#include "kvm/gmem.h"
#include "subtests/tdx/guest_code/ve.h"
#include "subtests/tdx/older.h"
#include "subtests/tdx/tests.h"
#include "subtests/tdx/words.h"
#include "td.h"

#define SIZE_2M		(PAGES_2M * PAGE_SIZE)

/* Writers, in the order of time. */
enum { NOTHING, FIRST, HOST, GUEST, HOST_AGAIN, GUEST_PRIVATE };

/* ---- what KVM passes to the VMM ------------------------------------------ */

#define REQUESTS_MAX	64

struct request {
	gpa_t gpa;
	u64 size;
	bool to_private;
};

/* The requests, in order; the answers that are not 0. */
struct hook {
	struct request requests[REQUESTS_MAX];
	unsigned int nr;
	unsigned int refuse_nr;	/* request to @refuse, from 1; 0: none */
	int refuse;
};

static void assert_hypercall(struct kvm_run *run, bool to_private)
{
	u64 flags = KVM_MAP_GPA_RANGE_PAGE_SZ_4K |
		    (to_private ? KVM_MAP_GPA_RANGE_ENCRYPTED :
				  KVM_MAP_GPA_RANGE_DECRYPTED);

	TEST_ASSERT_EQ(run->hypercall.nr, (u64)KVM_HC_MAP_GPA_RANGE);
	TEST_ASSERT_EQ(run->hypercall.args[2], flags);
	TEST_ASSERT_EQ(run->hypercall.flags,
		       (u64)KVM_EXIT_HYPERCALL_LONG_MODE);
	TEST_ASSERT_EQ(run->hypercall.ret, 0ull);
}

static int record(struct td_vm *tv, const struct td_convert *c)
{
	struct hook *h = tv->arg;

	TEST_ASSERT(c->by_mapgpa, "gpa %#lx converted without MapGPA", c->gpa);
	TEST_ASSERT(h->nr < REQUESTS_MAX, "gpa %#lx: MapGPA for the %u. time",
		    c->gpa, h->nr);
	assert_hypercall(tv->vcpus[c->vcpu].vcpu->run, c->to_private);
	h->requests[h->nr++] = (struct request){
		c->gpa, c->size, c->to_private,
	};
	if (h->nr == h->refuse_nr)
		return h->refuse;
	return td_convert_default(tv, c);
}

/* KVM passes on the whole range once, by 2 MiB at most. */
static void assert_asked(struct hook *h, gpa_t gpa, u64 size, bool to_private)
{
	gpa_t end = gpa + size;
	unsigned int i;

	for (i = 0; i < h->nr; i++) {
		const struct request *a = &h->requests[i];

		TEST_ASSERT(a->gpa == gpa && a->size && a->size <= SIZE_2M &&
			    a->gpa + a->size <= end &&
			    a->to_private == to_private,
			    "MapGPA of gpa %#lx, size %#lx to %s: gpa %#lx is next, up to %#lx",
			    a->gpa, a->size,
			    a->to_private ? "private" : "shared", gpa, end);
		gpa += a->size;
	}
	TEST_ASSERT(gpa == end, "MapGPA ends at gpa %#lx, not %#lx", gpa, end);
	h->nr = 0;
}

/* ---- there and back ------------------------------------------------------ */

/* Around a 2 MiB boundary; one page before and one after stay as they are. */
#define INIT_GPA	(TD_GPA + SIZE_2M - 6 * PAGE_SIZE)
#define INIT_PAGES	12
#define FRESH_GPA	(TD_GPA + 4 * SIZE_2M)
#define FRESH_PAGES	4
#define INNER(gpa)	((gpa) + PAGE_SIZE)
#define INNER_SIZE(n)	(((n) - 2) * PAGE_SIZE)

enum { SYNC_START, SYNC_SHARED, SYNC_WRITTEN, SYNC_PRIVATE, SYNC_ACCEPTED };

static void check_edges(gpa_t gpa, u64 pages, u16 salt)
{
	guest_words_check(td_private(gpa), 1, salt);
	guest_words_check(td_private(gpa + (pages - 1) * PAGE_SIZE), 1, salt);
}

static void guest_there_and_back(gpa_t gpa, u64 pages, bool fresh)
{
	u64 inner = pages - 2, seen;

	td_on_ve(ve_accept);
	guest_at(0, gpa);
	if (fresh) {
		td_accept(gpa, pages * PAGE_SIZE, NULL);
		guest_words_write(td_private(gpa), pages, FIRST);
	}
	guest_words_check(td_private(gpa), pages, FIRST);
	GUEST_SYNC(SYNC_START);

	td_share(INNER(gpa), INNER_SIZE(pages));
	GUEST_SYNC(SYNC_SHARED);
	guest_words_check(td_shared(INNER(gpa)), inner, HOST);
	guest_words_write(td_shared(INNER(gpa)), inner, GUEST);
	GUEST_SYNC(SYNC_WRITTEN);
	guest_words_check(td_shared(INNER(gpa)), inner, HOST_AGAIN);
	check_edges(gpa, pages, FIRST);

	td_unshare(INNER(gpa), INNER_SIZE(pages));
	GUEST_SYNC(SYNC_PRIVATE);
	/* Fresh memory without old contents: half of it accepted by #VE. */
	seen = ve_seen();
	td_accept(INNER(gpa), inner / 2 * PAGE_SIZE, NULL);
	GUEST_ASSERT_EQ(ve_seen(), seen);
	guest_words_check(td_private(INNER(gpa)), inner, NOTHING);
	GUEST_ASSERT_EQ(ve_seen(), seen + inner - inner / 2);
	guest_words_write(td_private(INNER(gpa)), inner, GUEST_PRIVATE);
	check_edges(gpa, pages, FIRST);
	GUEST_SYNC(SYNC_ACCEPTED);
	guest_words_check(td_private(INNER(gpa)), inner, GUEST_PRIVATE);
	GUEST_DONE();
}

static void run_to(struct guest_td *g, u64 stage)
{
	TEST_ASSERT_EQ(td_run_until_sync(g->tv, 0, NULL), stage);
}

static void host_there_and_back(struct guest_td *g, struct hook *h,
				struct td_area *area)
{
	u64 inner = area->mem.pages - 2, size = inner * PAGE_SIZE, mapped;
	gpa_t gpa = INNER(area->mem.gpa);

	run_to(g, SYNC_START);
	TEST_ASSERT(!h->nr, "%u calls of MapGPA before the first", h->nr);
	mapped = guest_td_mapped(g);
	area_write(area, gpa, inner, HOST);

	run_to(g, SYNC_SHARED);
	assert_asked(h, gpa, size, false);
	assert_mapped(g->vm, mapped - inner, "shared, not touched yet");
	run_to(g, SYNC_WRITTEN);
	assert_mapped(g->vm, mapped, "shared and touched");
	area_check(area, gpa, inner, GUEST, "the guest has written to it");
	area_write(area, gpa, inner, HOST_AGAIN);

	run_to(g, SYNC_PRIVATE);
	assert_asked(h, gpa, size, true);
	assert_mapped(g->vm, mapped - inner, "private, not accepted yet");
	run_to(g, SYNC_ACCEPTED);
	assert_mapped(g->vm, mapped, "private and accepted");
	/* Private memory is not in the host's. */
	area_check(area, gpa, inner, HOST_AGAIN, "private again");
	area_write(area, gpa, inner, HOST);
	td_run_until_done(g->tv, 0);
	TEST_ASSERT(!h->nr, "%u calls of MapGPA too many", h->nr);
}

static void there_and_back(enum td_area_kind kind, gpa_t gpa, u64 pages)
{
	struct hook h = {};
	struct td_area area;
	struct guest_td g;

	guest_td_new(&g, 1, guest_there_and_back, 0);
	g.tv->convert = record;
	g.tv->arg = &h;
	td_area_add(g.tv, &area, gpa, pages, kind);
	area_write(&area, gpa, pages, FIRST);
	td_args(g.tv, 0, 3, gpa, pages, (u64)(kind == TD_AREA_FRESH));
	guest_td_start(&g);
	host_there_and_back(&g, &h, &area);
	guest_td_end(&g);
}

/* ---- ranges of more than one chunk, and answers that are not 0 ----------- */

#define WIDE_GPA	(TD_GPA + 3 * PAGE_SIZE)
#define WIDE_PAGES	(2 * PAGES_2M + 5)
#define WIDE_SIZE	(WIDE_PAGES * PAGE_SIZE)
#define CHUNKS		3
#define CHUNK(i)	((gpa_t)(WIDE_GPA + (i) * SIZE_2M))

/* The first page of each chunk is checked. */
static void check_chunks(u64 from, u64 to, bool shared, u16 salt)
{
	u64 i;

	for (i = from; i < to; i++) {
		guest_at(0, CHUNK(i));
		guest_words_check(shared ? td_shared(CHUNK(i)) :
					   td_private(CHUNK(i)), 1, salt);
	}
}

static void write_private_chunks(u64 from)
{
	u64 i;

	for (i = from; i < CHUNKS; i++)
		guest_words_write(td_private(CHUNK(i)), 1, GUEST_PRIVATE);
}

/* With @status comes the gpa where it stopped; all before is shared. */
static void refused_at_chunk(u64 want)
{
	u64 next = 0, ret;

	ret = tdvmcall_map_gpa(WIDE_GPA | TD_SHARED, WIDE_SIZE, &next);
	__GUEST_ASSERT(ret == want && next == (CHUNK(1) | TD_SHARED),
		       "MapGPA: status %#lx, goes on at gpa %#lx", ret, next);
	check_chunks(0, 1, true, HOST);
	check_chunks(1, CHUNKS, false, GUEST_PRIVATE);
}

/* @retry: what this kernel makes of EAGAIN. */
static void guest_wide(u64 retry)
{
	td_on_ve(ve_accept);
	check_chunks(0, CHUNKS, false, NOTHING);
	write_private_chunks(0);
	GUEST_SYNC(0);
	td_share(WIDE_GPA, WIDE_SIZE);
	check_chunks(0, CHUNKS, true, HOST);
	GUEST_SYNC(1);
	td_unshare(WIDE_GPA, WIDE_SIZE);
	check_chunks(0, CHUNKS, false, NOTHING);
	write_private_chunks(0);
	GUEST_SYNC(2);
	refused_at_chunk(retry);
	GUEST_SYNC(3);
	refused_at_chunk(TDVMCALL_INVALID_OPERAND);
	GUEST_SYNC(4);
	/* It goes on after RETRY. */
	if (retry == TDVMCALL_RETRY) {
		td_share(WIDE_GPA, WIDE_SIZE);
		check_chunks(0, CHUNKS, true, HOST);
		GUEST_SYNC(5);
	}
	GUEST_DONE();
}

static void refuse_second(struct hook *h, int error)
{
	h->nr = 0;
	h->refuse_nr = 2;
	h->refuse = error;
}

static void assert_refused_second(struct hook *h)
{
	TEST_ASSERT(h->nr == 2 && h->requests[1].gpa == CHUNK(1),
		    "%u calls, the last for gpa %#lx", h->nr,
		    h->requests[h->nr - 1].gpa);
}

static void drive_wide(struct guest_td *g, struct hook *h, u64 retry)
{
	run_to(g, 0);
	run_to(g, 1);
	TEST_ASSERT(h->nr >= CHUNKS, "%u calls for %#lx bytes", h->nr,
		    (u64)WIDE_SIZE);
	assert_asked(h, WIDE_GPA, WIDE_SIZE, false);
	run_to(g, 2);
	assert_asked(h, WIDE_GPA, WIDE_SIZE, true);
	refuse_second(h, EAGAIN);
	run_to(g, 3);
	assert_refused_second(h);
	refuse_second(h, EINVAL);
	run_to(g, 4);
	assert_refused_second(h);
	/* The second is repeated: the third call begins at its gpa. */
	if (retry == TDVMCALL_RETRY) {
		refuse_second(h, EAGAIN);
		run_to(g, 5);
		TEST_ASSERT(h->nr >= CHUNKS + 1 &&
			    h->requests[2].gpa == CHUNK(1),
			    "%u calls, the third for gpa %#lx", h->nr,
			    h->requests[2].gpa);
	}
	td_run_until_done(g->tv, 0);
}

static void wide_ranges(void)
{
	u64 retry = older_mapgpa_retry();
	struct hook h = {};
	struct td_area area;
	struct guest_td g;
	unsigned int i;

	guest_td_new(&g, 1, guest_wide, 0);
	g.tv->convert = record;
	g.tv->arg = &h;
	td_area_add(g.tv, &area, WIDE_GPA, WIDE_PAGES, TD_AREA_FRESH);
	td_args(g.tv, 0, 1, retry);
	for (i = 0; i < CHUNKS; i++)
		area_write(&area, CHUNK(i), 1, HOST);
	guest_td_start(&g);
	drive_wide(&g, &h, retry);
	guest_td_end(&g);
}

/* ---- invalid requests ---------------------------------------------------- */

/* The GHCI's statuses; no exit to the VMM, and R11 is the GPA. */
static void guest_asks_nonsense(void)
{
	static const struct {
		u64 gpa, size, want;
	} bad[] = {
		{ TD_GPA + 1, PAGE_SIZE, TDVMCALL_ALIGN_ERROR },
		{ TD_GPA + 8, PAGE_SIZE, TDVMCALL_ALIGN_ERROR },
		{ TD_GPA, PAGE_SIZE + 1, TDVMCALL_ALIGN_ERROR },
		{ TD_GPA | TD_SHARED, 8, TDVMCALL_ALIGN_ERROR },
		{ TD_GPA, 0, TDVMCALL_INVALID_OPERAND },
		{ TD_GPA, -TD_GPA, TDVMCALL_INVALID_OPERAND },
		{ TD_GPA, -PAGE_SIZE, TDVMCALL_INVALID_OPERAND },
		{ -PAGE_SIZE, PAGE_SIZE, TDVMCALL_INVALID_OPERAND },
		/* From the private half into the shared one. */
		{ TD_SHARED - PAGE_SIZE, 2 * PAGE_SIZE,
		  TDVMCALL_INVALID_OPERAND },
		{ TD_GPA, TD_SHARED, TDVMCALL_INVALID_OPERAND },
		/* Beyond every CPU's physical addresses. */
		{ BIT_ULL(52), PAGE_SIZE, TDVMCALL_INVALID_OPERAND },
	};
	u64 next, ret;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		ret = tdvmcall_map_gpa(bad[i].gpa, bad[i].size, &next);
		__GUEST_ASSERT(ret == bad[i].want && next == bad[i].gpa,
			       "MapGPA of gpa %#lx, size %#lx: status %#lx, gpa %#lx",
			       bad[i].gpa, bad[i].size, ret, next);
	}
	GUEST_DONE();
}

static void nonsense(void)
{
	struct hook h = {};
	struct guest_td g;

	guest_td_new(&g, 1, guest_asks_nonsense, 0);
	g.tv->convert = record;
	g.tv->arg = &h;
	guest_td_start(&g);
	td_run_until_done(g.tv, 0);
	TEST_ASSERT(!h.nr, "MapGPA of gpa %#lx came through", h.requests[0].gpa);
	guest_td_end(&g);
}

/* ---- vCPUs that convert side by side ------------------------------------- */

#define TURNS		6
#define TURN_PAGES	2

static void convert_own(unsigned int vcpu, gpa_t gpa, unsigned int turn)
{
	guest_at(vcpu, gpa);
	td_accept(gpa, TURN_PAGES * PAGE_SIZE, NULL);
	guest_words_check(td_private(gpa), TURN_PAGES, NOTHING);
	guest_words_write(td_private(gpa), TURN_PAGES, GUEST_PRIVATE);
	td_share(gpa, TURN_PAGES * PAGE_SIZE);
	/* What it wrote there the last time, or nothing. */
	guest_words_check(td_shared(gpa), TURN_PAGES, turn);
	guest_words_write(td_shared(gpa), TURN_PAGES, turn + 1);
	td_unshare(gpa, TURN_PAGES * PAGE_SIZE);
}

static void guest_converts_beside(u64 vcpu, u64 nr, gpa_t kept)
{
	gpa_t gpa = TD_GPA + vcpu * TURN_PAGES * PAGE_SIZE;
	unsigned int i;

	td_accept(kept + vcpu * PAGE_SIZE, PAGE_SIZE, NULL);
	guest_words_write(td_private(kept + vcpu * PAGE_SIZE), 1, FIRST);
	guest_meet(nr);
	for (i = 0; i < TURNS; i++) {
		convert_own(vcpu, gpa, i);
		guest_words_check(td_private(kept), nr, FIRST);
	}
	guest_meet(nr);
	GUEST_DONE();
}

static void side_by_side(void)
{
	gpa_t kept = TD_GPA + GUEST_VCPUS_MAX * TURN_PAGES * PAGE_SIZE;
	struct td_area area;
	struct guest_td g;
	unsigned int i;

	guest_td_new(&g, guest_td_vcpus(), guest_converts_beside, 0);
	td_area_add(g.tv, &area, TD_GPA, 32, TD_AREA_FRESH);
	for (i = 0; i < g.nr_vcpus; i++)
		td_args(g.tv, i, 3, (u64)i, (u64)g.nr_vcpus, kept);
	guest_td_start(&g);
	td_run_all(g.tv, NULL, NULL);
	TEST_ASSERT_EQ(g.tv->conversions, 2ul * TURNS * g.nr_vcpus);
	area_check(&area, TD_GPA, g.nr_vcpus * TURN_PAGES, TURNS,
		   "after the last turn");
	guest_td_end(&g);
}

void map_gpa_round_trip(const struct subtest_args *args)
{
	there_and_back(TD_AREA_INIT, INIT_GPA, INIT_PAGES);
	there_and_back(TD_AREA_FRESH, FRESH_GPA, FRESH_PAGES);
	wide_ranges();
	nonsense();
	side_by_side();
}
