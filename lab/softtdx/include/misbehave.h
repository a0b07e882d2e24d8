/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * softtdx told to lie: it says success and does something else, as a broken TDX
 * module would, so that what watches over a guest's memory can show that it
 * would notice.  What each lie is, and its text: lie.c.
 */
#ifndef SOFTTDX_LIE_H
#define SOFTTDX_LIE_H

#include "softtdx.h"

enum stx_lie_kind {
	LIE_ADD_CORRUPT, LIE_ACCEPT_CORRUPT, LIE_ACCEPT_KEEP, LIE_ACCEPT_DROP,
	LIE_AUG_WRONG, LIE_FLUSH_SKIP, LIE_TRACK_SKIP, LIE_NR_KINDS,
};

#define STX_MAX_LIES		8
#define STX_ANY_GPA		(~0ULL)
#define STX_LIE_NOISE		0xa5

struct stx_lie {
	u64 id;
	const void *owner;	/* the open file that it was written through */
	enum stx_lie_kind kind;
	u64 gpa, nth, times, byte;
	u64 seen, told;
};

const char *stx_lie_name(enum stx_lie_kind kind);
int stx_lie_parse(char *text, struct stx_lie *lie, const char **bad);
int stx_lie_add(const struct stx_lie *lie);
void stx_lies_drop(const void *owner);
bool stx_lie_after(u64 id, struct stx_lie *lie);

/* lie.c, under the lock: is this event, at c->gpa, one to lie about? */
bool stx_lies(struct stx_call *c, enum stx_lie_kind kind);
/* Is a lie of that kind still to be told, about c->gpa? */
bool stx_lie_waits(const struct stx_call *c, enum stx_lie_kind kind);
/* ... and if so, one byte of the page is not what it was. */
void stx_lie_corrupt(struct stx_call *c, enum stx_lie_kind kind, u8 *page);

/*
 * lie_tables.c, under the lock.  AUG: the page to map.  BLOCK: before it is
 * done.  TRACK: true if there is to be no new epoch.  REMOVE: true if it is not
 * to ask for tracking.  VP.ENTER in a new epoch: true if it is not to flush.
 */
u64 stx_lie_aug(struct stx_call *c);
void stx_lie_block(struct stx_call *c);
bool stx_lie_track(struct stx_call *c);
bool stx_lie_untracked(const struct stx_call *c);
bool stx_lie_no_flush(struct stx_call *c);
void stx_lies_ended(void);

/*
 * Without the lock.  Index in the vCPU's EPT root of a table that holds what it
 * should have forgotten, with its entry; -1: it holds nothing of the kind.
 */
int stx_lie_kept(struct stx_call *c, u64 *entry);

/* lie_debugfs.c */
struct dentry;
void stx_lie_debugfs(struct dentry *dir);

#endif
