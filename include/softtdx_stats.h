/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What softtdx, the TDX module in software of the lab, says that it holds:
 * pages by type, and the TDs. For tests that want to know exactly what KVM left
 * behind, or whether it asked for a page to be measured.
 */
#ifndef SOFTTDX_STATS_H
#define SOFTTDX_STATS_H

#include <stdbool.h>
#include <stdint.h>

#define SOFTTDX_DIR	"/sys/kernel/debug/softtdx"

/* Pages that the module holds, of every TD together. */
struct softtdx_pages {
	uint64_t reg;		/* private memory */
	uint64_t tdr;
	uint64_t tdcx;
	uint64_t tdvpr;
	uint64_t ept;
};

/* TDs that exist, and what entered MRTD of the newest. */
struct softtdx_tds {
	unsigned int nr;
	bool counted;		/* the newest has a TDCS: the rest is known */
	uint64_t added;		/* pages by TDH.MEM.PAGE.ADD */
	uint64_t extended;	/* 256-byte chunks by TDH.MR.EXTEND */
};

/*
 * Parse the texts of the files stats and tds, whose format is in the head of
 * lab/softtdx/debugfs.c. 0, or -EINVAL if something is not there or no number.
 * Pure.
 */
int softtdx_parse_pages(const char *stats, struct softtdx_pages *pages);
int softtdx_parse_tds(const char *tds, struct softtdx_tds *out);

/* Read both from @dir, e.g. SOFTTDX_DIR. 0 or -errno; -E2BIG: text too long. */
int softtdx_read(const char *dir, struct softtdx_pages *pages,
		 struct softtdx_tds *tds);

#endif
