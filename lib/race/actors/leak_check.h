/* SPDX-License-Identifier: GPL-2.0-only */
/* What a mix has leaked when its process is gone: VMs, pages. */
#ifndef LIB_RACE_ACTORS_LEAK_CHECK_H
#define LIB_RACE_ACTORS_LEAK_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct leak_check {
	unsigned int vms;
	uint64_t pages;		/* free; 0: not counted */
};

/* Before a mix of @set begins. @pages: count them, too, which takes a while. */
void leak_check_begin(struct leak_check *check, uint64_t set, bool pages);

/* After its end. True if something has leaked, and @why says what. */
bool leak_check_end(const struct leak_check *before, char *why, size_t size);

#endif
