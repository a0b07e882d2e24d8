/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What softtdx, the TDX module in software of the lab, has counted over the
 * whole machine: pages by type, private keyids by state, calls by leaf. For
 * tests that check exactly what KVM left behind, and which leaves it called.
 *
 * Here and in the headers beside this one: parse functions are pure and take
 * the text of a file whose format is in the head of lab/softtdx/debugfs.c;
 * read functions read that file below @dir first. All return 0 or -errno:
 * -EINVAL for a text that is not in the format, -ENOENT without softtdx or
 * debugfs, -E2BIG for a file that does not end.
 */
#ifndef SOFTTDX_STATS_H
#define SOFTTDX_STATS_H

#include <stdint.h>

#include "leaf.h"

#define SOFTTDX_DIR	"/sys/kernel/debug/softtdx"

/* 4 KiB pages in TDMRs, of every TD together; NDA: the host's. */
struct softtdx_pages {
	uint64_t reg;		/* private memory */
	uint64_t tdr;
	uint64_t tdcx;
	uint64_t tdvpr;
	uint64_t ept;
	uint64_t nda;
	uint64_t rsvd;
};

struct softtdx_keyids {
	uint64_t free;
	uint64_t reserved;	/* the module's own */
	uint64_t assigned;
	uint64_t flushed;	/* no longer a TD's, caches not written back */
};

/* Since boot; errors: calls with a status that was not 0. */
struct softtdx_leaf_stats {
	uint64_t calls;
	uint64_t errors;
	uint64_t last;		/* the last status that was not 0 */
	uint64_t injected;	/* calls that a rule made fail, see inject.h */
};

struct softtdx_stats {
	struct softtdx_pages pages;
	struct softtdx_keyids keyids;
	struct softtdx_leaf_stats leaves[128];	/* by number, enum tdh_leaf */
};

int softtdx_parse_stats(const char *text, struct softtdx_stats *stats);
int softtdx_stats_read(const char *dir, struct softtdx_stats *stats);

#endif
