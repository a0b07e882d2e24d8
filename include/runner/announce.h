/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The runner's side of provoked.h: announce in the kernel's log that a subtest
 * provokes warnings, and take it back when its process is gone, however it
 * ended.
 */
#ifndef ANNOUNCE_H
#define ANNOUNCE_H

#include "suite.h"

/*
 * Write the announcement for @t, if it has one to make. 0, or -errno: then it
 * must not be run. What is announced is taken back by exit(), too.
 */
int announce_begin(const struct suite *suite, const struct subtest *t);

/*
 * Take it back, then have each WARN_ON_ONCE() of the kernel print again, as one
 * that was provoked may come by itself later. 0 or -errno.
 */
int announce_end(void);

/*
 * For a need: may warnings be provoked on this machine, and be announced? Both
 * files must be writable, and no warning may be a panic by @proc, "/proc".
 */
bool announce_possible(const char *kmsg, const char *clear_warn_once,
		       const char *proc, char *why, size_t size);

#endif
