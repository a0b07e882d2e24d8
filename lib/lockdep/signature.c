// SPDX-License-Identifier: GPL-2.0-only
/*
 * The signature of a report, see signature.h.
 */
#include <stdio.h>

#include "lockdep/signature.h"

static const struct report_entry *in_cycle(const struct report *r,
					   unsigned int from, unsigned int i)
{
	/* The chain is printed in reverse order: #0 is the last. */
	return &r->chain[r->nr_chain - 1 - (from + i) % r->nr_chain];
}

static int compare_from(const struct report *r, unsigned int a, unsigned int b)
{
	unsigned int i;
	int diff;

	for (i = 0; i < r->nr_chain; i++) {
		diff = strcmp(in_cycle(r, a, i)->class,
			      in_cycle(r, b, i)->class);
		if (diff)
			return diff;
	}
	for (i = 0; i < r->nr_chain; i++) {
		diff = strcmp(in_cycle(r, a, i)->func, in_cycle(r, b, i)->func);
		if (diff)
			return diff;
	}
	return 0;
}

void signature_cycle(struct report *r)
{
	unsigned int i, start = 0;

	for (i = 1; i < r->nr_chain; i++)
		if (compare_from(r, i, start) < 0)
			start = i;
	for (i = 0; i < r->nr_chain; i++)
		r->cycle[i] = in_cycle(r, start, i) - r->chain;
	r->nr_cycle = r->nr_chain;
}

size_t signature_write(const struct report *r, char *buf, size_t size)
{
	size_t n;
	unsigned int i;

	if (!r->nr_cycle)
		return 0;
	n = snprintf(buf, size, "%s: ", kind_name(r->kind));
	for (i = 0; i < r->nr_cycle && n < size; i++)
		n += snprintf(buf + n, size - n, "%s%s", i ? " > " : "",
			      r->chain[r->cycle[i]].class);
	for (i = 0; i < r->nr_cycle && n < size; i++)
		n += snprintf(buf + n, size - n, "%s%s", i ? ", " : " | ",
			      r->chain[r->cycle[i]].func);
	return n < size ? n : 0;
}
