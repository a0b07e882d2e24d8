/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * guest_memfd from the side of the host: create, map, fault, punch. Names with
 * two underscores return -errno, those without assert success.
 */
#ifndef KVM_GMEM_H
#define KVM_GMEM_H

#include "kvm_util.h"
#include "processor.h"

#define GMEM_SHARED	(GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED)

/* A guest_memfd of @pages pages; a file descriptor. */
int __gmem_create(struct kvm_vm *vm, u64 pages, u64 flags);
int gmem_create(struct kvm_vm *vm, u64 pages, u64 flags);

/* A shared mapping of its first @pages pages, which may be beyond its end. */
int __gmem_map(int fd, u64 pages, int map_flags, u8 **mem);
u8 *gmem_map(int fd, u64 pages);

/* Free @pages pages from page @first on; they read as zero afterwards. */
int __gmem_punch(int fd, u64 first, u64 pages);
void gmem_punch(int fd, u64 first, u64 pages);

/*
 * The fault loop: write a pattern into each page, which must be zero before. It
 * is made of @seed and the page's number, so that gmem_check() detects a page
 * that is missing, stale or mapped in another's place.
 */
void gmem_write_pattern(u8 *mem, u64 pages, u64 seed);
void gmem_check(const u8 *mem, u64 pages, u64 seed);
void gmem_check_zero(const u8 *mem, u64 pages);
u64 gmem_pattern(u64 seed, u64 page);

/* Page faults of this process that needed no I/O, all threads together. */
u64 minor_faults(void);

/* A default VM without vCPUs, and a shared guest_memfd of it, mapped. */
struct shared_gmem {
	struct kvm_vm *vm;
	int fd;
	u8 *mem;
	u64 pages;
};

void shared_gmem_create(struct shared_gmem *g, u64 pages);
void shared_gmem_free(struct shared_gmem *g);

#endif
