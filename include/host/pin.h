/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hold references to the pages of a mapping beside those of the page tables, in
 * the ways in which a VMM can get them.
 */
#ifndef HOST_PIN_H
#define HOST_PIN_H

#include <stddef.h>

struct pin;

struct pin_api {
	const char *name;
	/* Hold the pages of @len bytes from @addr on: 0 or -errno. */
	int (*start)(struct pin *p, void *addr, size_t len);
	/*
	 * Let the holder itself write @byte into, or read, the first byte of
	 * page @page of what it holds: 0 or -errno. NULL: it cannot.
	 */
	int (*write)(struct pin *p, size_t page, unsigned char byte);
	int (*read)(struct pin *p, size_t page, unsigned char *byte);
	void (*stop)(struct pin *p);
};

/* Buffers registered with an io_uring: pinned for writing, for long. */
extern const struct pin_api pin_io_uring;
/* Pages given to a pipe by vmsplice(): ordinary references. */
extern const struct pin_api pin_vmsplice;
/* debugfs' gup_test: pin_user_pages() with FOLL_LONGTERM. */
extern const struct pin_api pin_gup_test;

struct pin {
	const struct pin_api *api;
	void *addr;
	size_t len;
	int fd[2];	/* a pipe; or gup_test; or a file of one page */
	void *ring;
};

#define PIN_GUP_TEST	"/sys/kernel/debug/gup_test"

/* 0 or -errno; pin_stop() only after 0. */
int pin_start(struct pin *p, const struct pin_api *api, void *addr, size_t len);
void pin_stop(struct pin *p);

#endif
