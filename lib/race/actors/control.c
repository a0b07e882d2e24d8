// SPDX-License-Identifier: GPL-2.0-only
/*
 * Actors that fail on purpose, one for each failure that a mix has to detect
 * and report. They run only if they are named.
 */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "base/pattern.h"
#include "fixture.h"
#include "race/engine.h"

/* A bug of two actors: neither fails without the other. */
int control_one(struct act *a)
{
	__atomic_store_n(&a->fx->control, true, __ATOMIC_RELAXED);
	return 0;
}

int control_other(struct act *a)
{
	if (!__atomic_load_n(&a->fx->control, __ATOMIC_RELAXED))
		return 0;
	return act_fail(a, -EPROTO, "control_one runs, too");
}

/* No signal ends it. */
int control_stalls(struct act *a)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	for (;;)
		pause();
}

int control_starves(struct act *a)
{
	return RACE_MISSED;
}

int control_errno(struct act *a)
{
	return ACT_CALL(a, "close", close(-1), EINTR);
}

/* A valid pattern in another actor's lane. */
int control_strays(struct act *a)
{
	u64 page = prng_below(&a->prng, a->fx->normal.pages);
	u64 *word = lane_word(a->fx->normal.mem, page, a->lane + 1);

	return act_write(word, act_pattern(a, MEMORY_NORMAL, page)) ?
	       RACE_MISSED : 0;
}

int control_leaks(struct act *a)
{
	return ACT_CALL(a, "dup", dup(a->fx->normal.fd), EMFILE);
}

int control_dies(struct act *a)
{
	TEST_FAIL("a false assertion");
	return 0;
}
