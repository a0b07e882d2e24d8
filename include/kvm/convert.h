/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages of a software-protected VM that are private or shared, and a guest that
 * uses them. The same test code runs over both interfaces that make them so:
 *
 * in place  KVM_SET_MEMORY_ATTRIBUTES2 of the guest_memfd. One backing: a page
 *           keeps its contents when it is converted (KVM does not touch them,
 *           and such a VM encrypts nothing). The host reaches the page by a
 *           mapping, unless it is private: then SIGBUS.
 * per VM    KVM_SET_MEMORY_ATTRIBUTES of the VM. Two backings: private pages
 *           are the guest_memfd's, shared ones userspace memory.
 *
 * A model of each page has what either side must find. Every access here is
 * checked against it; names with two underscores return -errno instead.
 */
#ifndef KVM_CONVERT_H
#define KVM_CONVERT_H

#include "compat.h"
#include "gmem.h"

#define CONVERT_GPA	0x100000000ul	/* above slot 0 and the APIC page */
#define CONVERT_SLOT	1

struct convert_vm;

struct convert_api {
	const char *name;
	bool in_place;
	/* 0 or -errno, once. @error: see __convert_set(). */
	int (*set)(struct convert_vm *cv, u64 first, u64 pages, bool private,
		   u64 *error);
};

extern const struct convert_api convert_in_place;
extern const struct convert_api convert_per_vm;

/*
 * Which of the two this kernel has, by a call on a software-protected VM, never
 * by a capability's number. NULL if none; then @why says what was seen.
 */
const struct convert_api *convert_api_probe(char *why, size_t size);

/* A job for the guest; in memory that is always shared. */
struct convert_job {
	u64 op;
	u64 first;
	u64 pages;
	u64 expect;
	u64 value;
	u64 stop;	/* ends JOB_COUNT and JOB_ECHO */
	u64 rounds;	/* of these two, so far */
};

struct convert_page {
	bool private;
	u64 value[2];	/* of the first word: [0], and if private [1] per VM */
};

struct convert_vm {
	const struct convert_api *api;
	struct kvm_vm *vm;
	struct kvm_vcpu *vcpu;
	u64 pages;
	int fd;		/* the guest_memfd */
	u8 *mem;	/* the host's mapping of what is shared */
	u8 *slot_mem;	/* the memslot's userspace_addr; per VM it is mem */
	struct convert_job *job;
	struct convert_page *page;
};

/* All pages private, or all shared, and none allocated. */
void convert_vm_create(struct convert_vm *cv, u64 pages, bool private);
void convert_vm_free(struct convert_vm *cv);

/*
 * A default VM with the same guest, on a guest_memfd that is shared; nothing to
 * convert. @two_backings, for controls: its memslot has userspace memory
 * instead, and the host maps a guest_memfd that is not the guest's.
 */
void convert_vm_create_shared(struct convert_vm *cv, u64 pages,
			      bool two_backings);

/*
 * Convert @pages pages from @first on; repeat after EINTR. @error, which may be
 * NULL, gets the page of error_offset, or ~0 if that was not written.
 */
int __convert_set(struct convert_vm *cv, u64 first, u64 pages, bool private,
		  u64 *error);
void convert_set(struct convert_vm *cv, u64 first, u64 pages, bool private);

/*
 * The same while others hold pages for a moment, such as a fault in progress:
 * repeat after EAGAIN, too, for as long as the subtest lasts.
 */
void convert_set_busy(struct convert_vm *cv, u64 first, u64 pages,
		      bool private);

/* Free pages of the guest_memfd; their state must not change. */
void convert_punch(struct convert_vm *cv, u64 first, u64 pages);

/* One side checks a page's word, and then writes @value. */
void convert_guest_write(struct convert_vm *cv, u64 page, u64 value);
void convert_host_write(struct convert_vm *cv, u64 page, u64 value);

/* Both sides find in each page what the model has, or SIGBUS. */
void convert_check_page(struct convert_vm *cv, u64 page);
void convert_check(struct convert_vm *cv);

/* The host's half of it, on any thread. */
void convert_check_host(struct convert_vm *cv, u64 page);

/* The word that the guest must find, for tests that change it themselves. */
u64 *convert_value(struct convert_vm *cv, u64 page);

/* ---- a guest that goes on by itself, until job->stop --------------------- */

enum {
	JOB_WRITE = 1,	/* find expect in page first, leave value there */
	JOB_COUNT,	/* add 1 to the second word of each page, in turn */
	JOB_ECHO,	/* copy the third word of page first to its fourth */
};

#define CONVERT_COUNT_WORD	1
#define CONVERT_ECHO_WORD	2

/* Enter the guest once with the job as it is: 0 when done, or -errno. */
int __convert_run(struct convert_vm *cv);

/* On a thread; repeats KVM_RUN after errors that a race may cause. */
void convert_loop_start(struct convert_vm *cv, pthread_t *thread, u64 op,
			u64 first, u64 pages);
void convert_loop_stop(struct convert_vm *cv, pthread_t thread);

/* A word that names the page and the step of a test, and is never 0. */
static inline u64 convert_pattern(u64 page, u64 step)
{
	return gmem_pattern(step + 1, page);
}

static inline u64 *convert_word(u8 *mem, u64 page, u64 word)
{
	return (u64 *)(mem + page * PAGE_SIZE) + word;
}

#endif
