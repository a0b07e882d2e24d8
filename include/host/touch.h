/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Touch memory that may be missing, on any thread: SIGBUS is a result and does
 * not end the process.
 */
#ifndef HOST_TOUCH_H
#define HOST_TOUCH_H

#include <stddef.h>
#include <stdint.h>

/*
 * Read or write one word. 0, -EFAULT for SIGBUS (beyond the end, private), or
 * -EHWPOISON for SIGBUS with BUS_MCEERR_AR (poisoned). The first call takes the
 * process's SIGBUS handler; from then on a SIGBUS with BUS_MCEERR_AO, which no
 * access has caused, is ignored, and any other ends the process as before.
 */
int touch_read(const void *addr, uint64_t *value);
int touch_write(void *addr, uint64_t value);

/*
 * Poison pages, as if memory had failed: MADV_HWPOISON, for which the kernel
 * sends the caller a SIGBUS at once. They are lost until reboot. 0 or -errno.
 */
int touch_poison(void *addr, size_t len);

#endif
