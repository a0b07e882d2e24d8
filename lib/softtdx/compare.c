// SPDX-License-Identifier: GPL-2.0-only
/* What a TD's secure EPT holds against what was added to the TD. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "softtdx/compare.h"

#define PAGE	4096ul
#define LEVEL_MAX	4	/* of an entry in a secure EPT of five levels */

struct compare {
	struct softtdx_compare *c;
	void (*say)(const char *line, void *arg);
	void *arg;
};

/*
 * Levels as softtdx has them: 0 is 4 KiB, each further one 512 times that. One
 * that cannot be covers nothing.
 */
static uint64_t level_size(unsigned int level)
{
	return level <= LEVEL_MAX ? PAGE << 9 * level : 0;
}

__attribute__((format(printf, 2, 3)))
static void wrong(struct compare *cmp, const char *fmt, ...)
{
	char line[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	cmp->c->wrong++;
	cmp->say(line, cmp->arg);
}

static bool covers(const struct softtdx_map *m, uint64_t gpa)
{
	return gpa >= m->gpa && gpa - m->gpa < level_size(m->level);
}

static const struct softtdx_want *find_want(const struct softtdx_compare *c,
					    uint64_t gpa)
{
	unsigned int i;

	for (i = 0; i < c->nr_want; i++)
		if (c->want[i].gpa == gpa)
			return &c->want[i];
	return NULL;
}

static const struct softtdx_map *find_map(const struct softtdx_compare *c,
					  uint64_t gpa, bool table,
					  unsigned int level)
{
	const struct softtdx_map *m;

	for (m = c->maps; m < c->maps + c->nr_maps; m++)
		if (m->table == table && (!table || m->level == level) &&
		    covers(m, gpa))
			return m;
	return NULL;
}

static const struct softtdx_map *find_leaf(const struct softtdx_compare *c,
					   uint64_t gpa)
{
	return find_map(c, gpa, false, 0);
}

/* ---- pages --------------------------------------------------------------- */

/* The bytes that @m must have; false if some of its pages are not wanted. */
static bool hash_wanted(const struct softtdx_compare *c,
			const struct softtdx_map *m, uint8_t *digest)
{
	const struct softtdx_want *want;
	struct sha384 sha;
	uint64_t offset;

	sha384_start(&sha);
	for (offset = 0; offset < level_size(m->level); offset += PAGE) {
		want = find_want(c, m->gpa + offset);
		if (!want || want->gone)
			return false;
		sha384_add(&sha, want->source, PAGE);
	}
	sha384_now(&sha, digest);
	return true;
}

/* Whose bytes these are, those of pages that are gone as well. */
static void whose(const struct softtdx_compare *c, const uint8_t *digest,
		  char *text, size_t size)
{
	unsigned int i;

	for (i = 0; i < c->nr_want; i++) {
		if (memcmp(c->want[i].sha384, digest, SHA384_SIZE))
			continue;
		snprintf(text, size, "what belongs to gpa %#lx",
			 c->want[i].gpa);
		return;
	}
	snprintf(text, size, "bytes of no page that was added");
}

static void compare_contents(struct compare *cmp, const struct softtdx_map *m)
{
	uint8_t digest[SHA384_SIZE];
	char text[64];

	if (!m->hashed) {
		wrong(cmp, "gpa %#lx: softtdx cannot read page %#lx", m->gpa,
		      m->hpa);
		return;
	}
	whose(cmp->c, m->sha384, text, sizeof(text));
	if (!hash_wanted(cmp->c, m, digest))
		wrong(cmp, "gpa %#lx, level %u: mapped, but was not added; holds %s",
		      m->gpa, m->level, text);
	else if (memcmp(digest, m->sha384, sizeof(digest)))
		wrong(cmp, "gpa %#lx, level %u: holds %s", m->gpa, m->level,
		      text);
}

static void compare_leaf(struct compare *cmp, const struct softtdx_map *m)
{
	if (m->level >= SOFTTDX_LEAF_LEVELS ||
	    m->gpa % level_size(m->level)) {
		wrong(cmp, "gpa %#lx: no page of level %u can be there", m->gpa,
		      m->level);
		return;
	}
	cmp->c->leaves[m->level]++;
	if (find_leaf(cmp->c, m->gpa) != m)
		wrong(cmp, "gpa %#lx: mapped twice", m->gpa);
	if (strcmp(m->state, "MAPPED"))
		wrong(cmp, "gpa %#lx: is %s, not MAPPED", m->gpa, m->state);
	if (m->pamt_disagrees)
		wrong(cmp, "gpa %#lx: page %#lx is not the TD's by the PAMT",
		      m->gpa, m->hpa);
	compare_contents(cmp, m);
}

/* ---- tables -------------------------------------------------------------- */

/* A table entry at @level leads to pages that are, or once were, there. */
static bool table_needed(const struct softtdx_compare *c, uint64_t gpa,
			 unsigned int level)
{
	const struct softtdx_map *leaf;
	unsigned int i;

	for (i = 0; i < c->nr_want; i++) {
		if (c->want[i].gpa / level_size(level) !=
		    gpa / level_size(level))
			continue;
		leaf = find_leaf(c, c->want[i].gpa);
		if (!leaf || leaf->level < level)
			return true;
	}
	return false;
}

static void compare_table(struct compare *cmp, const struct softtdx_map *m)
{
	cmp->c->tables++;
	if (!m->level || m->level > cmp->c->root_level) {
		wrong(cmp, "gpa %#lx: no table of level %u can be there",
		      m->gpa, m->level);
		return;
	}
	if (find_map(cmp->c, m->gpa, true, m->level) != m)
		wrong(cmp, "gpa %#lx: two tables at level %u", m->gpa,
		      m->level);
	if (!table_needed(cmp->c, m->gpa, m->level))
		wrong(cmp, "gpa %#lx: a table at level %u that nothing needs",
		      m->gpa, m->level);
	if (m->pamt_disagrees)
		wrong(cmp, "gpa %#lx: table %#lx at level %u is not the TD's by the PAMT",
		      m->gpa, m->hpa, m->level);
}

static void compare_want(struct compare *cmp, const struct softtdx_want *want)
{
	unsigned int level;

	if (!want->gone && !find_leaf(cmp->c, want->gpa))
		wrong(cmp, "gpa %#lx: not mapped", want->gpa);

	for (level = cmp->c->root_level; level; level--)
		if (table_needed(cmp->c, want->gpa, level) &&
		    !find_map(cmp->c, want->gpa, true, level))
			wrong(cmp, "gpa %#lx: no table at level %u", want->gpa,
			      level);
}

void softtdx_compare(struct softtdx_compare *c,
		     void (*say)(const char *line, void *arg), void *arg)
{
	struct compare cmp = { .c = c, .say = say, .arg = arg };
	unsigned int i;

	memset(c->leaves, 0, sizeof(c->leaves));
	c->tables = 0;
	c->wrong = 0;
	for (i = 0; i < c->nr_maps; i++) {
		if (c->maps[i].table)
			compare_table(&cmp, &c->maps[i]);
		else
			compare_leaf(&cmp, &c->maps[i]);
	}
	for (i = 0; i < c->nr_want; i++)
		compare_want(&cmp, &c->want[i]);
}
