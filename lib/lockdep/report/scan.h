/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Skip lines fast while no report is open: most of a log is no report, and such
 * lines are only counted.
 */
#ifndef LIB_LOCKDEP_REPORT_SCAN_H
#define LIB_LOCKDEP_REPORT_SCAN_H

#include "base/str.h"

/*
 * Return the offset in @s of the first place where a word of a title can begin,
 * see kind_maybe_title(), else @s.n. Add the newlines before it to *@lines.
 */
size_t scan_title(struct str s, uint64_t *lines);

#endif
