/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arguments of a system call that change while the kernel reads them, each time
 * at the same point: their front lies in a page that userfaultfd supplies, and
 * before it does, a number behind that page is made smaller by one. For code
 * that reads a number of entries first, then everything.
 */
#ifndef UFFD_PAGE_H
#define UFFD_PAGE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct uffd_page {
	void *data;		/* to be given to the kernel */
	unsigned int changed;	/* times that the number was changed */
	/* Private to uffd_page.c */
	unsigned char *map;
	size_t map_size;
	void *front;
	int uffd;
	int stop[2];
	pthread_t thread;
};

/* May this process supply pages that the kernel touches? */
bool uffd_page_possible(void);

/*
 * @size bytes as at @args, the 32-bit number @before bytes from their start,
 * which is at most a page. 0 or -errno.
 */
int uffd_page_create(struct uffd_page *p, const void *args, size_t size,
		     size_t before);

/* Returns how often the number was changed. */
unsigned int uffd_page_free(struct uffd_page *p);

#endif
