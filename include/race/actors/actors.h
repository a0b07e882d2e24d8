/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Actors: each repeats one operation that holds a lock of guest_memfd,
 * mmap_lock, a lock of KVM or a reference to a page, while all others run. An
 * actor is a row in lib/race/actors/table.c; the VMs that they share are a
 * fixture.
 */
#ifndef RACE_ACTORS_ACTORS_H
#define RACE_ACTORS_ACTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/prng.h"

#define ACTORS_MAX	64	/* bits of a set of actors */

struct fixture;
struct actor;

/* One actor at work; what its functions get. */
struct act {
	const struct actor *actor;
	struct fixture *fx;
	struct prng prng;
	uint32_t lane;		/* its word in each page, see base/pattern.h */
	const struct actor *lanes;	/* the actors of lanes 1 and up */
	unsigned int nr_lanes;
	void *data;		/* its own, from setup to teardown */
	char why[256];		/* out: what went wrong in a step */
};

/* Parts of a fixture, created if an actor needs them; see fixture.h. */
#define FIXTURE_NORMAL	1u	/* a normal VM, its guest_memfd, mapped */
#define FIXTURE_PRIVATE	2u	/* a software-protected VM that converts */
#define FIXTURE_TD	4u	/* a TD that is never finished */
#define FIXTURE_IN_PLACE 8u	/* ... that converts in place */

/* It may hurt the machine: runs by name, or in the lab's pairs. */
#define ACTOR_HURTS	1u
/* The kernel copies to its lane, not word by word: no other actor reads it. */
#define ACTOR_COPIES	2u

/* It fails on purpose: runs only by name. */
#define ACTOR_CONTROL	4u

struct actor {
	const char *name;
	const char *what;	/* one line */
	uint64_t needs;		/* bits of kvm_needs */
	unsigned int flags;
	unsigned int fixture;
	/* One step: 0, RACE_MISSED or -errno, with act->why. */
	int (*step)(struct act *a);
	/* Assert success; either may be NULL. */
	void (*setup)(struct act *a);
	void (*teardown)(struct act *a);
	unsigned int period_us;
	unsigned int bias_us;
};

extern const struct actor actors[];
extern const unsigned int nr_actors;

/* ---- sets of them -------------------------------------------------------- */

/* By exact name; -1 if there is none. */
int actor_find(const char *name);

/* "a,b" into a set; false with "object: reason" in @why. */
bool actors_parse(const char *list, uint64_t *set, char *why, size_t size);

/* A set as "a,b". */
void actors_names(uint64_t set, char *text, size_t size);

/*
 * All whose fixture is within @fixture, or (@any) overlaps it; without those
 * that hurt or fail on purpose.
 */
uint64_t actors_of_fixture(unsigned int fixture, bool any);

/* Those that hurt, of all fixtures. */
uint64_t actors_that_hurt(void);

/* All needs, and all parts of a fixture, of a set. */
uint64_t actors_needs(uint64_t set);
unsigned int actors_fixture(uint64_t set);

/* Print all of them with what they need. */
void actors_list(void);

/* ---- for steps ----------------------------------------------------------- */

/* A step has failed: fills act->why, returns @error. */
int act_fail(struct act *a, int error, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Judge a call that returned @ret and set errno: 0 if it succeeded, RACE_MISSED
 * if its errno is in @allowed (ends with 0), otherwise a failure that names
 * call and errno.
 */
int act_judge(struct act *a, const char *call, long ret, const int *allowed);

#define ACT_CALL(a, call, ret, ...)					\
	act_judge(a, call, ret, (const int[]){ __VA_ARGS__ __VA_OPT__(,) 0 })

/* A call that must be refused, by this errno. */
int act_refused(struct act *a, const char *call, long ret, int error);

/* @word is zero or a pattern of page @page, lane @lane, of memory @memory. */
int act_word(struct act *a, uint64_t word, uint32_t memory, uint64_t page,
	     uint32_t lane);

/* A random pattern of the actor's own lane. */
uint64_t act_pattern(struct act *a, uint32_t memory, uint64_t page);

/* The word @word of page @page is @last, or zero after a hole. */
int act_last(struct act *a, uint64_t word, uint64_t last, uint64_t page);

/* A random part of @pages pages: first page and number, at least one. */
void act_range(struct act *a, uint64_t pages, uint64_t *first, uint64_t *nr);

/*
 * Touch memory that may have no page: 0, or -EFAULT in place of SIGBUS or
 * SIGSEGV. Call act_catch_faults() before, once a process.
 */
void act_catch_faults(void);
int act_read(const void *word, uint64_t *value);
int act_write(void *word, uint64_t value);

/* madvise(); a SIGBUS, as MADV_HWPOISON of a mapped page gives, is 0, too. */
int act_madvise(void *mem, size_t bytes, int advice);

#endif
