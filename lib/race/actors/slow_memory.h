/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory with a userfaultfd, and memory whose first touch waits for somebody: a
 * thread that gives pages after a while. libkvm has one of those, which leaves a
 * file open each time.
 */
#ifndef LIB_RACE_ACTORS_SLOW_MEMORY_H
#define LIB_RACE_ACTORS_SLOW_MEMORY_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

struct slow_memory {
	int uffd;
	int stop[2];		/* a pipe */
	unsigned int delay_us;
	pthread_t thread;
};

/*
 * A userfaultfd with UFFD_FEATURE_* @features and @mem registered with it,
 * UFFDIO_REGISTER_MODE_* @mode. Asserts.
 */
int uffd_new(void *mem, size_t bytes, uint64_t features, uint64_t mode);

/* From now on pages of @mem that are missing come @delay_us late. Asserts. */
void slow_memory_start(struct slow_memory *h, void *mem, size_t bytes,
		       unsigned int delay_us);
void slow_memory_stop(struct slow_memory *h);

#endif
