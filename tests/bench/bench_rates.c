// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cost of the suite's loops, compared with bare ones: guest_memfd faults by
 * gmem_write_pattern() and by a loop that writes a byte of each page,
 * KVM_TDX_INIT_MEM_REGION by td_add_pages() and by the ioctl alone, and with
 * MEASURE compared with the kernel's SHA-384 of the same bytes. Both take turns
 * in one process, and each turn is compared with its neighbour, as the load of
 * the machine varies. All figures are medians.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "kvm/gmem.h"
#include "kvm/suite.h"
#include "softtdx/stats.h"
#include "tdx/td.h"

#define REPETITIONS	31	/* fewer if time is short, at least 5 */
#define REPETITIONS_MIN	5
#define SECONDS		8
#define FAULT_PAGES	2048
#define TD_PAGES	512

struct bench {
	const char *what;
	const char *bare_name;
	u64 pages;
	void (*suite)(void *arg);
	void (*bare)(void *arg);
	void (*reset)(void *arg);
	void *arg;
};

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(double *v, unsigned int nr)
{
	qsort(v, nr, sizeof(*v), compare);
	return v[nr / 2];
}

static double rate(const struct bench *b, void (*fn)(void *arg))
{
	long long start = clock_ns(), end;

	fn(b->arg);
	end = clock_ns();
	b->reset(b->arg);
	return b->pages * 1e9 / (end - start);
}

/* In pairs; each is first in half of them. */
static void run(const struct bench *b)
{
	double suite[REPETITIONS], bare[REPETITIONS], ratio[REPETITIONS];
	long long end = clock_ns() + SECONDS * 1000000000LL;
	int i;

	rate(b, b->bare);
	for (i = 0; i < REPETITIONS; i++) {
		if (i >= REPETITIONS_MIN && clock_ns() > end)
			break;
		if (i & 1)
			suite[i] = rate(b, b->suite);
		bare[i] = rate(b, b->bare);
		if (!(i & 1))
			suite[i] = rate(b, b->suite);
		ratio[i] = suite[i] / bare[i];
	}

	printf("%s: suite %.0f/s, %s %.0f/s: %.1f %%\n", b->what,
	       median(suite, i), b->bare_name, median(bare, i),
	       100 * median(ratio, i));
	printf("  medians of %d pairs of %lu pages each\n", i, b->pages);
}

static void suite_faults(void *arg)
{
	struct shared_gmem *g = arg;

	gmem_write_pattern(g->mem, g->pages, 1);
}

static void bare_faults(void *arg)
{
	struct shared_gmem *g = arg;
	u64 i;

	for (i = 0; i < g->pages; i++)
		*(volatile u8 *)(g->mem + i * PAGE_SIZE) = 1;
}

static void drop_faults(void *arg)
{
	struct shared_gmem *g = arg;

	gmem_punch(g->fd, 0, g->pages);
}

static void bench_faults(void)
{
	struct shared_gmem g;
	struct bench b = {
		.what = "guest_memfd user faults",
		.bare_name = "bare touch loop", .pages = FAULT_PAGES,
		.suite = suite_faults, .bare = bare_faults,
		.reset = drop_faults, .arg = &g,
	};

	shared_gmem_create(&g, FAULT_PAGES);
	run(&b);
	shared_gmem_free(&g);
}

static void suite_adds(void *arg)
{
	struct td_build *b = arg;
	u64 i;

	for (i = 0; i < TD_PAGES; i++)
		td_add_pages(b->td, b->vcpu, (u8 *)b->source + i * PAGE_SIZE,
			     b->mem.gpa + i * PAGE_SIZE, 1, 0);
}

static void bare_adds(void *arg)
{
	struct td_build *b = arg;
	u64 i;

	for (i = 0; i < TD_PAGES; i++) {
		struct kvm_tdx_init_mem_region region = {
			.source_addr = (unsigned long)b->source + i * PAGE_SIZE,
			.gpa = b->mem.gpa + i * PAGE_SIZE, .nr_pages = 1,
		};
		struct kvm_tdx_cmd cmd = {
			.id = KVM_TDX_INIT_MEM_REGION,
			.data = (unsigned long)&region,
		};

		if (ioctl(b->vcpu->fd, KVM_MEMORY_ENCRYPT_OP, &cmd))
			TEST_FAIL("KVM_TDX_INIT_MEM_REGION: %s",
				  strerror(errno));
	}
}

static void drop_adds(void *arg)
{
	struct td_build *b = arg;

	gmem_punch(b->mem.fd, 0, TD_PAGES);
}

static void bench_adds(void)
{
	struct td_build build;
	struct bench b = {
		.what = "KVM_TDX_INIT_MEM_REGION, unmeasured, page by page",
		.bare_name = "bare ioctl loop",
		.pages = TD_PAGES, .suite = suite_adds, .bare = bare_adds,
		.reset = drop_adds, .arg = &build,
	};

	td_build_start(&build, TD_PAGES);
	printf("TDX module: %s\n", kvm_tdx_module()->word);
	run(&b);
	td_build_free(&build);
}

static void measured_adds(void *arg)
{
	struct td_build *b = arg;

	td_add_pages(b->td, b->vcpu, b->source, b->mem.gpa, TD_PAGES,
		     KVM_TDX_MEASURE_MEMORY_REGION);
}

/* lab/softtdx/view/hash_debugfs.c */
static void hash_alone(void *arg)
{
	int fd = open(SOFTTDX_DIR "/hash", O_WRONLY);

	if (fd < 0 || dprintf(fd, "%d\n", TD_PAGES) < 0)
		TEST_FAIL(SOFTTDX_DIR "/hash: %s", strerror(errno));
	close(fd);
}

static void bench_measured(void)
{
	struct td_build build;
	struct bench b = {
		.what = "KVM_TDX_INIT_MEM_REGION, measured, by 2 MiB",
		.bare_name = "SHA-384 alone",
		.pages = TD_PAGES, .suite = measured_adds, .bare = hash_alone,
		.reset = drop_adds, .arg = &build,
	};

	td_build_start(&build, TD_PAGES);
	run(&b);
	td_build_free(&build);
}

/* Run it if its needs are met; otherwise name the unmet ones. */
static bool bench(const char *what, uint64_t needs, void (*fn)(void))
{
	struct need_state state[NR_KVM_NEEDS] = {};
	char text[1024];

	needs_probe(kvm_needs, NR_KVM_NEEDS, needs, state);
	if (needs_unmet(kvm_needs, NR_KVM_NEEDS, needs, state, text,
			sizeof(text))) {
		printf("%s: not measured: %s\n", what, text);
		return false;
	}

	fn();
	return true;
}

int main(void)
{
	uint64_t shared = NEEDS(KVM) | NEEDS(GMEM_SHARED);
	uint64_t tdx = NEEDS(KVM) | NEEDS(GMEM) | NEEDS(TDX) |
		       NEEDS(PRIVATE);
	char why[NEED_WHY];
	int measured;

	if (kvm_needs[NEED_KVM].met(why, sizeof(why)))
		kvm_suite_setup();
	measured = bench("guest_memfd user faults", shared, bench_faults);
	measured += bench("KVM_TDX_INIT_MEM_REGION", tdx, bench_adds);
	measured += bench("KVM_TDX_INIT_MEM_REGION, measured",
			  tdx | NEEDS(SOFTTDX), bench_measured);
	return measured ? 0 : 4;
}
