/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's log during a run: read from the moment before the run to the
 * moment after it, while it goes on, so that a small log buffer does not lose
 * what a long run prints, and a file of it is complete up to a crash.
 */
#ifndef KLOG_H
#define KLOG_H

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
	char oom[160];		/* what the OOM killer said first */
	/* the rest is the reader's */
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
	long long end_ms;	/* when to stop at the latest; 0: go on */
	int stop[2];
	pthread_t thread;
};

/*
 * Open @path behind its last record. From klog_begin() on, @fn is called for
 * each report, and @line, if not NULL, for each record that a program has
 * written, in the order of the log, from another thread, until klog_stop(). All
 * lines go to @copy, if not NULL, as dmesg prints them, and all records to @raw.
 * On errors @error is set, and the others may be called.
 */
void klog_open(struct klog *k, const char *path, FILE *copy, FILE *raw,
	       void (*fn)(const struct report *r, void *arg),
	       void (*line)(struct str text, void *arg), void *arg);

/* Take what was printed since klog_open(), then go on in a thread. */
void klog_begin(struct klog *k);

/* For @fn: @r had begun by the time of klog_begin(). */
bool klog_is_early(const struct klog *k, const struct report *r);

/*
 * Read what is left and stop. A report that is being printed is waited for, up
 * to two seconds; so is one that is expected and has not yet begun. Where
 * records come without end, give up after five seconds: kmsg.lost_some.
 */
void klog_stop(struct klog *k, bool expect_report);

/* The reports that the log holds now, however old they are. 0 or -errno. */
int klog_history(const char *path,
		 void (*fn)(const struct report *r, void *arg), void *arg);

#endif
