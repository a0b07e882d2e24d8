// SPDX-License-Identifier: GPL-2.0-only
/* The hooks around a subtest: in their order, and by exit(), too. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "around.h"

static struct {
	const struct suite *suite;
	const struct subtest *t;
	unsigned int nr;	/* hooks that are open */
	pid_t runner;
	bool at_exit;
} hooks;

/* 1 or @err, by what a failure of the hook means. @k may be NULL. */
static int failed(const struct suite_around *a, int err, const char *reason,
		  struct ktap *k, char *why, size_t size)
{
	if (a->failure == AROUND_FAILS) {
		snprintf(why, size, "%s", reason);
		return 1;
	}
	if (k)
		ktap_diagf(k, "%s: %s", hooks.t->name, reason);
	return err;
}

int around_end(struct ktap *k, char *why, size_t size)
{
	char reason[256];
	int ret = 0;

	while (hooks.nr) {
		const struct suite_around *a = &hooks.suite->around[--hooks.nr];
		int err = a->end(hooks.t, reason, sizeof(reason));

		if (err)
			err = failed(a, err, reason, k, why, size);
		if (err && ret >= 0)
			ret = err;
	}
	return ret;
}

/* Processes of subtests inherit the handler and exit through it, too. */
static void at_exit(void)
{
	char why[256];

	if (getpid() == hooks.runner)
		around_end(NULL, why, sizeof(why));
}

int around_begin(const struct suite *suite, const struct subtest *t,
		 struct ktap *k, char *why, size_t size)
{
	char reason[256];
	int ret = 0;

	if (!hooks.at_exit && atexit(at_exit))
		return -ENOMEM;

	hooks.at_exit = true;
	hooks.runner = getpid();
	hooks.suite = suite;
	hooks.t = t;
	for (hooks.nr = 0; hooks.nr < suite->nr_around; hooks.nr++) {
		const struct suite_around *a = &suite->around[hooks.nr];

		ret = a->begin(t, reason, sizeof(reason));
		if (!ret)
			continue;

		ret = failed(a, ret, reason, k, why, size);
		break;
	}
	if (ret)
		around_end(k, reason, sizeof(reason));
	return ret;
}
