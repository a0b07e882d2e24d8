// SPDX-License-Identifier: GPL-2.0-only
/*
 * Conversion against all that looks pages up: host threads that touch them, a
 * guest that runs on them, holes that free them. Every thread has a word of its
 * own in each page and writes the next number, so that the next access detects
 * a lost, stale or wrong page.
 */
#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "host/touch.h"
#include "kvm/convert.h"
#include "race/engine.h"
#include "subtests/gmem/tests.h"

#define LANE	8		/* first word of the host threads' own */
#define LANES	8
#define PAGES	8

struct racing {
	struct convert_vm cv;
	u64 pages;
	bool holes;		/* pages may be empty again at any time */
	atomic_ulong refused;	/* EAGAIN */
	atomic_ulong gone;	/* SIGBUS */
};

struct lane {
	struct racing *r;
	unsigned int nr;
	u64 next[PAGES];
};

/* A word names lane, page and time. */
static u64 mark(const struct lane *l, u64 page)
{
	return (u64)(l->nr + 1) << 56 | (page + 1) << 40 | l->next[page];
}

/* Zero, at first or after a hole; otherwise what was written last. */
static bool as_it_was(const struct lane *l, u64 page, u64 found)
{
	if (!found)
		return l->r->holes || !l->next[page];
	return found == mark(l, page);
}

static int touch_lane(void *arg, unsigned long round)
{
	struct lane *l = arg;
	u64 page = (round + l->nr) % l->r->pages, found;
	u64 *word = convert_word(l->r->cv.mem, page, LANE + l->nr);
	int ret = touch_read(word, &found);

	if (!ret) {
		TEST_ASSERT(as_it_was(l, page, found),
			    "page %lu, lane %u: the host finds 0x%lx, last written was 0x%lx",
			    page, l->nr, found, mark(l, page));
		l->next[page]++;
		ret = touch_write(word, mark(l, page));
		/* Gone since the read: the word has not changed. */
		l->next[page] -= !!ret;
	}
	if (!ret)
		return 0;
	atomic_fetch_add(&l->r->gone, 1);
	return ret == -EFAULT ? RACE_MISSED : ret;
}

/* Only this thread converts: a page that is private now gives SIGBUS. */
static int convert_one(void *arg, unsigned long round)
{
	struct racing *r = arg;
	u64 page = round / 2 % r->pages, pages = 1 + round / 7 % 3, word;
	bool private = !(round & 1);
	int ret;

	if (pages > r->pages - page)
		pages = r->pages - page;
	ret = __convert_set(&r->cv, page, pages, private, NULL);
	if (ret == -EAGAIN) {
		atomic_fetch_add(&r->refused, 1);
		return RACE_MISSED;
	}
	if (ret)
		return ret;
	if (private && r->cv.api->in_place) {
		ret = touch_read(convert_word(r->cv.mem, page, 0), &word);
		TEST_ASSERT(ret == -EFAULT,
			    "page %lu was made private, the host reads it: %s",
			    page, ret ? strerror(-ret) : "no SIGBUS");
	}
	return 0;
}

static int punch_one(void *arg, unsigned long round)
{
	struct racing *r = arg;

	return __gmem_punch(r->cv.fd, round * 3 % r->pages, 1);
}

static int zap_one(void *arg, unsigned long round)
{
	struct racing *r = arg;
	u64 page = round * 5 % r->pages;

	return madvise(r->cv.mem + page * PAGE_SIZE, PAGE_SIZE,
		       MADV_DONTNEED) ? -errno : 0;
}

/* Each page has the guest's count of rounds. */
static void assert_guest_counts(struct racing *r)
{
	u64 page, want = r->cv.job->rounds, found;

	if (!r->cv.api->in_place || r->holes)
		return;
	for (page = 0; page < r->pages; page++) {
		TEST_ASSERT_EQ(touch_read(convert_word(r->cv.mem, page,
						       CONVERT_COUNT_WORD),
					  &found), 0);
		TEST_ASSERT(found == want,
			    "page %lu: the guest added %lu, found %lu", page,
			    want, found);
	}
}

static void guest_rounds(struct racing *r, u64 rounds)
{
	u64 end = READ_ONCE(r->cv.job->rounds) + rounds;

	while (READ_ONCE(r->cv.job->rounds) < end)
		sched_yield();
}

/*
 * The guest still runs when its private pages are freed: two rounds later it
 * must write to the new ones.
 */
static void assert_guest_follows(struct racing *r)
{
	struct convert_vm *cv = &r->cv;
	u64 page, found;

	if (!cv->api->in_place || !r->holes)
		return;
	convert_set_busy(cv, 0, r->pages, true);
	guest_rounds(r, 2);
	gmem_punch(cv->fd, 0, r->pages);
	guest_rounds(r, 2);
	convert_set_busy(cv, 0, r->pages, false);
	for (page = 0; page < r->pages; page++) {
		TEST_ASSERT_EQ(touch_read(convert_word(cv->mem, page,
						       CONVERT_COUNT_WORD),
					  &found), 0);
		TEST_ASSERT(found, "page %lu is new, the guest writes elsewhere",
			    page);
	}
}

static void assert_lanes(struct racing *r, struct lane *lanes, unsigned int nr)
{
	unsigned int i;
	u64 page, found;

	for (i = 0; i < nr; i++) {
		for (page = 0; page < r->pages; page++) {
			TEST_ASSERT_EQ(touch_read(convert_word(r->cv.mem, page,
							       LANE + i),
						  &found), 0);
			TEST_ASSERT(as_it_was(&lanes[i], page, found),
				    "page %lu, lane %u: 0x%lx at the end, not 0x%lx",
				    page, i, found, mark(&lanes[i], page));
		}
	}
}

static void race(const struct subtest_args *args, bool holes)
{
	unsigned int threads = args_or(args->threads, 2), i, nr = 0;
	struct race_thread race[LANES + 3] = {};
	struct racing r = { .pages = PAGES, .holes = holes };
	struct lane lanes[LANES] = {};
	pthread_t guest;
	int ret;

	threads = threads < LANES ? threads : LANES;
	convert_vm_create(&r.cv, r.pages, false);
	for (i = 0; i < threads; i++) {
		lanes[i].r = &r;
		lanes[i].nr = i;
		race[nr++] = (struct race_thread){
			.name = "touch", .step = touch_lane, .arg = &lanes[i],
			.background = true,
		};
	}
	race[nr++] = (struct race_thread){
		.name = "convert", .step = convert_one, .arg = &r,
	};
	if (holes)
		race[nr++] = (struct race_thread){
			.name = "punch", .step = punch_one, .arg = &r,
			.background = true,
		};
	else
		race[nr++] = (struct race_thread){
			.name = "zap", .step = zap_one, .arg = &r,
			.background = true,
		};

	convert_loop_start(&r.cv, &guest, JOB_COUNT, 0, r.pages);
	ret = race_run(race, nr, args_or(args->iterations, 400),
		       args->duration_s);
	TEST_ASSERT(!ret, "race: %s", strerror(-ret));
	assert_guest_follows(&r);
	convert_loop_stop(&r.cv, guest);
	for (i = 0; i < nr; i++)
		printf("%s: %lu\n", race[i].name, race[i].done);
	printf("EAGAIN: %lu, SIGBUS: %lu, the guest's rounds: %lu\n",
	       r.refused, r.gone, r.cv.job->rounds);

	convert_set_busy(&r.cv, 0, r.pages, true);
	convert_set(&r.cv, 0, r.pages, false);
	assert_guest_counts(&r);
	assert_lanes(&r, lanes, threads);
	convert_vm_free(&r.cv);
}

void convert_race_faults(const struct subtest_args *args)
{
	race(args, false);
}

void convert_race_punch_holes(const struct subtest_args *args)
{
	race(args, true);
}
