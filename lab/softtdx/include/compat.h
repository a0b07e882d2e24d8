/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What older kernels lack; 6.16 is the oldest.  A macro is its own probe; for
 * other symbols probe.mk looks into the kernel's headers and defines
 * STX_HAVE_*.
 */
#ifndef SOFTTDX_COMPAT_H
#define SOFTTDX_COMPAT_H

#include <linux/slab.h>

/* Since 7.0. */
#ifndef kzalloc_obj
#define kzalloc_obj(obj)	kzalloc(sizeof(obj), GFP_KERNEL)
#endif

#endif
