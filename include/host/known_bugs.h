/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bugs that released kernels have and that subtests show. A subtest that meets
 * one says so and goes on, on the kernels that are known to have it; on all
 * others it fails. The kernel's version decides, since only the behaviour that
 * is wrong could be probed.
 */
#ifndef HOST_KNOWN_BUGS_H
#define HOST_KNOWN_BUGS_H

#include <stdbool.h>

#define KNOWN_BUG(name, ...)	KNOWN_BUG_##name,
enum known_bug {
	KNOWN_BUG_NONE,
#include "host/known_bugs.def"
	NR_KNOWN_BUGS
};
#undef KNOWN_BUG

struct known_bug_row {
	unsigned int number;		/* for messages */
	const char *first, *last;	/* "6.16": these and all between */
	const char *what;		/* one line */
};

const struct known_bug_row *known_bug_row(enum known_bug bug);

/*
 * Has the kernel of this @release, as uname() gives it, the bug? Stable
 * releases count as the release that they began with. False for text that is no
 * release.
 */
bool known_bug_in(enum known_bug bug, const char *release);

#endif
