/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions in stack traces: parse all the forms in which a frame is printed,
 * and know the helpers that do not show who took a lock.
 */
#ifndef LOCKDEP_REPORT_FUNC_H
#define LOCKDEP_REPORT_FUNC_H

#include "base/str.h"

struct frame {
	struct str func;	/* without offset, module and source line */
	bool maybe;		/* "? func": on the stack, but not unwound */
	bool is_inline;		/* a symbolizer added it: no real frame */
};

/*
 * Parse one line of a stack trace: "func+0x1/0x2 [mod build-id]", with "? " and
 * "[<addr>] " before it, and "(file.c:1)" or "file.c:1 [inline]" after it or in
 * place of the offset. False if @text is no such line.
 */
bool frame_parse(struct str text, struct frame *f);

/* The name without what the compiler adds: .isra.0, .part.0, .cold, ... */
struct str func_base(struct str func);

/*
 * Does @func only take locks, get user pages, or copy from and to user space on
 * behalf of its caller, or belong to lockdep itself?
 */
bool func_is_helper(struct str func);

/* Does @func belong to guest_memfd, in KVM or in a vendor module? */
bool func_is_gmem(struct str func);

#endif
