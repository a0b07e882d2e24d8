/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Touch memory that may not be there, on any thread: what would end the process
 * with SIGBUS is a result instead.
 */
#ifndef TOUCH_H
#define TOUCH_H

#include <stdint.h>

/*
 * Read or write one word. 0, -EFAULT for SIGBUS (beyond the end, private), or
 * -EHWPOISON for SIGBUS with BUS_MCEERR_AR (poisoned). The first call takes the
 * process's SIGBUS handler; a SIGBUS of anything else ends it as ever.
 */
int touch_read(const void *addr, uint64_t *value);
int touch_write(void *addr, uint64_t value);

#endif
