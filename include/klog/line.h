/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel printed, out of the many dresses in which a log line comes:
 * console and dmesg (with or without time, -T, -d, -x, -r), caller ids, syslog
 * and journal, raw /dev/kmsg records, mail quoting, CRLF.
 */
#ifndef LOCKDEP_LINE_H
#define LOCKDEP_LINE_H

#include "base/str.h"

struct log_line {
	struct str text;	/* no blanks at either end */
	char caller[16];	/* "T123", "C0", or "" if the line has none */
	bool bare;		/* nothing was stripped: not a line of its own? */
	bool record;		/* a /dev/kmsg record: text still escaped */
	uint64_t seq;		/* of the record */
	bool user;		/* the record is not the kernel's own */
};

/* Never fails: what is no prefix is text. @line has no newline. */
void log_line_parse(struct str line, struct log_line *out);

#endif
