/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a subtest needs of the machine, as data: one table of needs a program,
 * one bit of a mask each. Probing, SKIP lines and --list use the same table.
 */
#ifndef RUNNER_NEED_H
#define RUNNER_NEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NEEDS_MAX	64	/* bits of a mask */
#define NEED_WHY	160

struct need {
	const char *name;	/* one word, for --list */
	/*
	 * Is it met? If not, @why says what was probed and what was seen, in a
	 * few words without newline.
	 */
	bool (*met)(char *why, size_t size);
};

struct need_state {
	bool probed;
	bool met;
	char why[NEED_WHY];
};

/* Probe the needs of @mask. @state has an entry for each need. */
void needs_probe(const struct need *needs, unsigned int nr, uint64_t mask,
		 struct need_state *state);

/*
 * Join all unmet needs of @mask as "name: why; name, name: why", those with one
 * reason together. An unprobed need is unmet. Return their number; text that
 * does not fit is cut.
 */
unsigned int needs_unmet(const struct need *needs, unsigned int nr,
			 uint64_t mask, const struct need_state *state,
			 char *text, size_t size);

/* Join the names of the needs of @mask as "a, b", or "-" if there is none. */
void needs_names(const struct need *needs, unsigned int nr, uint64_t mask,
		 char *text, size_t size);

#endif
