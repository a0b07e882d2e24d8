/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /proc/lockdep_chains, line by line: was one class held when the other was
 * taken? A chain lists the locks that one context held, outermost first, when
 * it took the last lock of the chain, and not by trylock
 * (kernel/locking/lockdep.c, validate_chain()). So a chain proves an order that
 * /proc/lockdep shows only in pieces or not at all: that file has direct edges
 * only, and the edges of a path need not have been held together, as with the
 * read sides of SRCU.
 */
#ifndef LOCKDEP_GRAPH_CHAINS_H
#define LOCKDEP_GRAPH_CHAINS_H

#include "base/str.h"

#define CHAINS_DEPTH	48	/* MAX_LOCK_DEPTH */
#define CHAINS_NAME	96

struct chain_order {
	bool found;
	char path[512];		/* "a > b > c", with locks held in between */
};

struct chain_scan {
	/* Set before the first line: names with #n, without /subclass. */
	struct str a, b;
	struct chain_order a_then_b, b_then_a;
	/* The current chain. */
	unsigned int nr;
	char held[CHAINS_DEPTH][CHAINS_NAME];
};

/* One line, without its newline. */
void chain_scan_line(struct chain_scan *s, struct str line);

/* After the last line. */
void chain_scan_end(struct chain_scan *s);

#endif
