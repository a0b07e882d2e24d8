// SPDX-License-Identifier: GPL-2.0-only
/*
 * Delta debugging. A trial costs seconds, or a boot, so halves come first, then
 * finer parts and their complements; a trial with a known answer is not
 * repeated.
 */
#include <stddef.h>

#include "race/reduce.h"

#define KNOWN_MAX	256	/* sets known not to fail; the first ones */

struct search {
	struct reduction *r;
	uint64_t known[KNOWN_MAX];
	unsigned int nr_known;
	bool spent;
};

static bool fails(struct search *s, uint64_t set)
{
	struct reduction *r = s->r;
	unsigned int i;

	for (i = 0; i < s->nr_known; i++) {
		if (s->known[i] == set)
			return false;
	}
	if (r->over || (r->max_trials && r->trials >= r->max_trials)) {
		s->spent = true;
		return false;
	}
	r->trials++;
	if (r->fails(set, r->arg))
		return true;
	if (s->nr_known < KNOWN_MAX)
		s->known[s->nr_known++] = set;
	return false;
}

/* Part @i of @parts parts of @set, as even as can be. */
static uint64_t part_of(uint64_t set, unsigned int i, unsigned int parts)
{
	unsigned int size = __builtin_popcountll(set), n = 0;
	unsigned int first = i * size / parts, end = (i + 1) * size / parts;
	uint64_t part = 0, bit;

	for (; set; set &= set - 1, n++) {
		bit = set & -set;
		part |= n >= first && n < end ? bit : 0;
	}
	return part;
}

/* A part of @set, or the complement of one, that fails; 0: none. */
static uint64_t smaller(struct search *s, uint64_t set, unsigned int parts,
			unsigned int *next)
{
	unsigned int i;

	for (i = 0; i < parts; i++) {
		*next = 2;
		if (fails(s, part_of(set, i, parts)))
			return part_of(set, i, parts);
	}
	/* Of two parts, each is the complement of the other. */
	for (i = 0; i < parts && parts > 2; i++) {
		*next = parts - 1;
		if (fails(s, set & ~part_of(set, i, parts)))
			return set & ~part_of(set, i, parts);
	}
	return 0;
}

uint64_t reduce(struct reduction *r, uint64_t set)
{
	struct search s = { .r = r };
	unsigned int parts = 2, next;
	uint64_t less;

	r->trials = 0;
	while (__builtin_popcountll(set) > 1) {
		unsigned int size = __builtin_popcountll(set);

		parts = parts < size ? parts : size;
		less = smaller(&s, set, parts, &next);
		if (less) {
			set = less;
			parts = next < 2 ? 2 : next;
		} else if (parts < size) {
			parts *= 2;
		} else {
			break;
		}
		if (s.spent)
			break;
	}
	r->minimal = !s.spent;
	return set;
}
