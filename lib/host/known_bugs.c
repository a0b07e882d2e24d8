// SPDX-License-Identifier: GPL-2.0-only
/* Bugs of released kernels, see known_bugs.h. Pure. */
#include <stddef.h>
#include <stdio.h>

#include "host/known_bugs.h"

#define KNOWN_BUG(name, ...)	[KNOWN_BUG_##name] = { __VA_ARGS__ },
static const struct known_bug_row rows[NR_KNOWN_BUGS] = {
#include "host/known_bugs.def"
};

const struct known_bug_row *known_bug_row(enum known_bug bug)
{
	return &rows[bug];
}

/* "6.16.1-rc2+" as 6016, or 0. */
static unsigned int series(const char *release)
{
	unsigned int major, minor;

	if (sscanf(release, "%3u.%3u", &major, &minor) != 2)
		return 0;
	return major * 1000 + minor;
}

bool known_bug_in(enum known_bug bug, const char *release)
{
	const struct known_bug_row *row = &rows[bug];
	unsigned int here = series(release);

	return row->what && here >= series(row->first) &&
	       here <= series(row->last);
}
