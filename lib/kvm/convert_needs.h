/* SPDX-License-Identifier: GPL-2.0-only */
/* What the subtests of conversion need of the machine; see struct need. */
#ifndef LIB_KVM_CONVERT_NEEDS_H
#define LIB_KVM_CONVERT_NEEDS_H

#include <stdbool.h>
#include <stddef.h>

bool need_convert(char *why, size_t size);
bool need_in_place(char *why, size_t size);
bool need_gup_test(char *why, size_t size);
bool need_lose_pages(char *why, size_t size);
bool need_pagemap(char *why, size_t size);

#endif
