// SPDX-License-Identifier: GPL-2.0-only
/* TDs created and destroyed, and a guest that converts its memory. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/pattern.h"
#include "fixture.h"
#include "race/engine.h"
#include "tdx/guest.h"
#include "tdx/vm.h"

#define LIFE_PAGES	4
#define RUN_PAGES	8

/* From creation to destruction, sometimes half built. libkvm asserts. */
static void live(struct act *a)
{
	u64 pages = 1 + prng_below(&a->prng, LIFE_PAGES);
	struct td_build b;

	td_build_start(&b, LIFE_PAGES);
	td_add_pages(b.td, b.vcpu, b.source, b.mem.gpa, pages,
		     prng_below(&a->prng, 2) ? KVM_TDX_MEASURE_MEMORY_REGION :
					       0);
	if (prng_below(&a->prng, 4))
		td_finalize(b.td);
	td_build_free(&b);
}

/* The signal that ends a race would end KVM_CREATE_VM by EINTR: block it. */
int td_lives(struct act *a)
{
	sigset_t stop, before;

	sigemptyset(&stop);
	sigaddset(&stop, RACE_SIGNAL);
	pthread_sigmask(SIG_BLOCK, &stop, &before);
	live(a);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return 0;
}

/* ---- a TD that runs ------------------------------------------------------ */

struct running {
	struct td_vm *tv;
	struct td_area area;
};

static u64 *word_of(void *mem, u64 page, u32 lane)
{
	return (u64 *)((u8 *)mem + page * PAGE_SIZE) + lane;
}

/* Fresh pages are zero, written, shared, written again, and so on. */
static void guest_td(u64 pages, u32 lane)
{
	u64 size = pages * PAGE_SIZE, i;
	u32 seed;

	for (seed = 1;; seed++) {
		td_accept(TD_GPA, size, NULL);
		for (i = 0; i < pages; i++) {
			u64 *word = word_of(td_private(TD_GPA), i, lane);

			GUEST_ASSERT_EQ(*word, 0ul);
			*word = pattern_make(seed, MEMORY_OWN, i, lane);
			GUEST_ASSERT_EQ(*word, pattern_make(seed, MEMORY_OWN, i,
							  lane));
		}
		td_share(TD_GPA, size);
		for (i = 0; i < pages; i++)
			*word_of(td_shared(TD_GPA), i, lane) =
				pattern_make(seed, MEMORY_OTHER, i, lane);
		GUEST_SYNC(seed);
		td_unshare(TD_GPA, size);
	}
}

void td_run_start(struct act *a)
{
	struct running *r = calloc(1, sizeof(*r));

	TEST_ASSERT(r, "memory");
	a->data = r;
	r->tv = td_new(1, guest_td, NULL);
	td_area_add(r->tv, &r->area, TD_GPA, RUN_PAGES, TD_AREA_FRESH);
	td_args(r->tv, 0, 2, RUN_PAGES, a->lane);
	td_load(r->tv);
	td_finalize(r->tv->td);
}

void td_run_end(struct act *a)
{
	struct running *r = a->data;

	td_end(r->tv);
	free(r);
}

/* Up to the guest's next report; the shared page holds what it reported. */
int td_runs_on(struct act *a)
{
	struct running *r = a->data;
	u64 seed = td_run_until_sync(r->tv, 0, NULL), i, word;

	for (i = 0; i < RUN_PAGES; i++) {
		word = *word_of(r->area.hva, i, a->lane);
		if (word != pattern_make(seed, MEMORY_OTHER, i, a->lane))
			return act_fail(a, -EILSEQ,
					"shared page %lu of the TD is %#lx in round %lu",
					i, word, seed);
	}
	return 0;
}
