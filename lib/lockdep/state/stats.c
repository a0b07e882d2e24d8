// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/lockdep_stats, see stats.h. A line is " label:   value [max: n]"; the
 * kernel's configuration decides which lines are printed, so go by the labels.
 */
#include "lockdep/state/stats.h"

static const char *const tables[NR_TABLES] = {
	[TABLE_CLASSES]		= "lock-classes",
	[TABLE_DEPENDENCIES]	= "direct dependencies",
	[TABLE_CHAINS]		= "dependency chains",
	[TABLE_CHAIN_HLOCKS]	= "dependency chain hlocks used",
	[TABLE_STACK_TRACES]	= "stack-trace entries",
};

const char *lockdep_table_name(enum lockdep_table t)
{
	return t < NR_TABLES ? tables[t] : "none";
}

static void table_line(struct lockdep_stats *st, struct str label,
		       uint64_t value, struct str rest)
{
	size_t i;

	for (i = 0; i < NR_TABLES; i++) {
		if (!str_eq(label, str_of(tables[i])))
			continue;
		st->used[i] = value;
		if (str_take(&rest, STR(" [max: ")))
			str_take_u64(&rest, &st->max[i]);
	}
}

bool lockdep_stats_parse(struct lockdep_stats *st, struct str text)
{
	struct str line, label;
	uint64_t value;
	bool any = false;
	ptrdiff_t colon;

	memset(st, 0, sizeof(*st));
	st->debug_locks = -1;
	while (str_take_line(&text, &line)) {
		colon = str_find(line, STR(":"));
		if (colon < 0)
			continue;
		label = str_trim(str_head(line, colon));
		line = str_ltrim(str_skip(line, colon + 1));
		if (!str_take_u64(&line, &value))
			continue;
		table_line(st, label, value, line);
		if (str_eq(label, STR("debug_locks")))
			st->debug_locks = value;
		any |= str_eq(label, STR("lock-classes"));
	}
	return any;
}

enum lockdep_table lockdep_stats_full(const struct lockdep_stats *st)
{
	size_t i;

	for (i = 0; i < NR_TABLES; i++)
		if (st->max[i] && st->used[i] >= st->max[i] / 100 * 95 +
						 st->max[i] % 100 * 95 / 100)
			return i;
	return NR_TABLES;
}
