/* SPDX-License-Identifier: GPL-2.0-only */
/* The hooks around a subtest: in their order, and by exit(), too. */
#ifndef LIB_RUNNER_AROUND_H
#define LIB_RUNNER_AROUND_H

#include "runner/ktap.h"
#include "runner/suite.h"

/*
 * 0: run @t. 1: do not, it has failed by @why. -errno: end the program; a line
 * of @k says why. In both cases no hook is left open.
 */
int around_begin(const struct suite *suite, const struct subtest *t,
		 struct ktap *k, char *why, size_t size);

/* The same after it; 1: it has failed by @why. */
int around_end(struct ktap *k, char *why, size_t size);

#endif
