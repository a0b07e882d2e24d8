/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory whose first touch waits for somebody: a thread that gives pages after
 * a while, by userfaultfd. libkvm has one, which leaves a file open each time.
 */
#ifndef ACTORS_HELD_H
#define ACTORS_HELD_H

#include <pthread.h>
#include <stddef.h>

struct held_memory {
	int uffd;
	int stop[2];		/* a pipe */
	unsigned int delay_us;
	pthread_t thread;
};

/* From now on pages of @mem that are missing come @delay_us late. Asserts. */
void held_memory_start(struct held_memory *h, void *mem, size_t bytes,
		       unsigned int delay_us);
void held_memory_stop(struct held_memory *h);

#endif
