// SPDX-License-Identifier: GPL-2.0-only
/*
 * splat compare: are two reports the same bug?
 */
#include <errno.h>
#include <stdlib.h>

#include "base/json_read.h"
#include "base/number.h"
#include "lockdep/report/compare.h"
#include "splat/cmd/cmd.h"
#include "splat/splat.h"

#define JSON_MAX	(256UL << 20)
#define NTH_MAX		1000000000

enum { OPT_NTH, OPT_JSON, OPT_HELP };

static const struct option_def defs[] = {
	{ "--nth", true, OPT_NTH },
	{ "--json", false, OPT_JSON },
	{ "--help", false, OPT_HELP },
	{ "-h", false, OPT_HELP },
	{ }
};

static const char help[] =
"usage: splat compare [--nth N[,M]] [--json] A B\n"
"\n"
"A and B are kernel logs, or the output of splat parse --json; one of them can\n"
"be \"-\", stdin. Prints the result, the two signatures, and the difference:\n"
"\n"
"  same                     kind, lock classes and functions are equal,\n"
"                           whichever half of the cycle ran first\n"
"  same cycle, other path   other functions take the same classes\n"
"  different                anything else\n"
"\n"
"Compares the first complete lockdep report of each file. Reports without a\n"
"cycle are the same if kind, title and lock are equal.\n"
"\n"
"  --nth N[,M]   the Nth report of A, in the order of splat parse, and the Mth\n"
"                of B; without M the Nth of both\n"
"  --json        print JSON\n"
"\n"
"exit: 0 same, 1 not, 2 unreadable or without a complete report\n";

struct side {
	const char *path;
	unsigned long nth;	/* 0: the first complete one */
	unsigned long seen;
	unsigned long found;
	struct report_id id;
	/* while reading */
	struct report_parser *parser;
	struct text json;
	bool begun;
	bool is_json;
	bool too_large;
};

struct compare {
	struct args a;
	bool as_json;
	struct side side[2];
	struct report_parser *parser;
};

static bool is_lockdep(const struct report_id *id)
{
	return strcmp(id->kind, kind_name(KIND_OTHER)) &&
	       strcmp(id->kind, kind_name(KIND_HUNG_TASK)) &&
	       strcmp(id->kind, kind_name(KIND_LOCKDEP_OFF));
}

static void on_id(const struct report_id *id, void *arg)
{
	struct side *s = arg;

	s->seen++;
	if (s->found || (s->nth ? s->seen != s->nth :
				  !id->complete || !is_lockdep(id)))
		return;
	s->found = s->seen;
	s->id = *id;
}

static void on_report(const struct report *r, void *arg)
{
	static struct report_id id;

	report_id_of(&id, r);
	on_id(&id, arg);
}

static void keep(struct side *s, const char *data, size_t n)
{
	char *p = s->json.n + n > JSON_MAX ? NULL :
		  realloc(s->json.p, s->json.n + n);

	s->too_large |= !p;
	if (s->too_large)
		return;
	memcpy(p + s->json.n, data, n);
	s->json.p = p;
	s->json.n += n;
}

/* A log is parsed in pieces; JSON must be read as a whole. */
static void take(void *arg, const char *data, size_t n)
{
	struct side *s = arg;

	if (!s->begun)
		s->is_json = json_looks_like((struct str){ data, n });
	s->begun = true;
	if (s->is_json)
		keep(s, data, n);
	else
		report_parser_feed(s->parser, data, n);
}

static const char *read_json(struct side *s)
{
	struct str text = { s->json.p, s->json.n };

	if (s->too_large)
		return strerror(EFBIG);
	return report_ids_of_json(text, on_id, s) ?
	       NULL : "is no JSON of splat parse";
}

/* NULL, or why it could not be read. */
static const char *read_side(struct side *s)
{
	const char *reason;

	report_parser_init(s->parser, on_report, s);
	reason = read_log(s->path, take, s);
	report_parser_end(s->parser);
	if (!reason && s->is_json)
		reason = read_json(s);
	free(s->json.p);
	return reason;
}

/* Why there is no report to compare, or NULL. */
static const char *unfit(const struct side *s)
{
	static char text[64];

	if (!s->seen)
		return "no report of lockdep in it";
	if (!s->found && s->nth) {
		snprintf(text, sizeof(text), "has %lu reports, no %luth",
			 s->seen, s->nth);
		return text;
	}
	if (!s->found || !s->id.complete)
		return s->found || s->seen == 1 ?
		       "the report is not complete" :
		       "no complete report of lockdep in it";
	return NULL;
}

static int load(struct compare *c, struct side *s)
{
	const char *reason;

	s->parser = c->parser;
	reason = read_side(s);
	if (!reason)
		reason = unfit(s);
	return reason ? complain(&c->a, s->path, reason) : 0;
}

static void print_text(struct compare *c, enum sameness is, const char *why)
{
	int i;

	puts(sameness_name(is));
	for (i = 0; i < 2; i++) {
		const struct side *s = &c->side[i];

		printf("  %c  %s, report %lu of %lu, lines %llu-%llu%s%s\n"
		       "     %s\n", 'A' + i, s->path, s->found, s->seen,
		       (unsigned long long)s->id.first_line,
		       (unsigned long long)s->id.last_line,
		       s->id.release[0] ? ", " : "", s->id.release,
		       s->id.signature[0] ? s->id.signature : s->id.title);
	}
	if (why[0])
		printf("  differs: %s\n", why);
}

static void print_json(struct compare *c, enum sameness is, const char *why)
{
	struct json j;
	int i;

	json_init(&j, stdout);
	json_object(&j, NULL);
	json_string(&j, "result", sameness_name(is));
	json_string(&j, "differs", why[0] ? why : NULL);
	for (i = 0; i < 2; i++) {
		const struct side *s = &c->side[i];

		json_object(&j, i ? "b" : "a");
		json_string(&j, "file", s->path);
		json_number(&j, "report", s->found);
		json_number(&j, "reports", s->seen);
		json_number(&j, "first_line", s->id.first_line);
		json_number(&j, "last_line", s->id.last_line);
		json_string(&j, "release",
			    s->id.release[0] ? s->id.release : NULL);
		json_string(&j, "title", s->id.title);
		json_string(&j, "signature",
			    s->id.signature[0] ? s->id.signature : NULL);
		json_object_end(&j);
	}
	json_object_end(&j);
}

/* "N" or "N,M" */
static int set_nth(struct compare *c)
{
	struct str s = str_of(c->a.value);
	ptrdiff_t comma = str_find(s, STR(","));
	const char *second = c->a.value + (comma < 0 ? 0 : comma + 1);
	char first[24];

	snprintf(first, sizeof(first), "%.*s",
		 (int)(comma < 0 ? s.n : (size_t)comma), s.p);
	if (number_parse(first, 1, NTH_MAX, &c->side[0].nth) ||
	    number_parse(second, 1, NTH_MAX, &c->side[1].nth))
		return complain(&c->a, c->a.value, "no number of a report");
	return 0;
}

static int set_sides(struct compare *c)
{
	const struct args *a = &c->a;

	if (a->argc - a->next != 2)
		return complain(a, "A B", "needs two files");
	c->side[0].path = a->argv[a->next];
	c->side[1].path = a->argv[a->next + 1];
	if (!strcmp(c->side[0].path, "-") && !strcmp(c->side[1].path, "-"))
		return complain(a, "-", "only one can be stdin");
	return 0;
}

static int compare(struct compare *c)
{
	enum sameness is;
	char why[1024];

	if (load(c, &c->side[0]) || load(c, &c->side[1]))
		return EXIT_USAGE;
	is = report_compare(&c->side[0].id, &c->side[1].id, why, sizeof(why));
	if (c->as_json)
		print_json(c, is, why);
	else
		print_text(c, is, why);
	if (fflush(stdout) || ferror(stdout))
		return complain(&c->a, "stdout", strerror(errno));
	return is == SAME ? EXIT_CLEAN : EXIT_BAD;
}

int cmd_compare(int argc, char **argv)
{
	static struct compare c;
	int opt, ret;

	c.a = (struct args){ .command = "compare", .argc = argc, .argv = argv };
	while ((opt = args_next(&c.a, defs)) != ARG_END) {
		if (opt == ARG_BAD || (opt == OPT_NTH && set_nth(&c)))
			return EXIT_USAGE;
		if (opt == OPT_HELP)
			return fputs(help, stdout) < 0;
		c.as_json |= opt == OPT_JSON;
	}
	if (set_sides(&c))
		return EXIT_USAGE;
	c.parser = malloc(sizeof(*c.parser));
	if (!c.parser)
		return complain(&c.a, "memory", strerror(ENOMEM));
	ret = compare(&c);
	free(c.parser);
	return ret;
}
