// SPDX-License-Identifier: GPL-2.0-only
/*
 * A report for people: what it is about in a few lines, and where in the log
 * the whole of it is.
 */
#include "splat.h"

static void lock_text(FILE *f, const char *label, const struct report_lock *l)
{
	if (!l->name)
		return;
	fprintf(f, "  %-10s %s", label, l->name);
	if (l->mode)
		fprintf(f, " (%s)", l->mode);
	if (l->at)
		fprintf(f, " at %s", l->at);
	putc('\n', f);
}

void report_text(FILE *f, const struct report *r)
{
	unsigned int i;

	fprintf(f, "%s: %s%s\n", kind_name(r->kind), r->title,
		r->complete ? "" : " [report incomplete]");
	if (r->comm)
		fprintf(f, "  %-10s %s/%ld%s%s\n", "by", r->comm, r->pid,
			r->release ? " on " : "",
			r->release ? r->release : "");
	lock_text(f, "acquiring", &r->acquiring);
	for (i = 0; i < r->nr_holding; i++)
		lock_text(f, "holding", &r->holding[i]);
	for (i = 0; i < r->nr_cycle; i++) {
		const struct report_entry *e = &r->chain[r->cycle[i]];
		unsigned int prev = i ? i - 1 : r->nr_cycle - 1;

		fprintf(f, "  %-10s %s > %s in %s\n", i ? "" : "cycle",
			r->chain[r->cycle[prev]].class, e->class, e->func);
	}
	if (r->signature)
		fprintf(f, "  %-10s %s\n", "signature", r->signature);
	fprintf(f, "  %-10s %llu to %llu\n", "lines",
		(unsigned long long)r->first_line,
		(unsigned long long)r->last_line);
}
