// SPDX-License-Identifier: GPL-2.0-only
/*
 * The control of race_mix and race_pairs: actors that fail on purpose must be
 * detected and named, beside good ones that are not blamed; and a failure of
 * two actors together must be reduced to these two.
 */
#include <string.h>

#include "kvm_util.h"
#include "race/actors/actors.h"
#include "race/actors/mix.h"
#include "subtests/gmem/tests.h"

#define GOOD	"user_write,user_read,user_dontneed,punch_hole"

static void set_up(struct mix *m, const char *names)
{
	char why[128];

	*m = (struct mix){ .seed = 1, .ms = 300, .stall_ms = 3000 };
	TEST_ASSERT(actors_parse(names, &m->set, why, sizeof(why)), "%s", why);
}

static const struct {
	const char *actor;
	const char *why[2];	/* parts of the message */
} wrong[] = {
	{ "control_errno", { "control_errno: step 0: close: EBADF" } },
	{ "control_starves", { "control_starves starves: none of " } },
	{ "control_strays", { "user_read: step ", "is neither zero nor a pattern" } },
	{ "control_leaks", { "files open before, " } },
	{ "control_dies", { "exit code 254 (assertion" } },
	{ "control_stalls", { "control_stalls stalls: step 1 has no end: tid ",
			      "state S, syscall " } },
};

static void is_detected(unsigned int i)
{
	struct mix_result r;
	char names[256];
	struct mix m;
	int j;

	snprintf(names, sizeof(names), GOOD ",%s", wrong[i].actor);
	set_up(&m, names);
	mix_run(&m, &r);
	TEST_ASSERT(r.failed, "%s was not detected", wrong[i].actor);
	for (j = 0; j < 2 && wrong[i].why[j]; j++)
		TEST_ASSERT(strstr(r.why, wrong[i].why[j]), "%s: '%s'",
			    wrong[i].actor, r.why);
}

void race_control(const struct subtest_args *args)
{
	struct mix_result r;
	struct mix m, two;
	unsigned int i;

	set_up(&m, GOOD);
	mix_run(&m, &r);
	TEST_ASSERT(!r.failed, "%s", r.why);
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		is_detected(i);

	set_up(&two, "control_one,control_other");
	set_up(&m, GOOD ",control_one,truncate,control_other");
	mix_run(&m, &r);
	TEST_ASSERT(r.failed && strstr(r.why, "control_other: step "), "'%s'",
		    r.why);
	TEST_ASSERT_EQ(mix_reduce(&m, 2), two.set);
}
