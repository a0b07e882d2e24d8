/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Did the kernel report a fault in its own locking while a subtest ran? Such a
 * report harms nobody, so that a test which does not look passes.
 */
#ifndef KMSG_LOCKS_H
#define KMSG_LOCKS_H

#include <stdbool.h>
#include <stddef.h>

/* Begin behind the last record of @path, "/dev/kmsg". 0 or -errno. */
int kmsg_locks_begin(const char *path);

/*
 * What came since: true and the title of the first report of lockdep, or of
 * sleeping where that is not allowed, in @title. Without a begin that worked
 * nothing has been seen.
 */
bool kmsg_locks_end(char *title, size_t size);

#endif
