/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Golden logs: tests/golden/NAME.log, see the README there. A file begins with
 * lines "# ..." that say what it is and "#= ..." that say what the parser must
 * make of it, up to the line "#---"; behind that is the log.
 */
#ifndef GOLDEN_H
#define GOLDEN_H

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lockdep/report.h"

struct golden {
	const char *path;
	char *file;
	size_t size;
	char *about;		/* the "# " lines */
	char *expect;		/* the "#= " lines */
	struct str log;
};

static inline const char *golden_dir(void)
{
	return getenv("GOLDEN_DIR") ?: "tests/golden";
}

static inline void golden_glob(glob_t *g)
{
	char pattern[4096];

	snprintf(pattern, sizeof(pattern), "%s/*.log", golden_dir());
	glob(pattern, 0, NULL, g);
}

static inline char *golden_slurp(const char *path, size_t *size)
{
	FILE *f = fopen(path, "r");
	char *buf = NULL;
	long n;

	if (!f)
		return NULL;
	fseek(f, 0, SEEK_END);
	n = ftell(f);
	rewind(f);
	buf = malloc(n + 1);
	*size = fread(buf, 1, n, f);
	buf[*size] = '\0';
	fclose(f);
	return buf;
}

static inline bool golden_load(struct golden *g, const char *path)
{
	size_t about, expect;
	FILE *a = open_memstream(&g->about, &about);
	FILE *e = open_memstream(&g->expect, &expect);
	struct str line;
	bool found = false;

	g->path = path;
	g->file = golden_slurp(path, &g->size);
	g->log = (struct str){ g->file, g->file ? g->size : 0 };
	while (!found && str_take_line(&g->log, &line)) {
		if (str_eq(line, STR("#---")))
			found = true;
		else
			fprintf(str_starts(line, STR("#=")) ? e : a, "%.*s\n",
				(int)line.n, line.p);
	}
	fclose(a);
	fclose(e);
	return found;
}

static inline void golden_free(struct golden *g)
{
	free(g->file);
	free(g->about);
	free(g->expect);
}

static inline void golden_lock(FILE *f, const char *what,
			       const struct report_lock *l)
{
	if (l->class)
		fprintf(f, "#= %s %s, %s, %s\n", what, l->class,
			l->mode ?: "mode unknown", l->at ?: "?");
}

/* What the parser made of a report, as it stands in a golden log. */
static inline void golden_render(const struct report *r, void *arg)
{
	FILE *f = arg;
	unsigned int i;

	fprintf(f, "#= kind %s\n", kind_name(r->kind));
	fprintf(f, "#= title %s\n", r->title);
	if (r->release)
		fprintf(f, "#= release %s\n", r->release);
	if (r->comm)
		fprintf(f, "#= task %s/%ld\n", r->comm, r->pid);
	golden_lock(f, "acquiring", &r->acquiring);
	for (i = 0; i < r->nr_holding; i++)
		golden_lock(f, "holding", &r->holding[i]);
	for (i = 0; i < r->nr_chain; i++)
		fprintf(f, "#= chain %s, %u frames, %s\n", r->chain[i].class,
			r->chain[i].nr_frames, r->chain[i].func);
	for (i = 0; i < r->nr_cycle; i++)
		fprintf(f, "#= cycle %s\n", r->chain[r->cycle[i]].class);
	if (r->signature)
		fprintf(f, "#= signature %s\n", r->signature);
	if (r->crash)
		fprintf(f, "#= crash\n");
	fprintf(f, "#= complete %s\n", r->complete ? "yes" : "no");
	fprintf(f, "#= lines %llu-%llu\n", (unsigned long long)r->first_line,
		(unsigned long long)r->last_line);
}

/* Parse @log in pieces of @step bytes (0: whole). The caller frees. */
static inline char *golden_parse(struct str log, size_t step)
{
	static struct report_parser p;
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	report_parser_init(&p, golden_render, f);
	while (log.n) {
		struct str piece = str_head(log, step ? step : log.n);

		report_parser_feed(&p, piece.p, piece.n);
		log = str_skip(log, piece.n);
	}
	report_parser_end(&p);
	fclose(f);
	return text;
}

#endif
