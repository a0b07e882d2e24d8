/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * softtdx told to lie: it says success and does something else, as a broken TDX
 * module would, so that what watches over a guest's memory can show that it
 * would notice.  What each lie is, and its text: m.c.
 */
#ifndef SOFTTDX_MISBEHAVE_H
#define SOFTTDX_MISBEHAVE_H

#include "softtdx.h"

enum stx_misbehave_kind {
	MISBEHAVE_ADD_CORRUPT, MISBEHAVE_ACCEPT_CORRUPT, MISBEHAVE_ACCEPT_KEEP, MISBEHAVE_ACCEPT_DROP,
	MISBEHAVE_AUG_WRONG, MISBEHAVE_FLUSH_SKIP, MISBEHAVE_TRACK_SKIP, MISBEHAVE_NR_KINDS,
};

#define STX_MAX_MISBEHAVES		8
#define STX_ANY_GPA		(~0ULL)
#define STX_MISBEHAVE_NOISE		0xa5

struct stx_misbehave {
	u64 id;
	const void *owner;	/* the open file that it was written through */
	enum stx_misbehave_kind kind;
	u64 gpa, nth, times, byte;
	u64 seen, done;
};

const char *stx_misbehave_name(enum stx_misbehave_kind kind);
int stx_misbehave_parse(char *text, struct stx_misbehave *m, const char **bad);
int stx_misbehave_add(const struct stx_misbehave *m);
void stx_misbehaves_drop(const void *owner);
bool stx_misbehave_after(u64 id, struct stx_misbehave *m);

/* m.c, under the lock: is this event, at c->gpa, one to lie about? */
bool stx_misbehaves(struct stx_call *c, enum stx_misbehave_kind kind);
/* Is a lie of that kind still to be told, about c->gpa? */
bool stx_misbehave_waits(const struct stx_call *c, enum stx_misbehave_kind kind);
/* ... and if so, one byte of the page is not what it was. */
void stx_misbehave_corrupt(struct stx_call *c, enum stx_misbehave_kind kind, u8 *page);

/*
 * lie_tables.c, under the lock.  AUG: the page to map.  BLOCK: before it is
 * done.  TRACK: true if there is to be no new epoch.  REMOVE: true if it is not
 * to ask for tracking.  VP.ENTER in a new epoch: true if it is not to flush.
 */
u64 stx_misbehave_aug(struct stx_call *c);
void stx_misbehave_block(struct stx_call *c);
bool stx_misbehave_track(struct stx_call *c);
bool stx_misbehave_untracked(const struct stx_call *c);
bool stx_misbehave_no_flush(struct stx_call *c);
void stx_misbehaves_ended(void);

/*
 * Without the lock.  Index in the vCPU's EPT root of a table that holds what it
 * should have forgotten, with its entry; -1: it holds nothing of the kind.
 */
int stx_misbehave_kept(struct stx_call *c, u64 *entry);

/* lie_debugfs.c */
struct dentry;
void stx_misbehave_debugfs(struct dentry *dir);

#endif
