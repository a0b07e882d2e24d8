// SPDX-License-Identifier: GPL-2.0-only
/* Give the machine back as it was before a subtest. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "restore.h"

static struct {
	const struct suite *suite;
	const struct subtest *t;	/* whose changes are to be undone */
	pid_t runner;
	bool at_exit;
} noted;

/* The subtests' processes come here, too, with what they inherited. */
static void at_exit(void)
{
	if (getpid() == noted.runner)
		restore_end();
}

int restore_begin(const struct suite *suite, const struct subtest *t)
{
	int ret;

	if (!suite->note)
		return 0;

	if (!noted.at_exit && atexit(at_exit))
		return -ENOMEM;

	noted.at_exit = true;
	ret = suite->note(t);
	if (ret)
		return ret;

	noted.runner = getpid();
	noted.suite = suite;
	noted.t = t;
	return 0;
}

int restore_end(void)
{
	const struct subtest *t = noted.t;

	noted.t = NULL;
	return t ? noted.suite->restore(t) : 0;
}
