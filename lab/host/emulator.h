/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The emulator's process.
 */
#ifndef LAB_HOST_EMULATOR_H
#define LAB_HOST_EMULATOR_H

#include <stddef.h>
#include <sys/types.h>

/*
 * The lines that come from it: its stdout, the kernel's console and the
 * program's output. In the order in which they are read: `mark start` counts
 * for the console.
 */
enum { RESULT, CONSOLE, OUTPUT, NR_LINES };

/*
 * Start it in a process group of its own, which ends with this process; its
 * stderr is DIR/emulator.err. @fd receives the read ends of its lines. -1 with
 * errno on error.
 */
pid_t emulator_start(const char *dir, char **argv, int fd[NR_LINES]);

/* Why it ended, in its own words; "" if it has said nothing. */
void emulator_why(const char *dir, char *why, size_t size);

#endif
