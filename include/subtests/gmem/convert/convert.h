/* SPDX-License-Identifier: GPL-2.0-only */
/* What the subtests of conversion share. */
#ifndef SUBTESTS_GMEM_CONVERT_H
#define SUBTESTS_GMEM_CONVERT_H

#include "kvm/convert.h"
#include "subtests/gmem/tests.h"

/* A word that tells the page and the step of a test, and is never 0. */
static inline u64 convert_pattern(u64 page, u64 step)
{
	return gmem_pattern(step + 1, page);
}

#endif
