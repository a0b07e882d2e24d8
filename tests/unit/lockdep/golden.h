/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Golden logs: tests/golden/NAME.log, lines as a kernel printed them, and
 * NAME.json, the expected output of splat parse. See the README there.
 */
#ifndef GOLDEN_H
#define GOLDEN_H

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lockdep/report/report.h"
#include "splat/splat.h"

struct golden {
	const char *path;
	char *file;
	struct str log;
	char *expect;		/* NAME.json, NULL if there is none */
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
	size_t n;

	if (!f)
		return NULL;
	fseek(f, 0, SEEK_END);
	n = ftell(f);
	rewind(f);
	buf = malloc(n + 1);
	n = fread(buf, 1, n, f);
	buf[n] = '\0';
	fclose(f);
	if (size)
		*size = n;
	return buf;
}

static inline void golden_json_path(char *dst, size_t size, const char *path)
{
	snprintf(dst, size, "%.*s.json", (int)(strlen(path) - strlen(".log")),
		 path);
}

static inline bool golden_load(struct golden *g, const char *path)
{
	char json[4096];

	g->path = path;
	g->file = golden_slurp(path, &g->log.n);
	g->log.p = g->file;
	golden_json_path(json, sizeof(json), path);
	g->expect = golden_slurp(json, NULL);
	return g->file;
}

static inline void golden_free(struct golden *g)
{
	free(g->file);
	free(g->expect);
}

static inline void golden_report(const struct report *r, void *arg)
{
	report_json(arg, r, false);
}

static inline void golden_feed(struct report_parser *p, struct str log,
			       size_t step)
{
	while (log.n) {
		struct str piece = str_head(log, step ? step : log.n);

		report_parser_feed(p, piece.p, piece.n);
		log = str_skip(log, piece.n);
	}
	report_parser_end(p);
}

/*
 * The output of splat parse --json for @log, read in pieces of @step bytes (0:
 * as a whole). The caller frees.
 */
static inline char *golden_parse(struct str log, size_t step)
{
	static struct report_parser p;
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	struct json json;

	json_init(&json, f);
	json_array(&json, NULL);
	report_parser_init(&p, golden_report, &json);
	p.bodies = true;
	golden_feed(&p, log, step);
	json_array_end(&json);
	fclose(f);
	return text;
}

#endif
