/* SPDX-License-Identifier: GPL-2.0-only */
/* A VM whose guests read and stamp memory for ever, and how they are run. */
#ifndef LIB_RACE_ACTORS_ARENA_H
#define LIB_RACE_ACTORS_ARENA_H

#include "fixture.h"

/* What the guests see from NORMAL_GPA on, and which page of a file that is. */
struct arena_map {
	u32 memory;
	u64 pages;
	u64 file_pages;
	/* Pages past the file's end are its last ones again, so many. */
	u64 last;
};

/* The VM and its vCPUs; @map is copied to the guests. */
void arena_create_vm(struct arena *a, struct vm_shape shape, u64 pages,
		     const struct arena_map *map);

/*
 * One KVM_RUN of vCPU @vcpu on behalf of @act: 0, RACE_MISSED where a memslot
 * is gone, a signal came or (@converts) memory changed sides during the fault,
 * or a failure.
 */
int arena_run(struct act *act, struct arena *a, unsigned int vcpu,
	      bool converts);

#endif
