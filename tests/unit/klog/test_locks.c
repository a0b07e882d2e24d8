// SPDX-License-Identifier: GPL-2.0-only
/* lib/klog/locks.c: the kernel's reports of its own locking, and no others. */
#include <stdlib.h>
#include <unistd.h>

#include "klog/locks.h"
#include "unit.h"

#define CIRCULAR	"WARNING: possible circular locking dependency detected"
#define SLEEPING	"BUG: sleeping function called from invalid context " \
			"at a/b.c:1"

static char path[] = "/tmp/kmsg-locks-XXXXXX";
static int fd;
static char title[200];

static bool during(const char *record)
{
	bool found;

	title[0] = '\0';
	CHECK_EQ(kmsg_locks_begin(path), 0);
	dprintf(fd, "%s\n", record);
	found = kmsg_locks_end(title, sizeof(title));
	return found;
}

static void reports(void)
{
	CHECK(during("4,1,1,-;" CIRCULAR));
	CHECK_STR(title, CIRCULAR);
	CHECK(during("4,2,1,-;\\x0a======\\x0a" CIRCULAR "\\x0a7.3"));
	CHECK_STR(title, CIRCULAR);
	CHECK(during("3,3,1,-;" SLEEPING));
	CHECK_STR(title, SLEEPING);
	CHECK(during("4,4,1,-;WARNING: lock held when returning to user "
		     "space!"));
}

static void others(void)
{
	CHECK(!during("4,5,1,-;a line"));
	CHECK(!during("12,6,1,-;" CIRCULAR));
	CHECK(!during("4,7,1,-;it said " CIRCULAR));
	CHECK(!during("4,8,1,-;WARNING: a/b.c:1 at f+0x1/0x2, CPU#0: x/1"));
}

/* Reports from before or after do not count. */
static void not_meanwhile(void)
{
	dprintf(fd, "4,9,1,-;" CIRCULAR "\n");
	CHECK(!during("4,10,1,-;a line"));
	dprintf(fd, "4,11,1,-;" CIRCULAR "\n");
	CHECK(!kmsg_locks_end(title, sizeof(title)));
	CHECK(kmsg_locks_begin("/nonexistent"));
	CHECK(!kmsg_locks_end(title, sizeof(title)));
}

int main(void)
{
	static const struct unit_case cases[] = {
		{ "reports", reports },
		{ "others", others },
		{ "not_meanwhile", not_meanwhile },
	};
	int ret;

	fd = mkstemp(path);
	if (fd < 0)
		return 1;
	ret = unit_run(cases, sizeof(cases) / sizeof(cases[0]));
	unlink(path);
	return ret;
}
