/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lines KEY=VALUE, in which the parts of the lab hand facts to each other and
 * to shell scripts.
 */
#ifndef BASE_PAIRS_H
#define BASE_PAIRS_H

#include <stdio.h>

#include "base/str.h"

/* Write one pair. An end of line within the value becomes a blank. */
void pair_put(FILE *f, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * The value of the first line of @text that begins with "@key=". Empty, with .p
 * NULL, if there is no such line.
 */
struct str pair_get(struct str text, const char *key);

#endif
