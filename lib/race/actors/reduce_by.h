/* SPDX-License-Identifier: GPL-2.0-only */
/* Reduction of a list of actors, with a command for a trial. */
#ifndef LIB_RACE_ACTORS_REDUCE_BY_H
#define LIB_RACE_ACTORS_REDUCE_BY_H

#include <stddef.h>

/*
 * Print the smallest part of @list with which @command, run by the shell with
 * ACTORS in its environment, still exits with 1 (0: passes, all else ends it).
 * 0 or -errno with the reason in @why.
 */
int reduce_by(const char *list, const char *command, char *why, size_t size);

#endif
