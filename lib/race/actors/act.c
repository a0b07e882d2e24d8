// SPDX-License-Identifier: GPL-2.0-only
/* What steps of actors share: judge calls and contents. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/pattern.h"
#include "race/actors/actors.h"
#include "race/engine.h"

int act_fail(struct act *a, int error, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(a->why, sizeof(a->why), fmt, ap);
	va_end(ap);
	return error;
}

int act_judge(struct act *a, const char *call, long ret, const int *allowed)
{
	int error = errno;

	if (ret >= 0)
		return 0;

	for (; *allowed; allowed++) {
		if (*allowed == error)
			return RACE_MISSED;
	}
	return act_fail(a, -error, "%s: %s, which is not allowed", call,
			strerrorname_np(error) ?: "unknown errno");
}

int act_refused(struct act *a, const char *call, long ret, int error)
{
	if (ret < 0 && errno == error)
		return 0;
	return act_fail(a, -EPROTO, "%s: %s, not %s", call,
			ret < 0 ? strerrorname_np(errno) : "success",
			strerrorname_np(error));
}

int act_word(struct act *a, uint64_t word, uint32_t memory, uint64_t page,
	     uint32_t lane)
{
	if (pattern_valid(word, memory, page, lane))
		return 0;
	return act_fail(a, -EILSEQ,
			"page %lu of memory %u, lane %u (%s): %#lx is neither zero nor a pattern of this place",
			page, memory, lane,
			lane && lane <= a->nr_lanes ? a->lanes[lane - 1].name :
						    "no actor", word);
}

uint64_t act_pattern(struct act *a, uint32_t memory, uint64_t page)
{
	uint32_t seed = prng_next(&a->prng) | 1;

	return pattern_make(seed, memory, page, a->lane);
}

int act_last(struct act *a, uint64_t word, uint64_t last, uint64_t page)
{
	if (!word || word == last)
		return 0;
	return act_fail(a, -EILSEQ,
			"page %lu: %#lx is neither zero nor %#lx, the last word written",
			page, word, last);
}

void act_range(struct act *a, uint64_t pages, uint64_t *first, uint64_t *nr)
{
	*first = prng_below(&a->prng, pages);
	*nr = 1 + prng_below(&a->prng, pages - *first);
}

/* ---- memory that may be missing ------------------------------------------ */

static _Thread_local sigjmp_buf touch_jump;
static _Thread_local volatile sig_atomic_t touching;

static void on_fault(int sig)
{
	if (touching)
		siglongjmp(touch_jump, 1);

	/* Not ours: it is raised again and ends the process. */
	signal(sig, SIG_DFL);
}

void act_catch_faults(void)
{
	struct sigaction sa = {
		.sa_handler = on_fault, .sa_flags = SA_NODEFER,
	};

	sigaction(SIGBUS, &sa, NULL);
	sigaction(SIGSEGV, &sa, NULL);
}

int act_read(const void *word, uint64_t *value)
{
	if (sigsetjmp(touch_jump, 0)) {
		touching = 0;
		return -EFAULT;
	}
	touching = 1;
	*value = __atomic_load_n((const uint64_t *)word, __ATOMIC_RELAXED);
	touching = 0;
	return 0;
}

int act_write(void *word, uint64_t value)
{
	if (sigsetjmp(touch_jump, 0)) {
		touching = 0;
		return -EFAULT;
	}
	touching = 1;
	__atomic_store_n((uint64_t *)word, value, __ATOMIC_RELAXED);
	touching = 0;
	return 0;
}

int act_madvise(void *mem, size_t bytes, int advice)
{
	int ret;

	if (sigsetjmp(touch_jump, 0)) {
		touching = 0;
		return 0;
	}
	touching = 1;
	ret = madvise(mem, bytes, advice);
	touching = 0;
	return ret;
}
