/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fast way through a log in which no report is open: nearly all of a log is
 * no report, and of those lines only their number matters.
 */
#ifndef LOCKDEP_SCAN_H
#define LOCKDEP_SCAN_H

#include "base/str.h"

/*
 * Offset in @s of the first place where a word of a title may begin, see
 * kind_maybe_title(), else @s.n. Add to *@lines the newlines before it.
 */
size_t scan_title(struct str s, uint64_t *lines);

#endif
