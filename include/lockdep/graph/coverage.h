/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which pairs of locks around guest_memfd were taken one under the other, out of
 * /proc/lockdep_chains, against the list of what the kernel's source allows
 * (coverage.def). Chains are kept from boot on, and each proves that its locks
 * were held together.
 */
#ifndef LOCKDEP_COVERAGE_H
#define LOCKDEP_COVERAGE_H

#include "chains.h"

enum cover_lock {
#define LOCK(id, class, name)	COVER_##id,
#include "coverage.def"
	NR_COVER,
	COVER_ANY,
};

enum cover_rule {
	COVER_UNLISTED,		/* the list says nothing: it is at fault */
	COVER_REACHABLE,
	COVER_FORBIDDEN,
	COVER_UNREACHABLE,
};

struct cover_pair {
	enum cover_rule rule;
	const char *func;	/* reachable: who takes it, */
	const char *file;	/* where that is, */
	const char *text;	/* and how to get there; otherwise why not */
};

/* What the list says of taking @taken while @held is held. */
struct cover_pair cover_pair(enum cover_lock held, enum cover_lock taken);

/* What people call it. */
const char *cover_name(enum cover_lock lock);

struct coverage {
	/* Set before the first line: guest_memfd's class, with #n; or "". */
	struct str gmem;
	bool seen[NR_COVER][NR_COVER];	/* held, taken */
	/* The chain that is being read. */
	unsigned int nr;
	int held[CHAINS_DEPTH];		/* enum cover_lock, or -1 for others */
};

/* One line of /proc/lockdep_chains, and after the last. */
void coverage_line(struct coverage *c, struct str line);
void coverage_end(struct coverage *c);

struct cover_counts {
	unsigned int reachable;
	unsigned int reachable_seen;
	unsigned int forbidden;
	unsigned int forbidden_seen;
	unsigned int unreachable;
	unsigned int unexpected;	/* seen, but listed as unreachable */
};

void coverage_count(const struct coverage *c, struct cover_counts *n);

#endif
