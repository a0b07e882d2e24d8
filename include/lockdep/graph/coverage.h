/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Compare the pairs of locks around guest_memfd that were taken one under the
 * other, by /proc/lockdep_chains, with those that the kernel's source allows
 * (coverage.def). The kernel keeps all chains since boot, and each proves that
 * its locks were held together.
 */
#ifndef LOCKDEP_GRAPH_COVERAGE_H
#define LOCKDEP_GRAPH_COVERAGE_H

#include "chains.h"

enum cover_lock {
#define LOCK(id, class, name)	COVER_##id,
#include "coverage.def"
	NR_COVER,
	COVER_ANY,
};

enum cover_rule {
	COVER_UNLISTED,		/* a pair that the list forgot */
	COVER_REACHABLE,
	COVER_FORBIDDEN,
	COVER_UNREACHABLE,
};

struct cover_pair {
	enum cover_rule rule;
	const char *func;	/* reachable: the function that takes it, */
	const char *file;	/* its file, */
	const char *text;	/* and how to get there; otherwise: why not */
};

/* The list's entry for taking @taken while @held is held. */
struct cover_pair cover_pair(enum cover_lock held, enum cover_lock taken);

/* Its short name. */
const char *cover_name(enum cover_lock lock);

struct coverage {
	/* Set before the first line: guest_memfd's class, with #n, or "". */
	struct str gmem;
	bool seen[NR_COVER][NR_COVER];	/* held, taken */
	/* The current chain. */
	unsigned int nr;
	int held[CHAINS_DEPTH];		/* enum cover_lock, or -1 for others */
};

/* One line of /proc/lockdep_chains; coverage_end() after the last. */
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
