/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What makes two reports the same bug.
 *
 *   circular: A > B | f, g
 *
 * A was held when B was taken, in g; B was held when A was taken, in f. So a
 * function stands for an edge of the cycle, the one that ends in its class, and
 * the text is the same whichever edge came last and was reported. The cycle
 * begins at its smallest name. The function is the first of the edge's stack
 * that is not a lock, GUP or copy helper. Of an irq problem, the edge that
 * ends in the irq-safe lock is the interrupt.
 *
 * An inconsistent state is of one lock, "spin_a | f, g": its two stacks in the
 * order of their names. Other kinds have the lock that they are about, or what
 * is held, and the function that the backtrace is of; "other" has its title.
 */
#ifndef LOCKDEP_SIGNATURE_H
#define LOCKDEP_SIGNATURE_H

#include "report.h"

#define SIGNATURE_MAX	4096

/* Rotate r->cycle so that it begins at its smallest name. */
void signature_rotate(struct report *r);

/*
 * Write the signature, return its length; 0 if there is none or no room. @func
 * is the backtrace's first function that is no helper.
 */
size_t signature_write(const struct report *r, const char *func, char *buf,
		       size_t size);

#endif
