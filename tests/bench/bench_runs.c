// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDs that run, several at once, created and destroyed in rounds, each round in
 * a process of its own: what leaks in the TDX module and of the machine's
 * memory.
 *
 *	bench_runs [-n ROUNDS] [-l]
 *
 * The module must hold exactly what it held before. Free memory changes a
 * little by itself: a leak is more than half a page for each TD, and more than
 * MEMORY_MIN. -l is the control: it leaves a TD alive.
 *
 * Exit code: 0; 1 a leak; 2 wrong call; 4 a need is not met.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/number.h"
#include "host/free_pages.h"
#include "kvm/suite.h"
#include "softtdx/stats.h"
#include "tdx/guest.h"
#include "tdx/vm.h"

#define TDS		8
#define VCPUS		2
#define PAGES		32	/* fresh ones, accepted by each vCPU */
#define ROUNDS_MAX	100000
#define WARM		2
#define MEMORY_MIN	64	/* pages */

struct left {
	struct softtdx_stats stats;
	bool module;
	u64 free;
};

static void left_read(struct left *l)
{
	int ret = free_pages_read("/proc", &l->free);

	TEST_ASSERT(!ret, "free pages: %s", strerror(-ret));
	l->module = !softtdx_stats_read(SOFTTDX_DIR, &l->stats);
}

static void guest(u64 vcpu)
{
	u64 size = PAGES * PAGE_SIZE;

	td_accept(TD_GPA + vcpu * size, size, NULL);
	GUEST_DONE();
}

static struct td_vm *td_build_up(struct td_area *area)
{
	struct td_vm *tv = td_new(VCPUS, guest, NULL);
	u64 i;

	td_area_add(tv, area, TD_GPA, VCPUS * PAGES, TD_AREA_FRESH);
	for (i = 0; i < VCPUS; i++)
		td_args(tv, i, 1, i);
	td_load(tv);
	td_finalize(tv->td);
	return tv;
}

static void *run_td(void *tv)
{
	td_run_all(tv, NULL, NULL);
	return NULL;
}

static void all_tds(void)
{
	struct td_area areas[TDS];
	pthread_t threads[TDS];
	struct td_vm *tvs[TDS];
	int i;

	for (i = 0; i < TDS; i++)
		tvs[i] = td_build_up(&areas[i]);
	for (i = 0; i < TDS; i++)
		TEST_ASSERT(!pthread_create(&threads[i], NULL, run_td, tvs[i]),
			    "a thread");
	for (i = 0; i < TDS; i++)
		pthread_join(threads[i], NULL);
	for (i = 0; i < TDS; i++)
		td_end(tvs[i]);
}

static void one_round(void)
{
	int status = 0;
	pid_t pid;

	pid = fork();
	if (!pid) {
		all_tds();
		_exit(0);
	}
	TEST_ASSERT(pid > 0 && waitpid(pid, &status, 0) == pid, "fork: %s",
		    strerror(errno));
	TEST_ASSERT(!status, "a TD failed: status %#x", status);
}

static bool same_module(const struct left *before, const struct left *now)
{
	const struct softtdx_pages *p = &now->stats.pages;

	if (!before->module || !now->module) {
		printf("what the TDX module holds is not known\n");
		return true;
	}
	printf("TDX module holds pages REG %lu, TDR %lu, TDCX %lu, TDVPR %lu, EPT %lu; keyids free %lu, before %lu\n",
	       p->reg, p->tdr, p->tdcx, p->tdvpr, p->ept,
	       now->stats.keyids.free, before->stats.keyids.free);
	return !memcmp(p, &before->stats.pages, sizeof(*p)) &&
	       !memcmp(&now->stats.keyids, &before->stats.keyids,
		       sizeof(now->stats.keyids));
}

static bool same_memory(const struct left *before, const struct left *now,
			unsigned long tds)
{
	u64 limit = tds / 2 > MEMORY_MIN ? tds / 2 : MEMORY_MIN;

	printf("free pages, before and after: %lu %lu; a leak is more than %lu\n",
	       before->free, now->free, limit);
	return now->free + limit >= before->free;
}

static int run(unsigned long rounds, bool leave)
{
	struct left before, after;
	struct td_area area;
	long long start;
	bool module, memory;
	unsigned long i;

	for (i = 0; i < WARM; i++)
		one_round();
	left_read(&before);
	start = clock_ns();
	for (i = 0; i < rounds; i++)
		one_round();
	printf("%lu times %u TDs of %u vCPUs: %.2f TDs/s\n", rounds, TDS,
	       VCPUS, rounds * TDS * 1e9 / (clock_ns() - start));
	if (leave)
		td_build_up(&area);
	left_read(&after);

	module = same_module(&before, &after);
	memory = same_memory(&before, &after, rounds * TDS);
	printf("%s, %s\n", module ? "the TDX module has all back" :
	       "the TDX module has not all back",
	       memory ? "no memory is gone" : "memory is gone");
	return module && memory ? 0 : 1;
}

static bool needs_are_met(void)
{
	uint64_t tdx = NEEDS(KVM) | NEEDS(GMEM) | NEEDS(TDX) |
		       NEEDS(PRIVATE);
	struct need_state state[NR_KVM_NEEDS] = {};
	char text[1024];

	needs_probe(kvm_needs, NR_KVM_NEEDS, tdx, state);
	if (!needs_unmet(kvm_needs, NR_KVM_NEEDS, tdx, state, text,
			 sizeof(text)))
		return true;
	fprintf(stderr, "bench_runs: %s\n", text);
	return false;
}

int main(int argc, char **argv)
{
	unsigned long rounds = 100;
	bool leave = false;
	int c;

	while ((c = getopt(argc, argv, "n:l")) != -1) {
		if (c == 'l') {
			leave = true;
		} else if (c != 'n' ||
			   number_parse(optarg, 1, ROUNDS_MAX, &rounds)) {
			fprintf(stderr, "usage: bench_runs [-n ROUNDS] [-l]\n");
			return 2;
		}
	}
	if (!needs_are_met())
		return 4;
	kvm_suite_setup();
	if (td_max_vcpus() < VCPUS) {
		fprintf(stderr, "bench_runs: fewer than %u CPUs\n", VCPUS);
		return 4;
	}
	printf("TDX module: %s\n", kvm_tdx_module()->word);
	return run(rounds, leave);
}
