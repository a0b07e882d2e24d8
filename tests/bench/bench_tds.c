// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDs created, filled with 2 MiB and destroyed, each in a process of its own:
 * what leaks, and whether the rate at the end is that of the beginning.
 *
 *	bench_tds [-n TDS] [-k KIB] [-l]
 *
 * The TDX module must hold exactly what it held before. The machine's free
 * memory changes a little by itself: the first WARM TDs do not count, and a
 * leak is more than half a page for each TD, and more than MEMORY_MIN. Two
 * controls: -k keeps that much memory for each TD, -l leaves one TD alive.
 *
 * Exit code: 0; 1 a leak; 2 wrong call; 4 a need is not met.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/number.h"
#include "host/free_pages.h"
#include "kvm/suite.h"
#include "softtdx/stats.h"
#include "tdx/td.h"

#define TDS_MAX		100000
#define TD_PAGES	512
#define WARM		10
#define RATE_TDS	100	/* or a third of all, if that is less */
#define MEMORY_MIN	256	/* KiB; changes of 30 were seen */
#define SETTLE_US	200000	/* until RCU has freed */

struct machine {
	struct softtdx_pages pages;
	struct softtdx_keyids keyids;
	bool module;		/* the two above are known */
	long free_kib;
};

static void machine_read(struct machine *m)
{
	struct softtdx_stats stats;
	u64 pages;
	int ret;

	usleep(SETTLE_US);
	ret = free_pages_read("/proc", &pages);
	TEST_ASSERT(!ret, "free pages: %s", strerror(-ret));
	*m = (struct machine){
		.free_kib = pages * (PAGE_SIZE / 1024),
		.module = !softtdx_stats_read(SOFTTDX_DIR, &stats),
	};
	if (m->module) {
		m->pages = stats.pages;
		m->keyids = stats.keyids;
	}
}

static void one_td(void)
{
	struct td_build b;
	int status = -1;
	pid_t pid;

	pid = fork();
	if (!pid) {
		td_build(&b, TD_PAGES, 0);
		td_build_free(&b);
		_exit(0);
	}
	TEST_ASSERT(pid > 0 && waitpid(pid, &status, 0) == pid, "fork: %s",
		    strerror(errno));
	TEST_ASSERT(!status, "a TD failed: status %#x", status);
}

static void keep(unsigned long kib)
{
	void *mem = kvm_mmap(kib * 1024, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1);

	memset(mem, 1, kib * 1024);
}

static void print_rates(const long long *at, unsigned long tds)
{
	unsigned long n = tds / 3 < RATE_TDS ? tds / 3 : RATE_TDS;
	double first, last;

	first = n * 1e9 / (at[n] - at[0]);
	last = n * 1e9 / (at[tds] - at[tds - n]);
	printf("%lu TDs of %u pages: %.2f/s; the first %lu %.2f/s, the last %lu %.2f/s: %.1f %%\n",
	       tds, TD_PAGES, tds * 1e9 / (at[tds] - at[0]), n, first, n, last,
	       100 * last / first);
}

static bool same_module(const struct machine *before, const struct machine *now)
{
	const struct softtdx_pages *p = &now->pages, *q = &before->pages;

	if (!before->module || !now->module) {
		printf("what the TDX module holds is not known\n");
		return true;
	}
	printf("TDX module, before and after: keyids free %lu %lu, assigned %lu %lu, flushed %lu %lu\n",
	       before->keyids.free, now->keyids.free, before->keyids.assigned,
	       now->keyids.assigned, before->keyids.flushed,
	       now->keyids.flushed);
	printf("  pages REG %lu %lu, TDR %lu %lu, TDCX %lu %lu, TDVPR %lu %lu, EPT %lu %lu, NDA %lu %lu\n",
	       q->reg, p->reg, q->tdr, p->tdr, q->tdcx, p->tdcx, q->tdvpr,
	       p->tdvpr, q->ept, p->ept, q->nda, p->nda);
	return !memcmp(p, q, sizeof(*p)) &&
	       !memcmp(&now->keyids, &before->keyids, sizeof(now->keyids));
}

static bool same_memory(const struct machine *before, const struct machine *now,
			unsigned long tds)
{
	long gone = before->free_kib - now->free_kib, limit = tds * 2;

	if (limit < MEMORY_MIN)
		limit = MEMORY_MIN;
	printf("free memory, before and after: %ld %ld KiB; a leak is more than %ld KiB\n",
	       before->free_kib, now->free_kib, limit);
	return gone <= limit;
}

static int run(unsigned long tds, unsigned long kept, bool leave)
{
	long long *at = calloc(tds + 1, sizeof(*at));
	struct machine before, after;
	bool module, memory;
	struct td_build left;
	unsigned long i;

	TEST_ASSERT(at, "no memory for %lu times", tds);
	for (i = 0; i < WARM; i++)
		one_td();
	machine_read(&before);
	at[0] = clock_ns();
	for (i = 0; i < tds; i++) {
		one_td();
		if (kept)
			keep(kept);
		at[i + 1] = clock_ns();
	}
	if (leave)
		td_build(&left, TD_PAGES, 0);
	machine_read(&after);

	print_rates(at, tds);
	module = same_module(&before, &after);
	memory = same_memory(&before, &after, tds);
	printf("%s, %s\n", module ? "the TDX module has all back" :
	       "the TDX module has not all back",
	       memory ? "no memory is gone" : "memory is gone");
	free(at);
	return module && memory ? 0 : 1;
}

int main(int argc, char **argv)
{
	uint64_t tdx = NEEDS(KVM) | NEEDS(GMEM) | NEEDS(TDX) |
		       NEEDS(PRIVATE);
	struct need_state state[NR_KVM_NEEDS] = {};
	unsigned long tds = 1000, kept = 0;
	bool leave = false;
	char text[1024];
	int c;

	while ((c = getopt(argc, argv, "n:k:l")) != -1) {
		if (c == 'n' && !number_parse(optarg, 3, TDS_MAX, &tds))
			continue;
		if (c == 'k' && !number_parse(optarg, 1, 1024, &kept))
			continue;
		if (c == 'l') {
			leave = true;
			continue;
		}
		fprintf(stderr, "usage: bench_tds [-n TDS] [-k KIB] [-l]\n");
		return 2;
	}

	needs_probe(kvm_needs, NR_KVM_NEEDS, tdx, state);
	if (needs_unmet(kvm_needs, NR_KVM_NEEDS, tdx, state, text,
			sizeof(text))) {
		fprintf(stderr, "bench_tds: %s\n", text);
		return 4;
	}
	kvm_suite_setup();
	printf("TDX module: %s\n", kvm_tdx_module()->word);
	return run(tds, kept, leave);
}
