// SPDX-License-Identifier: GPL-2.0-only
/*
 * Damaged logs: a damaged report is never marked as complete. For every kind of
 * report: a line is lost, a line is added, the rest is cut off, or it begins
 * again.
 */
#include "mutate.h"

/* The parser reads only the title, the task and the end of these. */
static bool is_loose(enum report_kind kind)
{
	return kind == KIND_OTHER || kind == KIND_LOCKDEP_OFF;
}

static void all_but(FILE *f, const struct lines *l, size_t i, const void *arg)
{
	if (i != *(const size_t *)arg)
		put_str(f, l->line[i]);
}

/* Lines that some reports have and others of the kind do not. */
static bool is_optional(struct str s)
{
	static const char *const starts[] = {
		"...", "and the lock comparison function", "Please attach the",
		"RCU used illegally", "Possible false positive due to",
		"Workqueue: ", "the code is fine but needs",
	};
	size_t i;

	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (str_starts(s, str_of(starts[i])))
			return !str_starts(s, STR("... "));
	return false;
}

/* Is line @i after the beginning of the backtrace? */
static bool in_trace(const struct lines *l, size_t i)
{
	struct str text;
	size_t k;

	for (k = 0; k < i; k++) {
		enum token_type type = lines_token(l, k, &text).type;

		if (type == TOK_BACKTRACE || type == TOK_CPU ||
		    type == TOK_CALL_TRACE)
			return true;
	}
	return false;
}

/*
 * Can line @i be lost without being detected? Blank lines and lines that mail
 * programs remove can, and a frame, or the line between two stacks, if no other
 * line depends on it; but only in a log without sequence numbers.
 */
static bool may_vanish(const struct lines *l, size_t i)
{
	struct str text;
	struct token tok = lines_token(l, i, &text);

	if (l->record)
		return false;
	switch (tok.type) {
	case TOK_OTHER:
		return in_trace(l, i) || is_optional(text);
	case TOK_IP:
		return true;
	case TOK_BLANK:
	case TOK_DOUBLE_RULE:
	case TOK_TASK:
	case TOK_STACK_MARK:
	case TOK_FRAME:
	case TOK_USAGE:
		return true;
	case TOK_LOCK:
	case TOK_HELD_LOCK:
		return tok.is_inline;
	default:
		return false;
	}
}

/* Is line @i in the list of all locks, after the hung task's own lines? */
static bool is_list(const struct lines *l, size_t i)
{
	struct str text;
	size_t k;

	for (k = 0; k <= i && k < l->count; k++)
		if (lines_token(l, k, &text).type == TOK_ALL_LOCKS)
			return true;
	return false;
}

static void drop_lines(const struct lines *l, const struct parsed *want)
{
	unsigned int other_signatures = 0;
	size_t i;

	if (is_loose(want->kind))
		return;
	for (i = 0; i < l->count; i++) {
		struct outcome got = lines_outcome(l, &i, all_but);
		const struct parsed *t = outcome_find(&got, want->kind);
		bool quiet = may_vanish(l, i) ||
			     (want->kind == KIND_HUNG_TASK && is_list(l, i));

		if (!t || !t->complete)
			continue;
		if (!quiet)
			printf("# %s: complete without: %.*s\n", l->path,
			       (int)l->line[i].n, l->line[i].p);
		CHECK(quiet);
		other_signatures += strcmp(t->signature, want->signature) != 0;
	}
	/* At most one frame of each older stack, the one in the signature. */
	CHECK(other_signatures <= 6);
}

static void line_dropped(void)
{
	each_whole(drop_lines);
}

static void up_to(FILE *f, const struct lines *l, size_t i, const void *arg)
{
	if (i < *(const size_t *)arg)
		put_str(f, l->line[i]);
}

static void is_not_whole(struct str log, const struct lines *l,
			 enum report_kind kind)
{
	struct outcome got = outcome_of(log);
	const struct parsed *t = outcome_find(&got, kind);
	size_t tail = log.n < 90 ? log.n : 90;

	if (t && t->complete)
		printf("# %s: complete up to: %.*s\n", l->path, (int)tail,
		       log.p + log.n - tail);
	CHECK(!t || !t->complete);
}

static void cut_tail(const struct lines *l, const struct parsed *want)
{
	size_t n;

	if (want->kind == KIND_LOCKDEP_OFF)
		return;
	for (n = 1; n < l->count; n++) {
		struct str log = lines_print(l, &n, up_to);

		/* Without a list it is not known whether one follows. */
		if (want->kind != KIND_HUNG_TASK ||
		    is_list(l, n - 1) == is_list(l, n))
			is_not_whole(log, l, want->kind);
		/* Also cut in the middle of a line. */
		log.n -= l->line[n - 1].n / 2 + 1;
		if (want->kind != KIND_HUNG_TASK || is_list(l, n - 1) ||
		    !is_list(l, n))
			is_not_whole(log, l, want->kind);
		free((char *)log.p);
	}
}

static void tail_cut(void)
{
	each_whole(cut_tail);
}

static void without_caller(FILE *f, const struct lines *l, size_t i,
			   const void *arg)
{
	struct log_line line;

	log_line_parse(l->line[i], &line);
	fprintf(f, "[    1.000000] %.*s\n", (int)line.text.n, line.text.p);
	if (i == *(const size_t *)arg)
		fputs("[    1.000000] usb 1-1: new device\n", f);
}

/* Without caller ids an additional line is damage. */
static void strange_line(const struct lines *l, const struct parsed *want)
{
	size_t i;

	if (l->record || is_loose(want->kind))
		return;
	for (i = 0; i + 1 < l->count && !in_trace(l, i + 1); i++) {
		struct outcome got = lines_outcome(l, &i, without_caller);
		const struct parsed *t = outcome_find(&got, want->kind);

		if (t && t->complete)
			printf("# %s: complete with a line after: %.*s\n",
			       l->path, (int)l->line[i].n, l->line[i].p);
		CHECK(!t || !t->complete);
	}
}

static void strange_line_between(void)
{
	each_whole(strange_line);
}

static void twice(FILE *f, const struct lines *l, size_t i, const void *arg)
{
	if (i == 0) {
		size_t k;

		/* First half of it: a title ends an open report. */
		for (k = 0; k < l->count / 2; k++)
			put_str(f, l->line[k]);
	}
	put_str(f, l->line[i]);
}

static void start_again(const struct lines *l, const struct parsed *want)
{
	struct outcome got = lines_outcome(l, NULL, twice);

	/* Consecutive crashes are one report. */
	if (is_loose(want->kind))
		return;
	CHECK_EQ(got.reports, 2);
	CHECK_EQ(got.complete, 1);
	CHECK_STR(got.parsed[1].signature, want->signature);
}

static void started_again(void)
{
	each_whole(start_again);
}

UNIT_MAIN(
	{ "line_dropped", line_dropped },
	{ "tail_cut", tail_cut },
	{ "strange_line_between", strange_line_between },
	{ "started_again", started_again },
)
