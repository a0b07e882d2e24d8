/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A TD's secure EPT as softtdx holds it: every entry that is not FREE, with the
 * page behind it and a hash of what is in that page. Conventions:
 * softtdx/stats.h.
 */
#ifndef SOFTTDX_SEPT_H
#define SOFTTDX_SEPT_H

#include <stdbool.h>
#include <stdint.h>

#define SOFTTDX_SHA384_SIZE	48

/* One entry. Level as in the ABI: 0 is a 4 KiB page, KVM's PG_LEVEL_4K is 1. */
struct softtdx_map {
	uint64_t gpa;		/* first of the range that the entry covers */
	uint64_t hpa;		/* of the page, or of the table */
	unsigned int level;	/* of the entry, also where it is a table's */
	bool table;
	char state[20];		/* MAPPED, PENDING, BLOCKED, NL_MAPPED, ... */
	bool pamt_disagrees;	/* PAMT has another type or owner for hpa */
	bool hashed;		/* else sha384 is 0: a table, or not the TD's */
	uint8_t sha384[SOFTTDX_SHA384_SIZE];
};

/*
 * The entries of the TD whose TDR is at @td, tables before what is in them,
 * else by gpa. *@maps is for the caller to free(), NULL if there are none.
 * -ENOENT if there is no such TD, -ENODATA if it has no secure EPT that can be
 * walked (before TDH.MNG.INIT, and in TEARDOWN, when its pages go one by one).
 */
int softtdx_parse_sept(const char *text, uint64_t td,
		       struct softtdx_map **maps, unsigned int *nr);
int softtdx_sept_read(const char *dir, uint64_t td, struct softtdx_map **maps,
		      unsigned int *nr);

#endif
