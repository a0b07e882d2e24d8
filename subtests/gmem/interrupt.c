// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls of a guest_memfd that signals interrupt: they return EINTR, and hold no
 * lock afterwards.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>

#include <linux/falloc.h>

#include "kvm/gmem.h"
#include "subtests/gmem/tests.h"

#define PERIOD_US	1000	/* of the first signals */

static void on_alarm(int sig)
{
}

/* Without SA_RESTART, so that each one ends a system call. */
static void alarms(unsigned int period_us)
{
	struct itimerval timer = {
		.it_interval.tv_usec = period_us,
		.it_value.tv_usec = period_us,
	};
	struct sigaction act = { .sa_handler = on_alarm };

	TEST_ASSERT(!sigaction(SIGALRM, &act, NULL) &&
		    !setitimer(ITIMER_REAL, &timer, NULL), "setitimer: %s",
		    strerror(errno));
}

static int allocate(int fd, u64 pages)
{
	return fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, pages * PAGE_SIZE) ?
		       -errno : 0;
}

/*
 * A hole takes the lock that allocation has held. If it hangs, the last line
 * says what came before it.
 */
static void assert_free(struct shared_gmem *g, unsigned long stopped)
{
	printf("fallocate was stopped %lu times, now a hole\n", stopped);
	fflush(stdout);
	gmem_punch(g->fd, 0, g->pages);
}

void fallocate_interrupted(const struct subtest_args *args)
{
	unsigned long want = args_or(args->iterations, 3), stopped = 0;
	unsigned int period_us = PERIOD_US;
	u64 pages = args_or(args->pages, 4096);
	struct shared_gmem g;

	shared_gmem_create(&g, pages);
	while (stopped < want) {
		int ret;

		alarms(period_us);
		ret = allocate(g.fd, pages);
		alarms(0);
		TEST_ASSERT(!ret || ret == -EINTR, "fallocate: %s",
			    strerror(-ret));
		if (ret) {
			assert_free(&g, ++stopped);
			continue;
		}
		/* It was complete before the signal came. */
		gmem_punch(g.fd, 0, pages);
		period_us /= 2;
		if (!period_us)
			subtest_skip("fallocate of %lu pages is too fast for a signal: try more, -p",
				     pages);
	}
	gmem_write_pattern(g.mem, 1, 1);
	shared_gmem_free(&g);
}
