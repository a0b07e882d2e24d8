/* SPDX-License-Identifier: GPL-2.0-only */
/* A VM whose guests check and write memory for ever, and KVM_RUN of them. */
#ifndef LIB_RACE_ACTORS_FIXTURE_VM_H
#define LIB_RACE_ACTORS_FIXTURE_VM_H

#include "fixture.h"

/* Memory of the guests from NORMAL_GPA on, and its pages of the file. */
struct fixture_map {
	u32 memory;
	u64 pages;
	u64 file_pages;
	/*
	 * Pages beyond @file_pages are the last @last ones of the file again.
	 */
	u64 last;
};

/* The VM and its vCPUs; @map is copied to the guests. */
void fixture_vm_create(struct fixture_vm *a, struct vm_shape shape, u64 pages,
		     const struct fixture_map *map);

/*
 * One KVM_RUN of vCPU @vcpu for @act: 0, or a failure, or RACE_MISSED if there
 * is no memslot, a signal came or (@converts) memory was converted during the
 * fault.
 */
int fixture_vm_run(struct act *act, struct fixture_vm *a, unsigned int vcpu,
	      bool converts);

#endif
