// SPDX-License-Identifier: GPL-2.0-only
/*
 * Told to lie: lines of text (the file lie, see debugfs.c):
 *
 *   KIND [gpa X] [nth N] [times T] [byte N]
 *
 * KIND		   lies about
 * add-corrupt	   TDH.MEM.PAGE.ADD: byte N of the page is inverted
 * accept-corrupt  TDG.MEM.PAGE.ACCEPT: the same, after it was cleared
 * accept-keep	   TDG.MEM.PAGE.ACCEPT: the page is not cleared and holds noise, as
 *		   what was written with another key would be here
 * accept-drop	   TDG.MEM.PAGE.ACCEPT: nothing is done, the page stays pending
 * aug-wrong	   TDH.MEM.PAGE.AUG: what the TD's AUG before has mapped is mapped
 *		   again, instead of the page that the host gave
 * flush-skip	   TDH.VP.ENTER in a new epoch: the vCPU does not forget what was
 *		   blocked, until it comes into the next one
 * track-skip	   TDH.MEM.TRACK: there is no new epoch, so that no vCPU forgets;
 *		   TDH.MEM.PAGE.REMOVE takes the page all the same
 *
 * Events at that GPA (without: at any) count from 1 when the lie is set, and it
 * is told in those from nth on, at most times times (0: no limit); both are 1 by
 * default.  For the last two the GPA is that of the page that was blocked, and
 * what they do is in lie_tables.c.
 *
 * A lie belongs to the open file that it was written through and goes with it.
 */
#include <linux/array_size.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "misbehave.h"

static const char * const stx_lie_names[LIE_NR_KINDS] = {
	[LIE_ADD_CORRUPT] = "add-corrupt",
	[LIE_ACCEPT_CORRUPT] = "accept-corrupt",
	[LIE_ACCEPT_KEEP] = "accept-keep",
	[LIE_ACCEPT_DROP] = "accept-drop",
	[LIE_AUG_WRONG] = "aug-wrong",
	[LIE_FLUSH_SKIP] = "flush-skip",
	[LIE_TRACK_SKIP] = "track-skip",
};

enum { LIE_GPA, LIE_NTH, LIE_TIMES, LIE_BYTE };

static const char * const stx_lie_words[] = { "gpa", "nth", "times", "byte" };

/* Oldest first, without gaps; under the lock. */
static struct stx_lie stx_lie_list[STX_MAX_LIES];
static unsigned int stx_nr_lies;
static u64 stx_last_lie;

const char *stx_lie_name(enum stx_lie_kind kind)
{
	return stx_lie_names[kind];
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

static bool stx_lie_set(struct stx_lie *lie, int what, const char *word)
{
	u64 n;

	if (!word || kstrtou64(word, 0, &n))
		return false;
	switch (what) {
	case LIE_GPA:
		lie->gpa = n;
		return PAGE_ALIGNED(n);
	case LIE_NTH:
		lie->nth = n;
		return n;
	case LIE_TIMES:
		lie->times = n;
		return true;
	default:
		lie->byte = n;
		return n < PAGE_SIZE;
	}
}

/* -EINVAL with *bad, which says what was wrong. */
int stx_lie_parse(char *text, struct stx_lie *lie, const char **bad)
{
	u32 given = 0;
	char *word;
	int what;

	*lie = (struct stx_lie){ .gpa = STX_ANY_GPA, .nth = 1, .times = 1 };
	word = stx_word(&text);
	*bad = word ?: "nothing";
	what = stx_named(stx_lie_names, LIE_NR_KINDS, word);
	if (what < 0)
		return -EINVAL;
	lie->kind = what;
	while ((*bad = stx_word(&text))) {
		what = stx_named(stx_lie_words, ARRAY_SIZE(stx_lie_words), *bad);
		if (what < 0 || (given & BIT(what)))
			return -EINVAL;
		given |= BIT(what);
		word = stx_word(&text);
		if (word)
			*bad = word;
		if (!stx_lie_set(lie, what, word))
			return -EINVAL;
	}
	return 0;
}

int stx_lie_add(const struct stx_lie *lie)
{
	unsigned long flags;
	int ret = -ENOSPC;

	stx_lock(&flags);
	if (stx_nr_lies < STX_MAX_LIES) {
		stx_lie_list[stx_nr_lies] = *lie;
		stx_lie_list[stx_nr_lies++].id = ++stx_last_lie;
		ret = 0;
	}
	stx_unlock(flags);
	return ret;
}

/* With the last one goes what lies have left behind. */
void stx_lies_drop(const void *owner)
{
	unsigned int i, kept = 0;
	unsigned long flags;

	stx_lock(&flags);
	for (i = 0; i < stx_nr_lies; i++)
		if (stx_lie_list[i].owner != owner)
			stx_lie_list[kept++] = stx_lie_list[i];
	if (stx_nr_lies && !kept)
		stx_lies_ended();
	stx_nr_lies = kept;
	stx_unlock(flags);
}

/* The oldest lie that is younger than the one with this number. */
bool stx_lie_after(u64 id, struct stx_lie *lie)
{
	unsigned long flags;
	unsigned int i;

	stx_lock(&flags);
	for (i = 0; i < stx_nr_lies && stx_lie_list[i].id <= id; i++)
		;
	if (i < stx_nr_lies)
		*lie = stx_lie_list[i];
	stx_unlock(flags);
	return i < stx_nr_lies;
}

static bool stx_lie_about(const struct stx_lie *lie, const struct stx_call *c,
			  enum stx_lie_kind kind)
{
	return lie->kind == kind &&
	       (lie->gpa == STX_ANY_GPA || lie->gpa == c->gpa);
}

static bool stx_lie_is_left(const struct stx_lie *lie)
{
	return !lie->times || lie->told < lie->times;
}

static struct stx_lie *stx_lie_due(struct stx_call *c, enum stx_lie_kind kind)
{
	struct stx_lie *lie, *due = NULL;
	unsigned int i;

	for (i = 0; i < stx_nr_lies; i++) {
		lie = &stx_lie_list[i];
		if (!stx_lie_about(lie, c, kind))
			continue;
		lie->seen++;
		if (!due && lie->seen >= lie->nth && stx_lie_is_left(lie))
			due = lie;
	}
	if (due)
		due->told++;
	return due;
}

bool stx_lie_waits(const struct stx_call *c, enum stx_lie_kind kind)
{
	unsigned int i;

	for (i = 0; i < stx_nr_lies; i++)
		if (stx_lie_about(&stx_lie_list[i], c, kind) &&
		    stx_lie_is_left(&stx_lie_list[i]))
			return true;
	return false;
}

bool stx_lies(struct stx_call *c, enum stx_lie_kind kind)
{
	return stx_lie_due(c, kind);
}

void stx_lie_corrupt(struct stx_call *c, enum stx_lie_kind kind, u8 *page)
{
	const struct stx_lie *lie = stx_lie_due(c, kind);

	if (lie)
		page[lie->byte] ^= 0xff;
}
