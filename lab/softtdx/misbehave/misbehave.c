// SPDX-License-Identifier: GPL-2.0-only
/*
 * Misbehaviour on request, by lines of text (the file misbehave, see
 * ../debugfs.c):
 *
 *   KIND [gpa X] [nth N] [times T] [byte N]
 *
 * KIND		   leaf, and what it does wrong
 * add-corrupt	   TDH.MEM.PAGE.ADD: byte N of the page is inverted
 * accept-corrupt  TDG.MEM.PAGE.ACCEPT: the same, after it was cleared
 * accept-keep	   TDG.MEM.PAGE.ACCEPT: the page is not cleared but filled with
 *		   noise, in place of data encrypted with another key
 * accept-drop	   TDG.MEM.PAGE.ACCEPT: nothing is done, the page stays pending
 * aug-wrong	   TDH.MEM.PAGE.AUG: the page of the TD's previous AUG is mapped
 *		   again, instead of the page that the host gave
 * flush-skip	   TDH.VP.ENTER in a new epoch: the vCPU keeps the translation
 *		   of a blocked page, until it is entered in the next epoch
 * track-skip	   TDH.MEM.TRACK: no new epoch begins, so that no vCPU flushes;
 *		   TDH.MEM.PAGE.REMOVE removes the page nevertheless
 *
 * Events at that GPA (without gpa: at any) count from 1 when the line is
 * written.  softtdx misbehaves in those from nth on, at most times times (0: no
 * limit); both are 1 by default.  For the last two the GPA is that of the
 * blocked page; they are implemented in tables.c.
 *
 * A line is dropped when the open file is closed that it was written through.
 */
#include <linux/array_size.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "misbehave.h"

static const char * const stx_misbehave_names[MISBEHAVE_NR_KINDS] = {
	[MISBEHAVE_ADD_CORRUPT] = "add-corrupt",
	[MISBEHAVE_ACCEPT_CORRUPT] = "accept-corrupt",
	[MISBEHAVE_ACCEPT_KEEP] = "accept-keep",
	[MISBEHAVE_ACCEPT_DROP] = "accept-drop",
	[MISBEHAVE_AUG_WRONG] = "aug-wrong",
	[MISBEHAVE_FLUSH_SKIP] = "flush-skip",
	[MISBEHAVE_TRACK_SKIP] = "track-skip",
};

enum { MISBEHAVE_GPA, MISBEHAVE_NTH, MISBEHAVE_TIMES, MISBEHAVE_BYTE };

static const char * const stx_misbehave_words[] = { "gpa", "nth", "times", "byte" };

/* Oldest first, without gaps; under the lock. */
static struct stx_misbehave stx_misbehave_list[STX_MAX_MISBEHAVES];
static unsigned int stx_nr_misbehaves;
static u64 stx_last_misbehave;

const char *stx_misbehave_name(enum stx_misbehave_kind kind)
{
	return stx_misbehave_names[kind];
}

static int stx_named(const char * const *names, unsigned int nr,
		     const char *word)
{
	unsigned int i;

	for (i = 0; word && i < nr; i++)
		if (!strcmp(word, names[i]))
			return i;
	return -1;
}

static bool stx_misbehave_set(struct stx_misbehave *m, int what,
			      const char *word)
{
	u64 n;

	if (!word || kstrtou64(word, 0, &n))
		return false;
	switch (what) {
	case MISBEHAVE_GPA:
		m->gpa = n;
		return PAGE_ALIGNED(n);
	case MISBEHAVE_NTH:
		m->nth = n;
		return n;
	case MISBEHAVE_TIMES:
		m->times = n;
		return true;
	default:
		m->byte = n;
		return n < PAGE_SIZE;
	}
}

/* -EINVAL with *bad, which says what was wrong. */
int stx_misbehave_parse(char *text, struct stx_misbehave *m, const char **bad)
{
	u32 given = 0;
	char *word;
	int what;

	*m = (struct stx_misbehave){ .gpa = STX_ANY_GPA, .nth = 1, .times = 1 };
	word = stx_word(&text);
	*bad = word ?: "nothing";
	what = stx_named(stx_misbehave_names, MISBEHAVE_NR_KINDS, word);
	if (what < 0)
		return -EINVAL;
	m->kind = what;
	while ((*bad = stx_word(&text))) {
		what = stx_named(stx_misbehave_words,
				 ARRAY_SIZE(stx_misbehave_words), *bad);
		if (what < 0 || (given & BIT(what)))
			return -EINVAL;
		given |= BIT(what);
		word = stx_word(&text);
		if (word)
			*bad = word;
		if (!stx_misbehave_set(m, what, word))
			return -EINVAL;
	}
	return 0;
}

int stx_misbehave_add(const struct stx_misbehave *m)
{
	unsigned long flags;
	int ret = -ENOSPC;

	stx_lock(&flags);
	if (stx_nr_misbehaves < STX_MAX_MISBEHAVES) {
		stx_misbehave_list[stx_nr_misbehaves] = *m;
		stx_misbehave_list[stx_nr_misbehaves++].id =
			++stx_last_misbehave;
		ret = 0;
	}
	stx_unlock(flags);
	return ret;
}

/* Dropping the last one also ends its effects. */
void stx_misbehaves_drop(const void *owner)
{
	unsigned int i, kept = 0;
	unsigned long flags;

	stx_lock(&flags);
	for (i = 0; i < stx_nr_misbehaves; i++)
		if (stx_misbehave_list[i].owner != owner)
			stx_misbehave_list[kept++] = stx_misbehave_list[i];
	if (stx_nr_misbehaves && !kept)
		stx_misbehaves_ended();
	stx_nr_misbehaves = kept;
	stx_unlock(flags);
}

/* The oldest one with a number above this. */
bool stx_misbehave_after(u64 id, struct stx_misbehave *m)
{
	unsigned long flags;
	unsigned int i;

	stx_lock(&flags);
	for (i = 0;
	     i < stx_nr_misbehaves && stx_misbehave_list[i].id <= id; i++)
		;
	if (i < stx_nr_misbehaves)
		*m = stx_misbehave_list[i];
	stx_unlock(flags);
	return i < stx_nr_misbehaves;
}

static bool stx_misbehave_about(const struct stx_misbehave *m,
				const struct stx_call *c,
				enum stx_misbehave_kind kind)
{
	return m->kind == kind &&
	       (m->gpa == STX_ANY_GPA || m->gpa == c->gpa);
}

static bool stx_misbehave_is_left(const struct stx_misbehave *m)
{
	return !m->times || m->done < m->times;
}

static struct stx_misbehave *stx_misbehave_due(struct stx_call *c,
					       enum stx_misbehave_kind kind)
{
	struct stx_misbehave *m, *due = NULL;
	unsigned int i;

	for (i = 0; i < stx_nr_misbehaves; i++) {
		m = &stx_misbehave_list[i];
		if (!stx_misbehave_about(m, c, kind))
			continue;
		m->seen++;
		if (!due && m->seen >= m->nth && stx_misbehave_is_left(m))
			due = m;
	}
	if (due)
		due->done++;
	return due;
}

bool stx_misbehave_waits(const struct stx_call *c, enum stx_misbehave_kind kind)
{
	unsigned int i;

	for (i = 0; i < stx_nr_misbehaves; i++)
		if (stx_misbehave_about(&stx_misbehave_list[i], c, kind) &&
		    stx_misbehave_is_left(&stx_misbehave_list[i]))
			return true;
	return false;
}

bool stx_misbehaves(struct stx_call *c, enum stx_misbehave_kind kind)
{
	return stx_misbehave_due(c, kind);
}

void stx_misbehave_corrupt(struct stx_call *c, enum stx_misbehave_kind kind,
			   u8 *page)
{
	const struct stx_misbehave *m = stx_misbehave_due(c, kind);

	if (m)
		page[m->byte] ^= 0xff;
}
