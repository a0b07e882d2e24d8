/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records of /dev/kmsg: parsing one, and reading them so that a lost record is
 * detected. The position is a sequence number, never a marker in the log:
 * writes to /dev/kmsg are rate-limited and can be switched off.
 *
 * A record is "prio,seq,usec,flag[,key=value...];text\n", followed by lines
 * " KEY=value". In the text '\' and all bytes that are not printable are
 * written as \xHH; lockdep's records hold many \x0a (Documentation/ABI/testing/
 * dev-kmsg). Flag 'c' does not mean that the text continues the record before
 * it: lockdep's lock lines have the flag and are lines of their own.
 */
#ifndef KLOG_KMSG_H
#define KLOG_KMSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* The kernel formats a record into 2 KiB and refuses a shorter buffer. */
#define KMSG_RECORD	8192

struct kmsg_rec {
	unsigned int prio;	/* facility << 3 | level */
	uint64_t seq;
	uint64_t usec;
	bool cont;
	char caller[16];	/* "T123", "C0", or "" without PRINTK_CALLER */
	struct str text;	/* still escaped */
	struct str line;	/* the whole record */
};

/* False if @line does not start like a record. */
bool kmsg_parse(struct str line, struct kmsg_rec *rec);

/*
 * Written to /dev/kmsg by a program: the kernel never gives such a record its
 * own facility, 0, even if the program asks for it.
 */
static inline bool kmsg_from_user(const struct kmsg_rec *rec)
{
	return rec->prio >> 3;
}

/* Undo \xHH. The result is never longer than @text; @dst may be text.p. */
size_t kmsg_unescape(struct str text, char *dst, size_t size);

struct kmsg {
	int fd;
	uint64_t next;		/* sequence number expected, if @known */
	bool known;
	uint64_t lost;		/* records lost so far */
	bool lost_some;		/* records were lost, their number is unknown */
	size_t len;
	char buf[KMSG_RECORD];
	char line[KMSG_RECORD];
};

/*
 * Open @path after its last record, or before its first one. 0 or -errno. @path
 * can be a regular file of records, one on each line, that grows.
 */
int kmsg_open(struct kmsg *k, const char *path, bool from_start);
void kmsg_close(struct kmsg *k);

/*
 * Read one record; @rec points into @k until the next call. Return 1, or 0 if
 * there is none now, or -errno. Records that were overwritten before they were
 * read are counted in @lost and @lost_some.
 */
int kmsg_read(struct kmsg *k, struct kmsg_rec *rec);

#endif
