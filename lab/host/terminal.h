/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The user's terminal as the guest's second serial line. The emulator wants a
 * terminal device by name, for itself alone. So it gets a pseudo terminal,
 * DIR/tty, and labrun passes bytes between that and its own stdin and stdout.
 */
#ifndef LAB_HOST_TERMINAL_H
#define LAB_HOST_TERMINAL_H

/* 0, or -1 with errno; stdin is raw until terminal_close(). */
int terminal_open(const char *dir);
/* Pass on what has arrived from either side; does not wait. */
void terminal_relay(void);
/* Restore the user's terminal; harmless when none was opened. */
void terminal_close(void);

#endif
