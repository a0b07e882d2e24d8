/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Needs beside KVM: NUMA, io_uring, huge pages, copies between processes. Each
 * probe makes the call itself and changes nothing.
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
