/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words that name the place they belong to: what a page holds while all threads
 * write, free and share it. A word is zero, or a pattern of this memory, this
 * page and this lane, of any writer and time; all else is torn, stale or from
 * another place.
 */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

#include "prng.h"

/* Each writer has one word in each page to itself: its lane. */
#define PATTERN_LANES	512

static inline uint32_t pattern_check(uint32_t seed, uint32_t memory,
				   uint32_t page, uint32_t lane)
{
	return prng_mix(((uint64_t)memory << 48 ^ (uint64_t)lane << 32 ^
			 page) + prng_mix(seed));
}

/* @seed is not 0. */
static inline uint64_t pattern_make(uint32_t seed, uint32_t memory,
				  uint32_t page, uint32_t lane)
{
	return (uint64_t)seed << 32 | pattern_check(seed, memory, page, lane);
}

static inline bool pattern_valid(uint64_t word, uint32_t memory, uint32_t page,
			       uint32_t lane)
{
	uint32_t seed = word >> 32;

	return !word ||
	       (seed && (uint32_t)word ==
		pattern_check(seed, memory, page, lane));
}

#endif
