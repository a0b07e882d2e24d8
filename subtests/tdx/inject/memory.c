// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that KVM has allocated for a SEAMCALL that then fails. softtdx never
 * hears of them, so that only the machine's free pages tell whether KVM gave
 * them back: each failure is repeated until one page of it cannot be
 * overlooked.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "inject.h"

/* Failures that are counted together, and how many before the first count. */
#define BLOCK		16
#define WARM_UP		4
/* What others take or give meanwhile is less than this, see leaks_pages(). */
#define LOST		9

/* TDH.MEM.SEPT.ADD is busy so often for each region, see lives.c. */
#define BUSY_TIMES	4

struct leak_row {
	enum fail_step step;
	enum tdh_leaf leaf;
	unsigned int nth, times;
	u64 status;
	bool lives;	/* the TD does: fails on it again and again */
};

static const struct leak_row rows[] = {
	{ STEP_INIT_VM, TDH_MNG_CREATE, 1, 10, ST_ENTROPY, true },
	{ STEP_INIT_VM, TDH_MNG_ADDCX, 4, 10, ST_ENTROPY, true },
	{ STEP_INIT_VM, TDH_MNG_INIT, 1, 1, ST_INVALID, true },
	{ STEP_INIT_VM, TDH_MNG_KEY_CONFIG, 1, 1, ST_FATAL, false },
	{ STEP_INIT_VCPU, TDH_VP_CREATE, 1, 1, ST_FATAL, false },
	{ STEP_INIT_VCPU, TDH_VP_ADDCX, 3, 1, ST_FATAL, false },
};

static int tell(const struct leak_row *r)
{
	const struct softtdx_inject rule = {
		.leaf = r->leaf, .status = r->status, .nth = r->nth,
		.times = r->times,
	};
	int fd = softtdx_inject_open(SOFTTDX_DIR);

	TEST_ASSERT(fd >= 0 && !softtdx_inject_add(fd, &rule),
		    "softtdx takes no rule");
	return fd;
}

static void injected_calls(const struct leak_row *r, int fd)
{
	struct softtdx_injected rule;

	TEST_ASSERT(!softtdx_inject_read(fd, 0, &rule) &&
		    rule.failed == r->times,
		    "%s: %lu calls were made to fail, not %u",
		    step_name(r->step), rule.failed, r->times);
	close(fd);
}

static void fail_rounds(const struct leak_row *r, unsigned int rounds)
{
	struct subject s = {};
	unsigned int i;
	int fd, ret;

	for (i = 0; i < rounds; i++) {
		if (!s.td)
			subject_reach(&s, r->step);
		fd = tell(r);
		ret = subject_do(&s, r->step);
		TEST_ASSERT(ret, "%s did not fail", step_name(r->step));
		injected_calls(r, fd);
		if (!r->lives)
			subject_free(&s);
	}
	if (s.td)
		subject_free(&s);
}

/*
 * Each region needs a page of secure EPT of its own. Each time that softtdx has
 * no time for it, KVM frees what it had allocated, and allocates again.
 */
static void busy_rounds(const struct leak_row *r, unsigned int rounds)
{
	const u64 size = PAGES_2M * PAGE_SIZE;
	struct td_build b;
	unsigned int i;
	int fd;

	td_build_start(&b, rounds * PAGES_2M);
	for (i = 0; i < rounds; i++) {
		fd = tell(r);
		td_add_pages(b.td, b.vcpu, b.source, b.mem.gpa + i * size, 1,
			     0);
		injected_calls(r, fd);
	}
	td_build_free(&b);
}

struct block {
	const struct leak_row *row;
	void (*run)(const struct leak_row *r, unsigned int rounds);
};

static void run_block(const void *arg)
{
	const struct block *b = arg;

	b->run(b->row, BLOCK);
}

static bool leaks(const struct leak_row *r,
		  void (*run)(const struct leak_row *r, unsigned int rounds))
{
	const struct block b = { .row = r, .run = run };
	char what[96];

	snprintf(what, sizeof(what), "%s, %s: %d times", step_name(r->step),
		 leaf_name(r->leaf), BLOCK);
	run(r, WARM_UP);
	return leaks_pages(LOST, what, run_block, &b);
}

void failed_calls_leak_no_memory(const struct subtest_args *args)
{
	static const struct leak_row busy = {
		STEP_ADD, TDH_MEM_SEPT_ADD, 1, BUSY_TIMES, ST_BUSY, true,
	};
	unsigned int i, bad;

	bad = leaks(&busy, busy_rounds);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		bad += leaks(&rows[i], fail_rounds);
	TEST_ASSERT(!bad, "%u failing calls leak memory", bad);
}
