/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's own text in a line of a log, without the prefixes that tools put
 * before it: console and dmesg (with or without time, -T, -d, -x, -r), caller
 * ids, syslog and journal, raw /dev/kmsg records, mail quoting, CRLF.
 */
#ifndef KLOG_LINE_H
#define KLOG_LINE_H

#include "base/str.h"

struct log_line {
	struct str text;	/* no blanks at either end */
	char caller[16];	/* "T123", "C0", or "" if the line has none */
	bool bare;		/* it had no prefix: maybe part of a line */
	bool record;		/* a /dev/kmsg record: text is still escaped */
	uint64_t seq;		/* of the record */
	bool user;		/* a program wrote the record */
};

/*
 * Never fails: anything that is no known prefix is text. No newline in @line.
 */
void log_line_parse(struct str line, struct log_line *out);

#endif
