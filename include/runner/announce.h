/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The runner's side of klog/provoked.h: announce in the kernel's log that a
 * subtest provokes warnings, and withdraw it when its process is gone, however
 * it ended.
 */
#ifndef RUNNER_ANNOUNCE_H
#define RUNNER_ANNOUNCE_H

#include "runner/suite.h"

/* Subtests with this need make the kernel WARN in this file. */
struct announce_warn {
	uint64_t need;			/* one bit */
	const char *file;
};

struct announce {
	const struct announce_warn *warns;
	unsigned int nr_warns;
	const char *kmsg;		/* the log */
	/* Written "1", it makes each WARN_ON_ONCE() print again. */
	const char *clear_warn_once;
};

/* The file in which @t makes the kernel WARN, or NULL. Never two files. */
const char *announce_file(const struct announce *a, const struct subtest *t);

/*
 * Hooks of struct suite_around. Begin: write the announcement of @t, if it has
 * one. End: withdraw it, and have each WARN_ON_ONCE() of the kernel print
 * again, as a provoked one must not hide a later one. @a must be static.
 */
int announce_begin(const struct announce *a, const struct subtest *t,
		   char *why, size_t size);
int announce_end(char *why, size_t size);

/*
 * For a need: may warnings be provoked on this machine, and be announced? Both
 * files must be writable, and no warning may be a panic by @proc, "/proc".
 */
bool announce_possible(const char *kmsg, const char *clear_warn_once,
		       const char *proc, char *why, size_t size);

#endif
