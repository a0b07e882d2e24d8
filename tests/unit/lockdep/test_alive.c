// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/lockdep/state/: each way in which lockdep can be dead is detected, and a
 * living one is alive.
 */
#include <errno.h>

#include "lockdep/state/alive.h"
#include "lockfile.h"

static struct lockdep_stats stats_of(const char *text)
{
	struct lockdep_stats st;

	CHECK(lockdep_stats_parse(&st, str_of(text)));
	return st;
}

static void stats(void)
{
	char *text = lockfile_load("lockdep_stats-7.3.4");
	struct lockdep_stats st = stats_of(text);

	CHECK_EQ(st.used[TABLE_CLASSES], 502);
	CHECK_EQ(st.max[TABLE_CLASSES], 8192);
	CHECK_EQ(st.used[TABLE_DEPENDENCIES], 2580);
	CHECK_EQ(st.max[TABLE_DEPENDENCIES], 32768);
	CHECK_EQ(st.used[TABLE_CHAINS], 2688);
	CHECK_EQ(st.used[TABLE_CHAIN_HLOCKS], 8502);
	CHECK_EQ(st.max[TABLE_CHAIN_HLOCKS], 327680);
	CHECK_EQ(st.used[TABLE_STACK_TRACES], 28461);
	CHECK_EQ(st.debug_locks, 1);
	CHECK_EQ(lockdep_stats_full(&st), NR_TABLES);
	free(text);
}

static void stats_of_nothing(void)
{
	struct lockdep_stats st;

	CHECK(!lockdep_stats_parse(&st, STR("")));
	CHECK(!lockdep_stats_parse(&st, STR("all lock classes:\n")));
	CHECK(!lockdep_stats_parse(&st, STR(" lock-classes: many\n")));
	st = stats_of(" lock-classes: 1 [max: 8192]\n");
	CHECK_EQ(st.debug_locks, -1);
}

static void full_tables(void)
{
	struct lockdep_stats st = { .used = { 94, 1 }, .max = { 100, 100 } };

	CHECK_EQ(lockdep_stats_full(&st), NR_TABLES);
	st.used[TABLE_CLASSES] = 95;
	CHECK_EQ(lockdep_stats_full(&st), TABLE_CLASSES);
	st.used[TABLE_CLASSES] = 0;
	st.used[TABLE_STACK_TRACES] = 524000;
	st.max[TABLE_STACK_TRACES] = 524288;
	CHECK_EQ(lockdep_stats_full(&st), TABLE_STACK_TRACES);
	/* Without a known maximum a table is not full. */
	st.max[TABLE_STACK_TRACES] = 0;
	CHECK_EQ(lockdep_stats_full(&st), NR_TABLES);
}

static struct lockdep_seen alive(void)
{
	return (struct lockdep_seen){
		.stats = {
			.used = { 452, 2162, 2000, 8000, 20000 },
			.max = { 8192, 32768, 65536, 327680, 524288 },
			.debug_locks = 1,
		},
		.prove_locking = 1,
	};
}

static void judged(const struct lockdep_seen *seen, enum lockdep_state state,
		   const char *reason)
{
	struct lockdep_status st;

	lockdep_status_now(seen, &st);
	CHECK_STR(lockdep_state_name(st.state), lockdep_state_name(state));
	if (!strstr(st.reason, reason))
		CHECK_STR(st.reason, reason);
	CHECK(state == LOCKDEP_ALIVE || st.reason[0]);
}

static void one_look(void)
{
	struct lockdep_seen s = alive();

	judged(&s, LOCKDEP_ALIVE, "");
	s.prove_locking = -1;
	judged(&s, LOCKDEP_ALIVE, "");
	s.prove_locking = 0;
	judged(&s, LOCKDEP_UNPROVEN, "prove_locking is 0");
	s = alive();
	s.stats.debug_locks = 0;
	judged(&s, LOCKDEP_SPENT, "debug_locks");
	s = alive();
	s.stats.debug_locks = -1;
	judged(&s, LOCKDEP_UNPROVEN, "debug_locks");
	s = alive();
	s.chains_file = -ENOENT;
	judged(&s, LOCKDEP_UNPROVEN, "PROVE_LOCKING");
	s = alive();
	s.chains_buggered = true;
	judged(&s, LOCKDEP_UNPROVEN, "ran out");
	s = alive();
	s.stats.used[TABLE_CHAIN_HLOCKS] = 327000;
	judged(&s, LOCKDEP_UNPROVEN, "dependency chain hlocks used 327000");
	s = alive();
	s.stats_file = -ENOENT;
	judged(&s, LOCKDEP_ABSENT, "without lockdep");
	s.stats_file = -EACCES;
	judged(&s, LOCKDEP_UNPROVEN, "/proc/lockdep_stats: Permission denied");
	s = alive();
	s.classes_file = -EACCES;
	judged(&s, LOCKDEP_UNPROVEN, "/proc/lockdep: Permission denied");
}

static void judged_run(const struct lockdep_seen *before,
		       const struct lockdep_seen *after,
		       const struct lockdep_use *use,
		       enum lockdep_state state, const char *reason)
{
	struct lockdep_status st;

	lockdep_status_after_run(before, after, use, &st);
	CHECK_STR(lockdep_state_name(st.state), lockdep_state_name(state));
	if (!strstr(st.reason, reason))
		CHECK_STR(st.reason, reason);
}

static void after_a_run(void)
{
	struct lockdep_seen before = alive(), after = alive();
	struct lockdep_use w = {
		.found = true, .used = true, .mm_used = true, .first_run = true,
	};

	after.stats.used[TABLE_DEPENDENCIES]++;
	judged_run(&before, &after, &w, LOCKDEP_ALIVE, "");
	judged_run(&before, &after, NULL, LOCKDEP_ALIVE, "");

	/* Validation off: classes are registered, but no dependencies. */
	after.stats.used[TABLE_DEPENDENCIES]--;
	judged_run(&before, &after, &w, LOCKDEP_UNPROVEN, "no dependency");
	w.first_run = false;
	judged_run(&before, &after, &w, LOCKDEP_ALIVE, "");

	w.not_taken = true;
	judged_run(&before, &after, &w, LOCKDEP_UNPROVEN, "was not taken");
	w.not_taken = false;

	w.used = false;
	judged_run(&before, &after, &w, LOCKDEP_UNPROVEN, "has no usage");
	w.used = true;
	w.mm_used = false;
	judged_run(&before, &after, &w, LOCKDEP_UNPROVEN, "&mm->mmap_lock");
	w.mm_used = true;
	w.found = false;
	judged_run(&before, &after, &w, LOCKDEP_UNPROVEN, "was not seen");

	/* The state of one look comes first. */
	after.stats.debug_locks = 0;
	judged_run(&before, &after, &w, LOCKDEP_SPENT, "debug_locks");
}

UNIT_MAIN(
	{ "stats", stats },
	{ "stats_of_nothing", stats_of_nothing },
	{ "full_tables", full_tables },
	{ "one_look", one_look },
	{ "after_a_run", after_a_run },
)
