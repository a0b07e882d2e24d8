/* SPDX-License-Identifier: GPL-2.0-only */
/* Known bugs of the running kernel, see host/known_bugs.h. */
#ifndef KVM_KNOWN_H
#define KVM_KNOWN_H

#include "host/known_bugs.h"

/* Is the running kernel known to have @bug? */
bool known_bug_here(enum known_bug bug);

/*
 * The subtest has seen @bug: its result is XFAIL if nothing else is wrong.
 * Asserts that the running kernel is known to have it.
 */
void known_bug_seen(enum known_bug bug);

#endif
