// SPDX-License-Identifier: GPL-2.0-only
/* The file stats: pages, keyids and calls over the whole machine. */
#include <errno.h>
#include <stdlib.h>

#include "softtdx/stats.h"
#include "softtdx/text.h"

#define NR(a)	(sizeof(a) / sizeof((a)[0]))

struct field {
	const char *name;
	uint64_t *number;
};

static int fields(const char *pairs, const struct field *f, unsigned int nr)
{
	int ret = 0;

	for (; !ret && nr--; f++)
		ret = stxt_u64(pairs, f->name, f->number);
	return ret;
}

static int parse_leaf(const char *line, struct softtdx_stats *stats)
{
	const char *pairs = stxt_next_word(stxt_next_word(line));
	struct softtdx_leaf_stats *s;
	unsigned int nr;

	if (stxt_none(pairs, "nr"))
		return 0;
	if (stxt_uint(pairs, "nr", &nr) || nr >= NR(stats->leaves))
		return -EINVAL;

	s = &stats->leaves[nr];
	return fields(pairs, (const struct field[]){
		{ "calls", &s->calls }, { "errors", &s->errors },
		{ "last", &s->last }, { "injected", &s->injected },
	}, 4);
}

static int parse_pages(const char *line, struct softtdx_pages *p)
{
	const struct field f[] = {
		{ "REG", &p->reg }, { "TDR", &p->tdr }, { "TDCX", &p->tdcx },
		{ "TDVPR", &p->tdvpr }, { "EPT", &p->ept }, { "NDA", &p->nda },
		{ "RSVD", &p->rsvd },
	};

	return fields(stxt_next_word(line), f, NR(f));
}

static int parse_keyids(const char *line, struct softtdx_keyids *k)
{
	const struct field f[] = {
		{ "FREE", &k->free }, { "RESERVED", &k->reserved },
		{ "ASSIGNED", &k->assigned }, { "FLUSHED", &k->flushed },
	};

	return fields(stxt_next_word(line), f, NR(f));
}

int softtdx_parse_stats(const char *text, struct softtdx_stats *stats)
{
	bool pages = false, keyids = false;
	int ret = 0;

	*stats = (struct softtdx_stats){};
	for (; !ret && text && *text; text = stxt_next_line(text)) {
		if (stxt_starts(text, "leaf")) {
			ret = parse_leaf(text, stats);
		} else if (stxt_starts(text, "pages")) {
			ret = parse_pages(text, &stats->pages);
			pages = true;
		} else if (stxt_starts(text, "keyids")) {
			ret = parse_keyids(text, &stats->keyids);
			keyids = true;
		}
	}
	return ret ?: pages && keyids ? 0 : -EINVAL;
}

int softtdx_stats_read(const char *dir, struct softtdx_stats *stats)
{
	char *text;
	int ret;

	ret = stxt_read(dir, "stats", &text) ?:
	      softtdx_parse_stats(text, stats);
	free(text);
	return ret;
}
