/* SPDX-License-Identifier: GPL-2.0-only */
/* /proc/lockdep_stats: how full lockdep's tables are, and debug_locks. */
#ifndef LOCKDEP_STATE_STATS_H
#define LOCKDEP_STATE_STATS_H

#include "base/str.h"

enum lockdep_table {
	TABLE_CLASSES,
	TABLE_DEPENDENCIES,
	TABLE_CHAINS,
	TABLE_CHAIN_HLOCKS,
	TABLE_STACK_TRACES,
	NR_TABLES,
};

struct lockdep_stats {
	/* 0 of 0 if the kernel does not print a table. */
	uint64_t used[NR_TABLES];
	uint64_t max[NR_TABLES];
	int debug_locks;	/* -1 if not printed */
};

/* False if @text is no /proc/lockdep_stats. */
bool lockdep_stats_parse(struct lockdep_stats *st, struct str text);

/* The name in the file: "direct dependencies". */
const char *lockdep_table_name(enum lockdep_table t);

/* The first table that is 95 % full or more, else NR_TABLES. */
enum lockdep_table lockdep_stats_full(const struct lockdep_stats *st);

#endif
