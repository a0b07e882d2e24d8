// SPDX-License-Identifier: GPL-2.0-only
/*
 * Print a report as text: a summary, and the lines of the log that have all of
 * it.
 */
#include "splat/splat.h"

#define LABEL	"  %-10s "
/* Print so many held locks, and only the number of further ones. */
#define HELD_SHOWN	6

static void lock_text(FILE *f, const char *label, const struct report_lock *l)
{
	fprintf(f, LABEL "%s", label, l->name);
	if (l->mode)
		fprintf(f, " (%s)", l->mode);
	if (l->at)
		fprintf(f, " at %s", l->at);
	putc('\n', f);
}

static const char *about_label(enum report_kind kind)
{
	switch (kind) {
	case KIND_UNLOCK_BALANCE:
		return "releasing";
	case KIND_HELD_LOCK_FREED:
		return "freeing";
	case KIND_CONTENTION:
		return "contending";
	case KIND_IRQ_INVERSION:
		return "changing";
	default:
		return "acquiring";
	}
}

static void locks_text(FILE *f, const struct report *r)
{
	unsigned int i;

	if (r->acquiring.name)
		lock_text(f, about_label(r->kind), &r->acquiring);
	for (i = 0; i < r->nr_holding && i < HELD_SHOWN; i++)
		lock_text(f, i ? "" : "holding", &r->holding[i]);
	if (i < r->nr_holding)
		fprintf(f, LABEL "... and %u more\n", "", r->nr_holding - i);
}

/* The entry of the cycle @n after entry @i. */
static const struct report_entry *in_cycle(const struct report *r,
					   unsigned int i, unsigned int n)
{
	return &r->chain[r->cycle[(i + n) % r->nr_cycle]];
}

static int width_of(const struct report *r)
{
	size_t n, max = 0;
	unsigned int i;

	for (i = 0; i < r->nr_cycle; i++) {
		n = strlen(in_cycle(r, i, 0)->class);
		max = n > max ? n : max;
	}
	return max < 60 ? max + 2 : 62;
}

static bool is_irq(const struct report *r)
{
	return r->kind == KIND_IRQ_UNSAFE_ORDER ||
	       r->kind == KIND_IRQ_INVERSION;
}

/* In a circular report: the new edge, which is CPU0's. */
static unsigned int first_edge(const struct report *r)
{
	unsigned int i;

	for (i = 0; r->kind == KIND_CIRCULAR && i < r->nr_cycle; i++)
		if (r->cycle[(i + 1) % r->nr_cycle] == r->nr_chain - 1)
			return i;
	return 0;
}

/*
 * One CPU for each edge of the cycle: the lock that it holds, the one that it
 * waits for, and the function that takes it.
 */
static void cycle_text(FILE *f, const struct report *r)
{
	unsigned int i, first = first_edge(r);
	int w = width_of(r);

	fprintf(f, LABEL "%-6s %-*s %-*s in\n", "cycle", "", w, "holds", w,
		"takes");
	for (i = 0; i < r->nr_cycle; i++)
		fprintf(f, LABEL "CPU%-3u %-*s %-*s %s\n", "", i, w,
			in_cycle(r, i, first)->class, w,
			in_cycle(r, i, first + 1)->class,
			in_cycle(r, i, first + 1)->func);
	if (is_irq(r))
		fprintf(f, LABEL "one of these in an interrupt\n", "");
}

static void states_text(FILE *f, const struct report *r)
{
	unsigned int i;

	for (i = 0; i < r->nr_chain; i++)
		fprintf(f, LABEL "%s in %s\n", i ? "" : "taken",
			r->chain[i].class, r->chain[i].func);
}

/* The frame of the entry's function, or the first. */
static unsigned int main_frame(const struct report *r,
			       const struct report_entry *e)
{
	size_t n = strlen(e->func);
	unsigned int i;

	for (i = 0; i < e->nr_frames; i++) {
		const char *func = r->frames[e->frame + i];

		if (!strncmp(func, e->func, n) && (!func[n] || func[n] == '.'))
			return i;
	}
	return 0;
}

/* That frame, the function it called to take the lock, and its callers. */
static void entry_text(FILE *f, const struct report *r,
		       const struct report_entry *e)
{
	unsigned int i = main_frame(r, e), end = i + 3;
	const char *sep = "";

	for (i = i ? i - 1 : 0; i < end && i < e->nr_frames; i++) {
		fprintf(f, "%s%s", sep, r->frames[e->frame + i]);
		sep = " < ";
	}
}

static void chain_text(FILE *f, const struct report *r)
{
	unsigned int i;

	for (i = 0; i < r->nr_chain; i++) {
		fprintf(f, LABEL "#%u %s: ", i ? "" : "chain",
			r->nr_chain - 1 - i, r->chain[i].class);
		entry_text(f, r, &r->chain[i]);
		putc('\n', f);
	}
}

void report_text(FILE *f, const struct report *r)
{
	fprintf(f, "%s: %s%s\n", kind_name(r->kind), r->title,
		r->complete ? "" : " [report incomplete]");
	if (r->comm)
		fprintf(f, LABEL "%s/%ld%s%s\n", "by", r->comm, r->pid,
			r->release ? " on " : "",
			r->release ? r->release : "");
	locks_text(f, r);
	if (r->kind == KIND_INCONSISTENT)
		states_text(f, r);
	else if (r->nr_cycle > 1)
		cycle_text(f, r);
	if (r->kind == KIND_CIRCULAR)
		chain_text(f, r);
	if (r->signature)
		fprintf(f, LABEL "%s\n", "signature", r->signature);
	fprintf(f, LABEL "%llu to %llu\n", "lines",
		(unsigned long long)r->first_line,
		(unsigned long long)r->last_line);
}
