/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's lock events of one command, from an instance of tracefs that is
 * made for it and removed again, so that nobody else's tracing is touched.
 */
#ifndef TRACEFS_H
#define TRACEFS_H

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
	long long end_ms;	/* when reading the rest is given up, 0: not */
	int error;		/* of the reader, or 0 */
	struct trace *trace;
	FILE *copy;		/* of what is read, or NULL */
	/* What went wrong: "object: reason". */
	char why[256];
};

struct tracefs_opts {
	const char *root;	/* of a fake tree, "" for the machine's own */
	unsigned long buffer_kib;	/* for each CPU, 0: by size of machine */
	bool stacks;
};

/*
 * Make the instance and set it up; no event comes before tracefs_join(). 0, or
 * -errno and f->why. tracefs_close() is to be called either way.
 */
int tracefs_open(struct tracefs *f, const struct tracefs_opts *o);

/* To be called by the task that is traced, with all that it forks. -errno */
int tracefs_join(struct tracefs *f);

/* Read what comes, until tracefs_stop(): into @t, and @copy if not NULL. */
int tracefs_start(struct tracefs *f, struct trace *t, FILE *copy);

/* No more events; read the rest, and let @t know how many there were. */
int tracefs_stop(struct tracefs *f);

/* Remove the instance. May be called at any time, and twice. */
void tracefs_close(struct tracefs *f);

#endif
