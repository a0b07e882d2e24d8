/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Needs that are not KVM's: NUMA, io_uring, huge pages, copies between
 * processes. Each probe asks for the thing itself, and leaves nothing of it.
 */
#ifndef LIB_KVM_NEEDS_MM_H
#define LIB_KVM_NEEDS_MM_H

#include <stdbool.h>
#include <stddef.h>

bool need_mempolicy(char *why, size_t size);
bool need_two_nodes(char *why, size_t size);
bool need_io_uring(char *why, size_t size);
bool need_process_vm(char *why, size_t size);
bool need_hugetlb(char *why, size_t size);
bool need_thp(char *why, size_t size);
bool need_poison(char *why, size_t size);

#endif
