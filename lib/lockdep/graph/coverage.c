// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pairs of locks that were seen, and that are possible: see coverage.h. Pure.
 */
#include "lockdep/graph/coverage.h"
#include "lockdep/graph/graph.h"
#include "lockdep/report/token.h"

static const struct {
	const char *class;
	const char *name;
} locks[] = {
#define LOCK(id, class, name)	[COVER_##id] = { class, name },
#include "lockdep/graph/coverage.def"
};

static const struct {
	enum cover_lock held;
	enum cover_lock taken;
	struct cover_pair pair;
} rules[] = {
#define REACHABLE(held, taken, func, file, how)	\
	{ COVER_##held, COVER_##taken, { COVER_REACHABLE, func, file, how } },
#define FORBIDDEN(held, taken, why)	\
	{ COVER_##held, COVER_##taken, { COVER_FORBIDDEN, NULL, NULL, why } },
#define UNREACHABLE(held, taken, why)	\
	{ COVER_##held, COVER_##taken, { COVER_UNREACHABLE, NULL, NULL, why } },
#include "lockdep/graph/coverage.def"
};

#define NR_RULES	(sizeof(rules) / sizeof(rules[0]))

const char *cover_name(enum cover_lock lock)
{
	return locks[lock].name;
}

static const struct cover_pair *named(enum cover_lock held,
				      enum cover_lock taken)
{
	size_t i;

	for (i = 0; i < NR_RULES; i++)
		if (rules[i].held == held && rules[i].taken == taken)
			return &rules[i].pair;
	return NULL;
}

static const struct cover_pair *any(enum cover_lock held, enum cover_lock taken)
{
	size_t i;

	for (i = 0; i < NR_RULES; i++)
		if ((rules[i].held == held && rules[i].taken == COVER_ANY) ||
		    (rules[i].held == COVER_ANY && rules[i].taken == taken))
			return &rules[i].pair;
	return NULL;
}

struct cover_pair cover_pair(enum cover_lock held, enum cover_lock taken)
{
	const struct cover_pair *p = named(held, taken);
	const struct cover_pair *back = named(taken, held);

	if (p)
		return *p;
	if (back && back->rule == COVER_REACHABLE)
		return (struct cover_pair){ COVER_FORBIDDEN, NULL, NULL,
			"the other order is taken, so this one can deadlock" };
	p = any(held, taken);
	return p ? *p : (struct cover_pair){ };
}

/* The invalidate_lock of other file systems is not in the list. */
static int lock_of(const struct coverage *c, struct str name)
{
	struct str base = class_name_parse(name).base;
	int i;

	for (i = 0; i < NR_COVER; i++) {
		if (!str_eq(base, str_of(locks[i].class)))
			continue;
		if (i == COVER_GMEM &&
		    (!c->gmem.n || !lock_name_is(name, c->gmem)))
			return -1;
		return i;
	}
	return -1;
}

void coverage_end(struct coverage *c)
{
	unsigned int i;
	int taken;

	if (c->nr > 1) {
		taken = c->held[c->nr - 1];
		for (i = 0; taken >= 0 && i + 1 < c->nr; i++)
			if (c->held[i] >= 0)
				c->seen[c->held[i]][taken] = true;
	}
	c->nr = 0;
}

void coverage_line(struct coverage *c, struct str line)
{
	const char *end;

	if (!str_take(&line, STR("["))) {
		coverage_end(c);
		return;
	}
	end = memchr(line.p, ']', line.n);
	if (!end || c->nr == CHAINS_DEPTH)
		return;
	line = str_skip(line, end - line.p + 1);
	str_take(&line, STR(" "));
	c->held[c->nr++] = lock_of(c, line);
}

void coverage_count(const struct coverage *c, struct cover_counts *n)
{
	unsigned int i, k;

	memset(n, 0, sizeof(*n));
	for (i = 0; i < NR_COVER; i++) {
		for (k = 0; k < NR_COVER; k++) {
			enum cover_rule rule = cover_pair(i, k).rule;
			bool seen = c->seen[i][k];

			if (i == k)
				continue;
			n->reachable += rule == COVER_REACHABLE;
			n->reachable_seen += rule == COVER_REACHABLE && seen;
			n->forbidden += rule == COVER_FORBIDDEN;
			n->forbidden_seen += rule == COVER_FORBIDDEN && seen;
			n->unreachable += rule == COVER_UNREACHABLE;
			n->unexpected += rule == COVER_UNREACHABLE && seen;
		}
	}
}
