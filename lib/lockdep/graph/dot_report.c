// SPDX-License-Identifier: GPL-2.0-only
/* Draw the cycle of a report, see dot.h. Pure. */
#include "lockdep/graph/dot.h"
#include "lockdep/graph/gmem.h"

#define FUNC_WIDTH	30

static const struct report_entry *entry(const struct report *r, unsigned int i)
{
	return &r->chain[r->cycle[i % r->nr_cycle]];
}

/* The mode in which a function takes a lock, by its name, or NULL. */
static const char *mode_of_func(struct str func)
{
	static const char *const reads[] = {
		"down_read", "mmap_read_", "read_lock", "gup_fast",
		"get_user_pages_fast", "might_fault", "lock_shared",
	};
	static const char *const writes[] = {
		"down_write", "mmap_write_", "write_lock", "mutex_lock",
		"spin_lock", "inode_lock", "invalidate_lock",
	};
	size_t i;

	for (i = 0; i < sizeof(reads) / sizeof(reads[0]); i++)
		if (str_find(func, str_of(reads[i])) >= 0)
			return "read";
	for (i = 0; i < sizeof(writes) / sizeof(writes[0]); i++)
		if (str_find(func, str_of(writes[i])) >= 0)
			return "write";
	return NULL;
}

/*
 * The report has the mode only of the lock being acquired; for the others look
 * at the frames above the function that took them.
 */
static const char *mode(const struct report *r, const struct report_entry *e)
{
	unsigned int i;

	if (e == &r->chain[r->nr_chain - 1] && r->acquiring.mode)
		return r->acquiring.mode;
	for (i = 0; i < e->nr_frames; i++) {
		const char *func = r->frames[e->frame + i];
		const char *m = mode_of_func(str_of(func));

		if (m)
			return m;
		if (!strcmp(func, e->func))
			break;
	}
	return NULL;
}

/*
 * Draw two arrows between the same two nodes one above the other, so that their
 * labels do not overlap.
 */
static const char *ports(const struct report *r, unsigned int i)
{
	if (r->nr_cycle != 2)
		return "";
	return i ? " tailport=ne headport=nw" : " tailport=sw headport=se";
}

/* Entry @i was taken while the one before it was held. */
static void edge(FILE *f, const struct report *r, unsigned int i)
{
	const struct report_entry *e = entry(r, i);
	const char *m = mode(r, e);

	fprintf(f, "  n%u -> n%u [label=\" ", (i + r->nr_cycle - 1) %
		r->nr_cycle, i);
	dot_text(f, str_of(e->func), FUNC_WIDTH);
	if (m)
		fprintf(f, "\\n(%s)", m);
	fprintf(f, " \"%s%s%s];\n", m && !strcmp(m, "read") ? " style=dashed" :
		"", e == &r->chain[r->nr_chain - 1] ? " " DOT_RED : "",
		ports(r, i));
}

static void legend(FILE *f, const struct report *r)
{
	fputs("  label=\"\\n", f);
	dot_text(f, str_of(r->title), 200);
	if (r->comm) {
		fputs(", by ", f);
		dot_text(f, str_of(r->comm), 200);
	}
	if (r->release) {
		fputs(", Linux ", f);
		dot_text(f, str_of(r->release), 200);
	}
	fputs("\\lA > B: that function took B while A was held; dashed: for "
	      "reading.\\lRed: the edge that closed the cycle.\\l\";\n", f);
}

bool dot_report(FILE *f, const struct report *r)
{
	struct gmem_edges unused = { };
	char gmem[80] = "";
	unsigned int i;

	if (!r->nr_cycle)
		return false;
	gmem_report(r, &unused, gmem, sizeof(gmem));
	dot_begin(f);
	legend(f, r);
	for (i = 0; i < r->nr_cycle; i++)
		dot_node(f, i, str_of(entry(r, i)->class), gmem[0] &&
			 lock_name_is(str_of(entry(r, i)->name), str_of(gmem)),
			 "");
	for (i = 0; i < r->nr_cycle; i++)
		edge(f, r, i);
	dot_end(f);
	return true;
}
