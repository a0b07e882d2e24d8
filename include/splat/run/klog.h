/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's log during a run, read while the run goes on, from just before
 * it to just after it. So a long run does not overflow a small log buffer, and
 * a copy in a file is complete up to a crash.
 */
#ifndef SPLAT_RUN_KLOG_H
#define SPLAT_RUN_KLOG_H

#include <pthread.h>
#include <stdio.h>

#include "klog/kmsg.h"
#include "lockdep/report/report.h"

struct klog {
	struct kmsg kmsg;
	int error;		/* -errno of opening or reading */
	uint64_t records;
	uint64_t first_seq;
	uint64_t last_seq;
	char oom[160];		/* first line of the OOM killer */
	/* private */
	FILE *copy;
	FILE *raw;
	uint64_t began_line;
	void (*fn)(const struct report *r, void *arg);
	void (*line)(struct str text, void *arg);
	void *arg;
	struct report_parser *parser;
	unsigned int reports;
	bool is_file;
	bool opened;
	bool began;
	bool started;
	bool expect_report;
	bool cut_off;
	long long end_ms;	/* deadline for the reader; 0: none */
	int stop[2];
	pthread_t thread;
};

/*
 * Open @path after its last record. From klog_begin() until klog_stop() another
 * thread calls @fn for each report, and @line, if not NULL, for each record
 * that a program wrote, in the order of the log. All lines go to @copy, if not
 * NULL, in dmesg's format, and all records to @raw. After an error, which sets
 * @error, the other functions can still be called.
 */
void klog_open(struct klog *k, const char *path, FILE *copy, FILE *raw,
	       void (*fn)(const struct report *r, void *arg),
	       void (*line)(struct str text, void *arg), void *arg);

/* Read the records since klog_open(), then start the thread. */
void klog_begin(struct klog *k);

/* For @fn: did @r begin before klog_begin()? */
bool klog_is_early(const struct klog *k, const struct report *r);

/*
 * Read the rest and stop. Wait up to two seconds for the end of a report, or
 * for one that is expected and has not begun. If records keep coming, give up
 * after five seconds and set kmsg.lost_some.
 */
void klog_stop(struct klog *k, bool expect_report);

/* Call @fn for all reports in the log, of any age. 0 or -errno. */
int klog_history(const char *path,
		 void (*fn)(const struct report *r, void *arg), void *arg);

#endif
