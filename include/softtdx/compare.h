/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A TD's secure EPT as softtdx holds it, compared with what must be in it: each
 * difference as a line that names the gpa. Pure.
 */
#ifndef SOFTTDX_COMPARE_H
#define SOFTTDX_COMPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sha384.h"
#include "sept.h"

#define SOFTTDX_LEAF_LEVELS	3	/* 4 KiB, 2 MiB, 1 GiB */

/* A page of 4 KiB that was added, once a gpa. */
struct softtdx_want {
	uint64_t gpa;
	const uint8_t *source;	/* its 4096 bytes */
	bool gone;		/* unmapped again; its tables stay */
	uint8_t sha384[SHA384_SIZE];
};

struct softtdx_compare {
	const struct softtdx_want *want;
	unsigned int nr_want;
	const struct softtdx_map *maps;
	unsigned int nr_maps;
	unsigned int root_level;	/* 3, or 4 with five levels */

	/* Out: what there is, and how many differences were said. */
	uint64_t leaves[SOFTTDX_LEAF_LEVELS];
	uint64_t tables;
	unsigned int wrong;
};

/*
 * Every wanted page is mapped at its gpa with its bytes, MAPPED and the TD's by
 * the PAMT, at any level; nothing else is mapped; there are the tables on the
 * way to pages that are or were there, and no other. @say gets each difference
 * as one line.
 */
void softtdx_compare(struct softtdx_compare *c,
		     void (*say)(const char *line, void *arg), void *arg);

#endif
