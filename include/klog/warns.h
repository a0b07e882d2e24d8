/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Count the WARNs in the kernel's log between two points of a test: some steps
 * must provoke one, all others must not.
 */
#ifndef KLOG_WARNS_H
#define KLOG_WARNS_H

#include "kmsg.h"

struct kmsg_warns {
	struct kmsg kmsg;
	unsigned int count;	/* at the last kmsg_warns_read() */
	char first[256];	/* title of the first of them, or "" */
};

/* Begin after the last record of @path, "/dev/kmsg". 0 or -errno. */
int kmsg_warns_open(struct kmsg_warns *w, const char *path);
void kmsg_warns_close(struct kmsg_warns *w);

/* Count those since the last call. 0, or -errno; -EPIPE: records were lost. */
int kmsg_warns_read(struct kmsg_warns *w);

#endif
