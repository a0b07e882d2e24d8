/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random numbers that a seed repeats. Each user has a generator of its own, by
 * name, so that leaving one out does not change the numbers of the others.
 */
#ifndef BASE_PRNG_H
#define BASE_PRNG_H

#include <stdint.h>

struct prng {
	uint64_t state;
};

/* splitmix64: all 2^64 states, and no bad seed. */
static inline uint64_t prng_mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

static inline uint64_t prng_next(struct prng *d)
{
	return prng_mix(d->state += 0x9e3779b97f4a7c15ull);
}

/* One of 0 ... @sides - 1; 0 if there are none. */
static inline uint64_t prng_below(struct prng *d, uint64_t sides)
{
	return sides ? prng_next(d) % sides : 0;
}

static inline void prng_init(struct prng *d, uint64_t seed, const char *name)
{
	uint64_t hash = 0xcbf29ce484222325ull;

	while (*name)
		hash = (hash ^ (unsigned char)*name++) * 0x100000001b3ull;
	d->state = prng_mix(seed ^ hash);
}

#endif
