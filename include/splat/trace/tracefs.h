/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's lock events of one command, from a tracefs instance that is
 * created for it and removed again, so that other users' tracing is not
 * disturbed.
 */
#ifndef SPLAT_TRACE_TRACEFS_H
#define SPLAT_TRACE_TRACEFS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

#include "lockdep/trace/trace.h"

struct tracefs {
	int dir;		/* of tracefs, -1: none */
	int instance;		/* its folder, -1: none */
	int pipe;
	int stop[2];
	char name[32];		/* of the instance */
	bool fake;
	bool reading;
	pthread_t reader;
	long long end_ms;	/* deadline for reading the rest, 0: none */
	int error;		/* of the reader, or 0 */
	struct trace *trace;
	FILE *copy;		/* of the events, or NULL */
	/* The error: "object: reason". */
	char why[256];
};

struct tracefs_opts {
	const char *root;	/* of a fake tree, "" for the machine's own */
	unsigned long buffer_kib;	/* for each CPU, 0: by memory size */
	bool stacks;
};

/*
 * Create the instance and set it up; it has no events before tracefs_join(). 0,
 * or -errno and f->why. Call tracefs_close() in both cases.
 */
int tracefs_open(struct tracefs *f, const struct tracefs_opts *o);

/* Trace the calling task and all that it forks. 0 or -errno. */
int tracefs_join(struct tracefs *f);

/* Read events until tracefs_stop(): into @t, and @copy if not NULL. */
int tracefs_start(struct tracefs *f, struct trace *t, FILE *copy);

/* Stop tracing, read the rest, and pass the number of events to @t. */
int tracefs_stop(struct tracefs *f);

/* Remove the instance. Can be called at any time, and twice. */
void tracefs_close(struct tracefs *f);

#endif
