/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A real /proc/lockdep (7.3.4 in the lab, after a run of the two-VM scenario),
 * and functions to change it into that of another kernel.
 */
#ifndef LOCKFILE_H
#define LOCKFILE_H

#include "golden.h"
#include "lockdep/graph/gmem.h"
#include "unit.h"

#define GMEM_KEY	"ffffffff818224c8"
#define MM_KEY		"ffffffff81fae310"
#define TO_MM		" -> [" MM_KEY "] &mm->mmap_lock\n"
#define TO_GMEM		" -> [" GMEM_KEY "] mapping.invalidate_lock\n"

static inline char *lockfile_load(const char *name)
{
	char path[4096], *text;
	size_t size;

	snprintf(path, sizeof(path), "%s/proc/%s", golden_dir(), name);
	text = golden_slurp(path, &size);
	CHECK(text);
	return text ?: strdup("");
}

/* @text, freed, with each @what replaced by @by. */
static inline char *lockfile_replace(char *text, const char *what,
				     const char *by)
{
	char *p = text, *hit, *out = NULL;
	size_t size;
	FILE *f = open_memstream(&out, &size);

	while ((hit = strstr(p, what))) {
		fwrite(p, 1, hit - p, f);
		fputs(by, f);
		p = hit + strlen(what);
	}
	fputs(p, f);
	fclose(f);
	free(text);
	return out;
}

/* @text, freed, with @edge added to the class whose line ends in ": @class". */
static inline char *lockfile_add(char *text, const char *class,
				 const char *edge)
{
	char from[256], to[512];

	snprintf(from, sizeof(from), ": %s\n", class);
	snprintf(to, sizeof(to), ": %s\n%s", class, edge);
	CHECK(strstr(text, from));
	return lockfile_replace(text, from, to);
}

static inline void lockfile_graph(struct lock_graph *g, const char *text)
{
	CHECK_EQ(lock_graph_parse(g, str_of(text)), 0);
}

#endif
