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

#include "kmsg.h"
#include "lockdep/report.h"

struct klog {
	struct kmsg kmsg;
	int error;		/* -errno of opening or reading */
	uint64_t records;
	uint64_t first_seq;
	uint64_t last_seq;
	char oom[160];		/* what the OOM killer said first */
	/* the rest is the reader's */
	FILE *copy;
	void (*fn)(const struct report *r, void *arg);
	void (*line)(struct str text, void *arg);
	void *arg;
	struct report_parser *parser;
	unsigned int reports;
	bool is_file;
	bool started;
	bool expect_report;
	bool cut_off;
	long long end_ms;	/* when to stop at the latest; 0: go on */
	int stop[2];
	pthread_t thread;
};

/*
 * Start reading @path behind its last record. @fn is called for each report,
 * and @line, if not NULL, for each record that a program has written, in the
 * order of the log, from another thread, until klog_stop(). All lines go to
 * @copy, if not NULL, as dmesg prints them. On errors @error is set and
 * klog_stop() may be called.
 */
void klog_start(struct klog *k, const char *path, FILE *copy,
		void (*fn)(const struct report *r, void *arg),
		void (*line)(struct str text, void *arg), void *arg);

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
