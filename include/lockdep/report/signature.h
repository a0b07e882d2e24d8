/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The signature of a report: equal signatures are the same bug.
 *
 *   circular: A > B | f, g
 *
 * A was held when g took B; B was held when f took A. Each function belongs to
 * one edge of the cycle, the one that ends in its class, so that the text is
 * the same whichever edge came last and was reported. The cycle begins at its
 * smallest name. The function is the first in the edge's stack that is no lock,
 * GUP or copy helper. In an irq problem the edge that ends in the irq-safe lock
 * is the interrupt.
 *
 * An inconsistent state has one lock, "spin_a | f, g", and the functions of its
 * two stacks, sorted by name. Other kinds have the lock that they are about, or
 * the locks held, and the function of the backtrace; "other" has its title.
 */
#ifndef LOCKDEP_REPORT_SIGNATURE_H
#define LOCKDEP_REPORT_SIGNATURE_H

#include "report.h"

#define SIGNATURE_MAX	4096

/* Rotate r->cycle so that it begins at its smallest name. */
void signature_rotate(struct report *r);

/*
 * Write the signature and return its length; 0 if there is none or it does not
 * fit. @func is the backtrace's first function that is no helper.
 */
size_t signature_write(const struct report *r, const char *func, char *buf,
		       size_t size);

#endif
