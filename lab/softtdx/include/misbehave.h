/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Misbehaviour on request: softtdx returns success and does something else, as
 * a broken TDX module would.  It shows that the tests which check a guest's
 * memory detect that.  misbehave/misbehave.c has the kinds and their text.
 */
#ifndef SOFTTDX_MISBEHAVE_H
#define SOFTTDX_MISBEHAVE_H

#include "softtdx.h"

enum stx_misbehave_kind {
	MISBEHAVE_ADD_CORRUPT,
	MISBEHAVE_ACCEPT_CORRUPT,
	MISBEHAVE_ACCEPT_KEEP,
	MISBEHAVE_ACCEPT_DROP,
	MISBEHAVE_AUG_WRONG,
	MISBEHAVE_FLUSH_SKIP,
	MISBEHAVE_TRACK_SKIP,
	MISBEHAVE_NR_KINDS,
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

/* misbehave.c, under the lock: misbehave in this event, at c->gpa? */
bool stx_misbehaves(struct stx_call *c, enum stx_misbehave_kind kind);
/* Is misbehaviour of that kind still due for c->gpa? */
bool stx_misbehave_waits(const struct stx_call *c,
			 enum stx_misbehave_kind kind);
/* If it is due in this event: inverts one byte of the page. */
void stx_misbehave_corrupt(struct stx_call *c, enum stx_misbehave_kind kind,
			   u8 *page);

/*
 * tables.c, under the lock.  AUG: the page to map.  BLOCK: called before the
 * block.  TRACK: true if no new epoch must begin.  REMOVE: true if it must not
 * check tracking.  VP.ENTER in a new epoch: true if it must not flush.
 */
u64 stx_misbehave_aug(struct stx_call *c);
void stx_misbehave_block(struct stx_call *c);
bool stx_misbehave_track(struct stx_call *c);
bool stx_misbehave_untracked(const struct stx_call *c);
bool stx_misbehave_no_flush(struct stx_call *c);
void stx_misbehaves_ended(void);

/*
 * Without the lock.  If the vCPU still has a stale translation: its index in
 * the vCPU's EPT root, and the root's entry for it.  Otherwise -1.
 */
int stx_misbehave_kept(struct stx_call *c, u64 *entry);

/* view/misbehave_debugfs.c */
struct dentry;
void stx_misbehave_debugfs(struct dentry *dir);

#endif
