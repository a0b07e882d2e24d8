/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The runner's part in giving the machine back as it was: by the suite's note()
 * before a subtest's process, and by its restore() once that is gone. A process
 * of the subtest could not do it: what it leaves behind is killed.
 */
#ifndef RESTORE_H
#define RESTORE_H

#include "runner/suite.h"

/* 0, or -errno: then the subtest must not be run. */
int restore_begin(const struct suite *suite, const struct subtest *t);

/* Done by exit(), too, if it has not been done before. 0 or -errno. */
int restore_end(void);

#endif
