/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lab's stand-in for in-place conversion as a source of results: each
 * result on a kernel that has it bears its name, so that none is taken for one
 * of KVM. Deleted with this folder.
 */
#ifndef INPLACE_STAND_IN_H
#define INPLACE_STAND_IN_H

#include "runner/suite.h"

/*
 * Look for the directory of the stand-in in @debugfs. NULL if it is not there,
 * or if @debugfs cannot be read, since then this is not the lab.
 */
const struct platform *stand_in_detect(const char *debugfs);

/* The same on this machine. Each subtest uses KVM, so it is asked for all. */
const struct platform *stand_in_here(void);

/* For splat: the part of KVM that it stands in for, or NULL. */
const char *stand_in_for(const char *debugfs);

#define STAND_IN_SOURCE	{ .detect = stand_in_here }

#endif
