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
 * that is not a lock, GUP or copy helper.
 */
#ifndef LOCKDEP_SIGNATURE_H
#define LOCKDEP_SIGNATURE_H

#include "lockdep/report.h"

#define SIGNATURE_MAX	4096

/* Fill r->cycle from r->chain. */
void signature_cycle(struct report *r);

/* Write the signature, return its length; 0 if there is none or no room. */
size_t signature_write(const struct report *r, char *buf, size_t size);

#endif
