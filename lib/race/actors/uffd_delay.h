/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory with a userfaultfd, and faults that a thread resolves after a delay.
 * libkvm has such a thread, but leaks a file each time.
 */
#ifndef LIB_RACE_ACTORS_UFFD_DELAY_H
#define LIB_RACE_ACTORS_UFFD_DELAY_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

struct uffd_delay {
	int uffd;
	int stop[2];		/* a pipe */
	unsigned int delay_us;
	pthread_t thread;
};

/*
 * A userfaultfd with UFFD_FEATURE_* @features and @mem registered with it,
 * UFFDIO_REGISTER_MODE_* @mode. Asserts.
 */
int uffd_register(void *mem, size_t bytes, uint64_t features, uint64_t mode);

/* From now on faults of missing pages of @mem take @delay_us. Asserts. */
void uffd_delay_start(struct uffd_delay *h, void *mem, size_t bytes,
		       unsigned int delay_us);
void uffd_delay_stop(struct uffd_delay *h);

#endif
