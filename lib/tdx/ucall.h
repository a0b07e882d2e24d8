/* SPDX-License-Identifier: GPL-2.0-only */
/* The host's side of ucalls from a TD. */
#ifndef LIB_TDX_UCALL_H
#define LIB_TDX_UCALL_H

#include "kvm_util.h"

/* After the program's image is loaded into @vm; @gpa is in no memslot. */
void td_ucall_init(struct kvm_vm *vm, gpa_t gpa);

#endif
