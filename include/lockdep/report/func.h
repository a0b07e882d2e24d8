/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions in stack traces: out of all the forms in which a frame is printed,
 * and which of them say nothing about who took a lock.
 */
#ifndef LOCKDEP_FUNC_H
#define LOCKDEP_FUNC_H

#include "base/str.h"

struct frame {
	struct str func;	/* without offset, module and source line */
	bool maybe;		/* "? func": found on the stack, not unwound */
	bool is_inline;		/* added by a symbolizer, no frame of its own */
};

/*
 * Parse one line of a stack trace: "func+0x1/0x2 [mod build-id]", "? ..." and
 * "[<addr>] ..." before it, "(file.c:1)" or "file.c:1 [inline]" behind it, or
 * in place of the offset. False if it is none.
 */
bool frame_parse(struct str text, struct frame *f);

/* The name without what the compiler adds: .isra.0, .part.0, .cold, ... */
struct str func_base(struct str func);

/*
 * Does @func only take locks, get user pages or copy from and to user space
 * for whoever called it (or belong to lockdep itself)?
 */
bool func_is_helper(struct str func);

/* Does @func belong to guest_memfd, KVM's or a vendor module's side of it? */
bool func_is_gmem(struct str func);

#endif
