/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Split golden logs into lines, to print them again with other prefixes or with
 * damage: for each complete report of each log, the lines of the caller id that
 * printed it.
 */
#ifndef MUTATE_H
#define MUTATE_H

#include "golden.h"
#include "klog/kmsg.h"
#include "klog/line.h"
#include "unit.h"

#define LINES_MAX	1024
#define REPORTS_MAX	16

/* Fields of a parsed report, for comparison. */
struct parsed {
	enum report_kind kind;
	bool complete;
	char title[512];
	char signature[1024];
	unsigned long long first_line;
	unsigned long long last_line;
};

/* The reports of a log. */
struct outcome {
	unsigned int reports;
	unsigned int complete;
	struct parsed parsed[REPORTS_MAX];
};

static inline void outcome_add(const struct report *r, void *arg)
{
	struct outcome *o = arg;
	struct parsed *t = &o->parsed[o->reports % REPORTS_MAX];

	o->reports++;
	o->complete += r->complete;
	t->kind = r->kind;
	t->complete = r->complete;
	snprintf(t->title, sizeof(t->title), "%s", r->title);
	snprintf(t->signature, sizeof(t->signature), "%s", r->signature ?: "");
	t->first_line = r->first_line;
	t->last_line = r->last_line;
}

static inline struct outcome outcome_of(struct str log)
{
	static struct report_parser p;
	struct outcome o = { };

	report_parser_init(&p, outcome_add, &o);
	p.bodies = true;
	golden_feed(&p, log, 0);
	return o;
}

/* The first report of that kind, or NULL. */
static inline const struct parsed *outcome_find(const struct outcome *o,
						enum report_kind kind)
{
	unsigned int i;

	for (i = 0; i < o->reports && i < REPORTS_MAX; i++)
		if (o->parsed[i].kind == kind)
			return &o->parsed[i];
	return NULL;
}

struct lines {
	const char *path;
	struct str line[LINES_MAX];
	size_t count;
	char caller[16];	/* of the first */
	bool record;		/* they are /dev/kmsg records */
};

/*
 * Keep the lines of the report that have its caller id. False if only some
 * lines have a prefix: such logs cannot get another one.
 */
static inline bool lines_split(struct str log, struct lines *l,
			       const struct parsed *of)
{
	struct log_line line;
	struct str s;
	size_t i = 0;

	l->count = 0;
	while (l->count < LINES_MAX && str_take_line(&log, &s)) {
		log_line_parse(s, &line);
		if (++i == of->first_line) {
			strcpy(l->caller, line.caller);
			l->record = line.record;
		}
		if (i < of->first_line || i > of->last_line)
			continue;
		if (line.bare && l->caller[0])
			return false;
		if (!strcmp(line.caller, l->caller))
			l->line[l->count++] = s;
	}
	CHECK(l->count < LINES_MAX);
	return true;
}

typedef void (*line_fn)(FILE *f, const struct lines *l, size_t i,
			const void *arg);

/* One log of all lines, printed by fn(). The caller frees. */
static inline struct str lines_print(const struct lines *l, const void *arg,
				     line_fn fn)
{
	char *text = NULL;
	size_t i, size;
	FILE *f = open_memstream(&text, &size);

	for (i = 0; i < l->count; i++)
		fn(f, l, i, arg);
	fclose(f);
	return (struct str){ text, size };
}

static inline struct outcome lines_outcome(const struct lines *l,
					   const void *arg, line_fn fn)
{
	struct str log = lines_print(l, arg, fn);
	struct outcome o = outcome_of(log);

	free((char *)log.p);
	return o;
}

static inline void put_str(FILE *f, struct str s)
{
	fwrite(s.p, 1, s.n, f);
	putc('\n', f);
}

static inline void put_line(FILE *f, const struct lines *l, size_t i,
			    const void *arg)
{
	put_str(f, l->line[i]);
}

static inline struct token lines_token(const struct lines *l, size_t i,
				       struct str *text)
{
	static char buf[REPORT_LINE];
	struct log_line line;
	struct token tok;

	log_line_parse(l->line[i], &line);
	*text = line.text;
	if (line.record) {
		text->n = kmsg_unescape(line.text, buf, sizeof(buf));
		text->p = buf;
		while (text->n && (text->p[0] == '\n' || is_blank(text->p[0])))
			*text = str_skip(*text, 1);
		*text = str_trim(*text);
	}
	token_parse(*text, &tok);
	return tok;
}

typedef void (*mutate_fn)(const struct lines *l, const struct parsed *want);

/* Call @fn for each complete report; count them in @done by kind. */
static inline void each_report(mutate_fn fn, unsigned int *done)
{
	static struct lines l;
	struct outcome all, one;
	struct golden g;
	glob_t paths;
	size_t i, k;

	golden_glob(&paths);
	for (i = 0; i < paths.gl_pathc; i++) {
		if (!golden_load(&g, paths.gl_pathv[i]))
			continue;
		all = outcome_of(g.log);
		for (k = 0; k < all.reports && k < REPORTS_MAX; k++) {
			l.path = paths.gl_pathv[i];
			if (!all.parsed[k].complete ||
			    !lines_split(g.log, &l, &all.parsed[k]))
				continue;
			one = lines_outcome(&l, NULL, put_line);
			if (one.reports != 1 || !one.complete)
				continue;
			done[one.parsed[0].kind]++;
			fn(&l, &one.parsed[0]);
		}
		golden_free(&g);
	}
	globfree(&paths);
}

/* The same; there must be at least one of each kind. */
static inline void each_whole(mutate_fn fn)
{
	unsigned int done[KIND_NONE] = { }, i;

	each_report(fn, done);
	for (i = 0; i < KIND_NONE; i++) {
		if (!done[i])
			printf("# no report of kind %s\n", kind_name(i));
		CHECK(done[i]);
	}
	CHECK(done[KIND_CIRCULAR] >= 10);
}

#endif
