/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Milliseconds of a clock that only goes forward. Bounds on programs are in
 * the time of the machine that they run on.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <time.h>

static inline long long clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static inline long long clock_ms(void)
{
	return clock_ns() / 1000000;
}

#endif
