// SPDX-License-Identifier: GPL-2.0-only
/* Known bugs of the running kernel, see known.h. */
#include <sys/utsname.h>

#include "kvm/known.h"
#include "runner/suite.h"
#include "test_util.h"

static const char *release(void)
{
	static struct utsname uts;

	TEST_ASSERT(!uname(&uts), "uname()");
	return uts.release;
}

bool known_bug_here(enum known_bug bug)
{
	return known_bug_in(bug, release());
}

void known_bug_seen(enum known_bug bug)
{
	const struct known_bug_row *row = known_bug_row(bug);

	TEST_ASSERT(known_bug_here(bug),
		    "%s: known up to Linux %s, and this is %s", row->what,
		    row->last, release());
	subtest_known_bug("%u: %s", row->number, row->what);
}
