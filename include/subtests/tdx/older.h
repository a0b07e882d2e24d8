/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where earlier kernels answer otherwise, found out by calls and never by the
 * version. Each probe makes another call than the one that the caller judges.
 * It runs once in a process, on a TD of its own, and asserts that the answer is
 * one of those that are known.
 */
#ifndef SUBTESTS_TDX_OLDER_H
#define SUBTESTS_TDX_OLDER_H

#include <stdbool.h>

/*
 * Up to 6.19 guest_memfd remembers the pages that were added: until they are
 * punched, adding one again is EEXIST, whether it is mapped or not. Since 7.0
 * (kvm_gmem_populate()) a page that is mapped is EIO and others are added.
 * Asked by a page that is mapped, and by one that was unmapped in between.
 */
bool older_added_is_eexist(void);
bool older_unmapped_is_eexist(void);

/*
 * The errno of KVM_TDX_INIT_MEM_REGION with source_addr 0: EINVAL as for other
 * bad arguments since 7.3; EOPNOTSUPP from 7.0 on; EFAULT as for an address
 * that is not mapped before. Asked on a memslot without its guest_memfd, and by
 * older_added_is_eexist().
 */
int older_source_0_errno(void);

/*
 * The status that a guest gets when user space answers MapGPA with EAGAIN:
 * RETRY since 7.2 (tdx_complete_vmcall_map_gpa()), INVALID_OPERAND before, as
 * for every answer but 0. Asked by an answer that has no meaning, with which
 * KVM_RUN fails since 7.2.
 */
unsigned long older_mapgpa_retry(void);

#endif
