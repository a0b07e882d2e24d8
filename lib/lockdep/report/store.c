// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copy fields of lines into a report, see store.h.
 */
#include <stdio.h>

#include "store.h"

const char *store_text(struct report_builder *b, struct str s)
{
	struct report *r = &b->r;
	char *dst = r->text + r->used;
	size_t i;

	if (s.n >= sizeof(r->text) - r->used) {
		b->damaged = true;
		return "";
	}
	for (i = 0; i < s.n; i++) {
		dst[i] = s.p[i] ? s.p[i] : '?';
		/* Kernels never print a NUL. */
		b->damaged |= !s.p[i];
	}
	dst[s.n] = '\0';
	r->used += s.n + 1;
	return dst;
}

const char *store_class(struct report_builder *b, struct class_name c)
{
	char buf[REPORT_LINE];
	int n;

	n = snprintf(buf, sizeof(buf), "%.*s%.*s", (int)c.base.n, c.base.p,
		     (int)c.subclass.n, c.subclass.p);
	return store_text(b, (struct str){ buf, n });
}

void store_lock(struct report_builder *b, const struct token *tok,
		struct report_lock *lock)
{
	lock->name = store_text(b, tok->name);
	lock->class = store_class(b, class_name_parse(tok->name));
	lock->at = tok->at.n ? store_text(b, tok->at) : NULL;
	lock->mode = NULL;
}

void store_holding(struct report_builder *b, const struct token *tok)
{
	struct report *r = &b->r;

	if (r->nr_holding == REPORT_HOLDING)
		b->damaged = true;
	else
		store_lock(b, tok, &r->holding[r->nr_holding++]);
}

/* The list of held locks repeats the lock that the report is about. */
void store_held(struct report_builder *b, const struct token *tok)
{
	struct report *r = &b->r;

	b->held_locks--;
	/* <RELEASED> */
	if (!tok->name.n)
		return;
	if (!b->repeated && r->nr_holding &&
	    str_eq(str_of(r->holding[0].name), tok->name) &&
	    str_eq(str_of(r->holding[0].at), tok->at))
		b->repeated = true;
	else
		store_holding(b, tok);
}

void store_entry(struct report_builder *b, struct str name)
{
	struct report *r = &b->r;
	struct report_entry *e = &r->chain[r->nr_chain];

	if (r->nr_chain == REPORT_CHAIN) {
		b->damaged = true;
		return;
	}
	r->nr_chain++;
	e->name = store_text(b, name);
	e->class = store_class(b, class_name_parse(name));
	e->func = NULL;
	e->frame = r->nr_frames;
	e->nr_frames = 0;
}

void store_frame(struct report_builder *b, const struct frame *f)
{
	struct report *r = &b->r;
	struct report_entry *e = &r->chain[r->nr_chain - 1];

	/* Skip a symbolizer's lines: the report is the same without them. */
	if (f->is_inline)
		return;
	if (r->nr_frames == REPORT_FRAMES) {
		b->damaged = true;
		return;
	}
	r->frames[r->nr_frames++] = store_text(b, f->func);
	e->nr_frames++;
	if (!e->func && !func_is_helper(f->func))
		e->func = store_text(b, func_base(f->func));
}

void store_task(struct report_builder *b, const struct token *tok)
{
	if (b->r.comm)
		return;
	b->r.comm = store_text(b, tok->comm);
	b->r.pid = tok->pid;
}

bool lock_names(const char *printed, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(printed, name, n) && !memchr("/#", printed[n], 2) &&
	       !is_digit(printed[n]);
}
