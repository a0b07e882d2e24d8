// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables of a trace: a map from pairs of numbers to indices, and arrays
 * that grow.
 */
#include <stdlib.h>

#include "store.h"

#define FIRST_SLOTS	256

static uint64_t mix(uint64_t a, uint64_t b)
{
	uint64_t h = (a ^ b * 0x9e3779b97f4a7c15ULL) * 0xff51afd7ed558ccdULL;

	return h ^ h >> 29;
}

static struct trace_map_slot *slot_of(const struct trace_map *m, uint64_t a,
				      uint64_t b)
{
	unsigned int i = mix(a, b) & m->mask;

	while (m->slots[i].index && (m->slots[i].a != a || m->slots[i].b != b))
		i = (i + 1) & m->mask;
	return &m->slots[i];
}

static bool grow(struct trace_map *m)
{
	struct trace_map old = *m;
	unsigned int i, n = m->slots ? 2 * (m->mask + 1) : FIRST_SLOTS;

	m->slots = calloc(n, sizeof(*m->slots));
	if (!m->slots) {
		*m = old;
		return false;
	}
	m->mask = n - 1;
	for (i = 0; old.slots && i <= old.mask; i++)
		if (old.slots[i].index)
			*slot_of(m, old.slots[i].a, old.slots[i].b) =
				old.slots[i];
	free(old.slots);
	return true;
}

unsigned int trace_map_get(struct trace_map *m, uint64_t a, uint64_t b,
			   unsigned int next)
{
	struct trace_map_slot *s;

	if ((!m->slots || 2 * m->used > m->mask) && !grow(m))
		return TRACE_NO_INDEX;
	s = slot_of(m, a, b);
	if (!s->index) {
		*s = (struct trace_map_slot){ a, b, next + 1 };
		m->used++;
	}
	return s->index - 1;
}

/* Double the array whenever @nr is a power of two. */
bool trace_room(void **array, unsigned int nr, size_t size)
{
	void *more;

	if (nr & (nr - 1))
		return true;
	if (nr >= TRACE_TABLE_MAX)
		return false;
	more = realloc(*array, (nr ? 2 * (size_t)nr : 1) * size);
	if (!more)
		return false;
	*array = more;
	return true;
}
