// SPDX-License-Identifier: GPL-2.0-only
/*
 * The signature of a report, see signature.h.
 */
#include <stdio.h>

#include "lockdep/report/signature.h"

static const struct report_entry *in_cycle(const struct report *r,
					   unsigned int from, unsigned int i)
{
	return &r->chain[r->cycle[(from + i) % r->nr_cycle]];
}

static int compare_from(const struct report *r, unsigned int a, unsigned int b)
{
	unsigned int i;
	int diff;

	for (i = 0; i < r->nr_cycle; i++) {
		diff = strcmp(in_cycle(r, a, i)->class,
			      in_cycle(r, b, i)->class);
		if (diff)
			return diff;
	}
	for (i = 0; i < r->nr_cycle; i++) {
		diff = strcmp(in_cycle(r, a, i)->func, in_cycle(r, b, i)->func);
		if (diff)
			return diff;
	}
	return 0;
}

void signature_rotate(struct report *r)
{
	unsigned int i, start = 0, old[REPORT_CHAIN];

	for (i = 1; i < r->nr_cycle; i++)
		if (compare_from(r, i, start) < 0)
			start = i;
	memcpy(old, r->cycle, sizeof(old));
	for (i = 0; i < r->nr_cycle; i++)
		r->cycle[i] = old[(start + i) % r->nr_cycle];
}

static void write_cycle(FILE *f, const struct report *r)
{
	unsigned int i;

	for (i = 0; i < r->nr_cycle; i++)
		fprintf(f, "%s%s", i ? " > " : ": ", in_cycle(r, 0, i)->class);
	for (i = 0; i < r->nr_cycle; i++)
		fprintf(f, "%s%s", i ? ", " : " | ", in_cycle(r, 0, i)->func);
}

static void write_states(FILE *f, const struct report *r)
{
	const char *a = r->chain[0].func, *b = r->chain[1].func;
	bool swap = strcmp(a, b) > 0;

	fprintf(f, ": %s | %s, %s", r->acquiring.class, swap ? b : a,
		swap ? a : b);
}

/* Kinds whose backtrace is the exit's, and not of taking the lock. */
static bool is_left_held(const struct report *r)
{
	return r->kind == KIND_HELD_AT_EXIT ||
	       r->kind == KIND_RETURNING_TO_USER;
}

static void write_lock(FILE *f, const struct report *r, const char *func)
{
	struct str at = str_of(func ?: "");
	unsigned int i;

	if (r->acquiring.class)
		fprintf(f, ": %s", r->acquiring.class);
	for (i = 0; is_left_held(r) && i < r->nr_holding; i++)
		fprintf(f, "%s%s", i ? " > " : ": ", r->holding[i].class);
	if (is_left_held(r) && r->nr_holding && r->holding[0].at)
		at = str_of(r->holding[0].at);
	if (r->kind == KIND_HELD_LOCK_FREED && r->acquiring.at)
		at = str_of(r->acquiring.at);
	at = func_base(at);
	if (at.n)
		fprintf(f, " | %.*s", (int)at.n, at.p);
}

size_t signature_write(const struct report *r, const char *func, char *buf,
		       size_t size)
{
	FILE *f = fmemopen(buf, size, "w");
	long n;

	if (!f)
		return 0;
	fputs(kind_name(r->kind), f);
	if (r->kind == KIND_INCONSISTENT)
		write_states(f, r);
	else if (r->nr_cycle)
		write_cycle(f, r);
	else if (kind_is_splat(r->kind) || r->kind == KIND_CHAIN_COLLISION ||
		 r->kind == KIND_HUNG_TASK)
		write_lock(f, r, func);
	else
		fprintf(f, ": %s", r->title);
	fflush(f);
	n = ftell(f);
	/* fmemopen() silently cuts off text that does not fit. */
	if (ferror(f) || n < 0 || (size_t)n >= size - 1)
		n = 0;
	fclose(f);
	return n;
}
