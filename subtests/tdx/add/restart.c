// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_TDX_INIT_MEM_REGION that is interrupted and continued where it stopped:
 * the result is the same as without interruption.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>

#include "base/clock.h"
#include "subtests/tdx/map/want.h"
#include "userfaultfd_util.h"

#define PAGES		64
#define STORM_PAGES	256

/* Pages: KVM adds them one by one, and checks for a signal before each. */
#define LATE_MAX	16

/* A region in progress, and the state that it must have so far. */
struct restart {
	struct td_build b;
	struct want want;
	struct kvm_tdx_init_mem_region *region;
	u8 *source;		/* as KVM sees it, page 0 */
	u64 pages;
	u64 added;
};

static void restart_create(struct restart *r, u64 pages)
{
	*r = (struct restart){ .pages = pages };
	td_build_start(&r->b, pages);
	td_source_fill(r->b.source, pages, 1);
	want_init(&r->want, r->b.td);
	r->source = r->b.source;
	/* In a page of its own: copying it is a place for a signal, too. */
	r->region = kvm_mmap(PAGE_SIZE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

static struct kvm_tdx_init_mem_region whole_region(const struct restart *r)
{
	return (struct kvm_tdx_init_mem_region){
		.source_addr = (unsigned long)r->source,
		.gpa = r->b.mem.gpa, .nr_pages = r->pages,
	};
}

static void restart_free(struct restart *r)
{
	want_free(&r->want);
	kvm_munmap(r->region, PAGE_SIZE);
	td_build_free(&r->b);
}

/*
 * One call. For every result the region says exactly how far KVM came, and so
 * many pages are mapped.
 */
static int call(struct restart *r)
{
	u64 done, before = r->added;
	int ret;

	ret = __td_init_mem_region(r->b.td, r->b.vcpu, r->region, MEASURE);
	done = r->pages - r->region->nr_pages;
	TEST_ASSERT(done >= before && done <= r->pages,
		    "%lu pages were left, now %llu", r->pages - before,
		    r->region->nr_pages);
	TEST_ASSERT(r->region->gpa == r->b.mem.gpa + done * PAGE_SIZE &&
		    r->region->source_addr ==
		    (unsigned long)r->source + done * PAGE_SIZE,
		    "%lu of %lu pages done, but gpa is %#llx and source %+lld pages",
		    done, r->pages, r->region->gpa,
		    (long long)(r->region->source_addr -
				(unsigned long)r->source) / PAGE_SIZE);
	TEST_ASSERT(!ret == !r->region->nr_pages,
		    "%s, with %llu pages left", ret ? strerror(-ret) : "done",
		    r->region->nr_pages);

	want_added(&r->want, (u8 *)r->b.source + before * PAGE_SIZE,
		   r->b.mem.gpa + before * PAGE_SIZE, done - before, MEASURE);
	r->added = done;
	return ret;
}

/* Expensive: not after each of many calls. */
static void check(struct restart *r)
{
	assert_holds(&r->want, "%lu of %lu pages", r->added, r->pages);
	assert_mrtd(&r->want, "%lu of %lu pages", r->added, r->pages);
}

static void finish(struct restart *r)
{
	TEST_ASSERT(td_alive(r->b.td), "the VM was killed");
	check(r);
	td_assert_added(r->b.td, r->b.vcpu, r->b.source, r->b.mem.gpa,
			r->pages);
	td_finalize(r->b.td);
	assert_holds(&r->want, "after FINALIZE");
	assert_mrtd(&r->want, "after FINALIZE");
}

/* ---- signals ------------------------------------------------------------- */

static volatile sig_atomic_t signals;

static void count_signal(int sig)
{
	signals++;
}

static void catch_signal(int sig)
{
	struct sigaction sa = { .sa_handler = count_signal };

	TEST_ASSERT(!sigaction(sig, &sa, NULL), "sigaction: %s",
		    strerror(errno));
}

/*
 * Places where KVM must find a signal pending: while it gets source page
 * @pages[i], or copies the region in. A userfaultfd stops KVM there, so that
 * timing does not matter.
 */
static const u64 stops[] = { 0, 1, 7, 8, 31, PAGES - 2, PAGES - 1 };

static struct {
	pthread_t thread;
	const struct restart *r;
	const struct kvm_tdx_init_mem_region *region;	/* its first contents */
	u64 page;	/* at which the last signal came */
} held;

static bool stops_at(u64 page)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(stops); i++)
		if (stops[i] == page)
			return true;
	return false;
}

static int give_page(int uffd, u64 addr, const void *bytes)
{
	struct uffdio_copy copy = {
		.dst = addr, .src = (unsigned long)bytes, .len = PAGE_SIZE,
	};

	/* EEXIST: the fault was repeated while its page was copied. */
	if (ioctl(uffd, UFFDIO_COPY, &copy) && errno != EEXIST)
		return -errno;
	return 0;
}

static int give_source(int mode, int uffd, struct uffd_msg *msg)
{
	u64 addr = msg->arg.pagefault.address & PAGE_MASK;
	u64 page = (addr - (unsigned long)held.r->source) / PAGE_SIZE;

	if (stops_at(page)) {
		held.page = page;
		pthread_kill(held.thread, SIGUSR1);
	}
	return give_page(uffd, addr,
			 (u8 *)held.r->b.source + page * PAGE_SIZE);
}

static int give_region(int mode, int uffd, struct uffd_msg *msg)
{
	pthread_kill(held.thread, SIGUSR1);
	return give_page(uffd, msg->arg.pagefault.address & PAGE_MASK,
			 held.region);
}

/* The thread that resolves faults gets no signals, not even SIGCHLD. */
static struct uffd_desc *hold(void *mem, u64 size, uffd_handler_t give)
{
	struct uffd_desc *uffd;
	sigset_t all, old;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	uffd = uffd_setup_demand_paging(UFFDIO_REGISTER_MODE_MISSING, 0, mem,
					size, 1, give);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return uffd;
}

/* EINTR for every signal, except for one after the last page. */
static void run_with_stops(struct restart *r)
{
	unsigned int calls = 0, caught;
	int ret;

	do {
		caught = signals;
		ret = call(r);
		calls++;
		printf("call %u: %s after %lu pages\n", calls,
		       ret ? strerror(-ret) : "done", r->added);
		TEST_ASSERT(!ret || ret == -EINTR, "call %u: %s", calls,
			    strerror(-ret));
		TEST_ASSERT(!ret || (unsigned int)signals > caught,
			    "call %u: EINTR without a signal", calls);
		TEST_ASSERT(r->added <= held.page + LATE_MAX,
			    "call %u: %lu pages added, with a signal since page %lu",
			    calls, r->added, held.page);
		check(r);
	} while (ret);

	TEST_ASSERT(signals == 1 + ARRAY_SIZE(stops),
		    "%d signals came, not one for each of %lu places",
		    (int)signals, 1 + ARRAY_SIZE(stops));
}

static void stopped_at_chosen_pages(void)
{
	struct kvm_tdx_init_mem_region first;
	struct uffd_desc *source, *region;
	struct restart r;
	void *page;

	restart_create(&r, PAGES);
	r.source = kvm_mmap(PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1);
	page = calloc(1, PAGE_SIZE);
	TEST_ASSERT(page, "no memory for a page");
	first = whole_region(&r);
	memcpy(page, &first, sizeof(first));

	held.thread = pthread_self();
	held.r = &r;
	held.region = page;
	catch_signal(SIGUSR1);
	source = hold(r.source, PAGES * PAGE_SIZE, give_source);
	region = hold(r.region, PAGE_SIZE, give_region);
	run_with_stops(&r);
	uffd_stop_demand_paging(region);
	uffd_stop_demand_paging(source);

	finish(&r);
	free(page);
	kvm_munmap(r.source, PAGES * PAGE_SIZE);
	restart_free(&r);
}

/* Add the first page alone to measure its time, in microseconds. */
static unsigned long first_page_us(struct restart *r)
{
	long long start = clock_ns();

	r->pages = 1;
	*r->region = whole_region(r);
	TEST_ASSERT(!call(r), "the first page was not added");
	r->pages = STORM_PAGES;
	r->region->nr_pages = STORM_PAGES - 1;
	return (clock_ns() - start) / 1000 + 1;
}

/* Signals at any moment, but rarely enough for a page between two. */
static void stopped_often(void)
{
	struct itimerval every = {}, never = {};
	unsigned int calls = 0;
	struct restart r;
	int ret;

	restart_create(&r, STORM_PAGES);
	every.it_interval.tv_usec = 4 * first_page_us(&r) % 1000000;
	every.it_value = every.it_interval;
	catch_signal(SIGALRM);
	TEST_ASSERT(!setitimer(ITIMER_REAL, &every, NULL), "setitimer: %s",
		    strerror(errno));
	do {
		ret = call(&r);
		calls++;
	} while (ret == -EINTR);
	setitimer(ITIMER_REAL, &never, NULL);
	TEST_ASSERT(!ret, "%s", strerror(-ret));
	printf("%u calls for %u pages, a signal every %lu us\n", calls,
	       STORM_PAGES, (unsigned long)every.it_interval.tv_usec);

	finish(&r);
	restart_free(&r);
}

void region_restarts_after_signal(const struct subtest_args *args)
{
	stopped_at_chosen_pages();
	stopped_often();
}

/* ---- a source that ends -------------------------------------------------- */

static void protect(struct restart *r, u64 page, int prot)
{
	TEST_ASSERT(!mprotect(r->source + page * PAGE_SIZE, PAGE_SIZE, prot),
		    "mprotect: %s", strerror(errno));
}

/* Pages before it are added; it is added once it can be read. */
void region_restarts_after_fault(const struct subtest_args *args)
{
	static const u64 bad[] = { 0, 1, 9, PAGES - 1 };
	struct restart r;
	unsigned int i, tries;
	int ret;

	restart_create(&r, PAGES);
	/* KVM gets a copy, so that the source can always be read here. */
	r.source = td_source_alloc(PAGES);
	memcpy(r.source, r.b.source, PAGES * PAGE_SIZE);
	*r.region = whole_region(&r);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		protect(&r, bad[i], PROT_NONE);

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		for (tries = 0; tries < 2; tries++)
			assert_refused(call(&r), EFAULT, "an unreadable page");
		TEST_ASSERT(r.added == bad[i],
			    "%lu pages added, page %lu has no access", r.added,
			    bad[i]);
		check(&r);
		protect(&r, bad[i], PROT_READ | PROT_WRITE);
	}
	ret = call(&r);
	TEST_ASSERT(!ret, "%s", strerror(-ret));
	finish(&r);
	td_source_free(r.source, PAGES);
	restart_free(&r);
}
