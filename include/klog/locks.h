/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Did the kernel report a fault in its own locking while a subtest ran? Such a
 * report does not disturb the subtest, which would pass without this check.
 */
#ifndef KLOG_LOCKS_H
#define KLOG_LOCKS_H

#include <stdbool.h>
#include <stddef.h>

/* Begin after the last record of @path, "/dev/kmsg". 0 or -errno. */
int kmsg_locks_begin(const char *path);

/*
 * True if there was a report of lockdep since then, or of sleeping in atomic
 * context, with the title of the first in @title. False if kmsg_locks_begin()
 * failed.
 */
bool kmsg_locks_end(char *title, size_t size);

#endif
