// SPDX-License-Identifier: GPL-2.0-only
/*
 * From bytes to reports: split them into lines of bounded length, and build one
 * report at a time for each caller id, so that lines which another CPU prints
 * in between do no harm.
 */
#include "builder.h"
#include "klog/kmsg.h"
#include "scan.h"

/* An oops prints several titles: those in so many lines belong to the first. */
#define CRASH_LINES	120

/* The end of a report is lost if no line of it came in so many. */
#define QUIET_LINES	5000

/* A line of the log, without its prefix. */
struct part {
	const char *caller;
	struct str text;
	bool bare;
};

static void pass_on(struct report_parser *p, struct report_builder *b)
{
	builder_finish(b);
	p->nr_open--;
	p->fn(&b->r, p->arg);
}

static struct report_builder *find(struct report_parser *p, const char *caller)
{
	size_t i;

	for (i = 0; p->nr_open && i < REPORT_STREAMS; i++)
		if (p->streams[i].open && !p->streams[i].parked &&
		    !strcmp(p->streams[i].caller, caller))
			return &p->streams[i];
	return NULL;
}

static bool began_before(const struct report_builder *a,
			 const struct report_builder *b)
{
	return !b || a->r.first_line < b->r.first_line;
}

/* The open report, parked or not, that began first. */
static struct report_builder *oldest(struct report_parser *p, bool parked)
{
	struct report_builder *b = NULL;
	size_t i;

	for (i = 0; i < REPORT_STREAMS; i++)
		if (p->streams[i].open && (p->streams[i].parked || !parked) &&
		    began_before(&p->streams[i], b))
			b = &p->streams[i];
	return b;
}

/* A free stream, else the one that is open for longest. */
static struct report_builder *get_stream(struct report_parser *p)
{
	struct report_builder *b;
	size_t i;

	for (i = 0; i < REPORT_STREAMS; i++)
		if (!p->streams[i].open)
			return &p->streams[i];
	b = oldest(p, false);
	pass_on(p, b);
	return b;
}

static void pass_on_parked(struct report_parser *p)
{
	struct report_builder *b;

	while (p->nr_open && (b = oldest(p, true)))
		pass_on(p, b);
}

static void list_line(struct report_parser *p, const struct report_line *l)
{
	bool ended = false;
	size_t i;

	for (i = 0; i < REPORT_STREAMS; i++) {
		struct report_builder *b = &p->streams[i];

		if (b->open && b->parked)
			ended |= builder_list_line(b, l) != BUILDER_CONTINUES;
	}
	if (ended)
		pass_on_parked(p);
}

static void body_line(struct report_parser *p, struct report_builder *b,
		      const struct report_line *l)
{
	switch (builder_line(b, l)) {
	case BUILDER_CONTINUES:
		break;
	case BUILDER_PARKS:
		b->parked = true;
		b->stray = 0;
		break;
	case BUILDER_DONE:
	case BUILDER_WAS_DONE:
	case BUILDER_GIVES_UP:
		pass_on(p, b);
		break;
	}
}

/* Does @title belong to an oops that was already reported? */
static bool is_same_crash(struct report_parser *p, struct str title)
{
	bool old = p->crashed && p->line - p->crash_line < CRASH_LINES;

	if (kind_is_crash(title)) {
		p->crashed = true;
		p->crash_line = p->line;
	}
	return old;
}

/* Does a report of @kind end after its title? */
static bool is_title_only(const struct report_parser *p, enum report_kind kind)
{
	return !kind_has_body(kind) ||
	       (!p->bodies && (kind == KIND_OTHER || kind == KIND_HUNG_TASK));
}

static void open_report(struct report_parser *p, const struct part *part,
			enum report_kind kind)
{
	struct report_builder *b = get_stream(p);

	builder_begin(b, kind, part->text, p->line);
	strcpy(b->caller, part->caller);
	p->nr_open++;
	if (!is_title_only(p, kind))
		return;
	builder_finish_title(b);
	p->nr_open--;
	p->fn(&b->r, p->arg);
}

static void title_line(struct report_parser *p, const struct part *part,
		       const struct report_line *l)
{
	struct report_builder *b = find(p, part->caller);
	enum report_kind kind = l->tok.kind;

	if (b && builder_accepts(b, l)) {
		body_line(p, b, l);
		return;
	}
	if (kind == KIND_OTHER && is_same_crash(p, part->text)) {
		if (b && b->r.crash)
			body_line(p, b, l);
		return;
	}
	if (kind != KIND_HUNG_TASK)
		pass_on_parked(p);
	/* "Disabling lock debugging ..." is printed within other reports. */
	if (b && kind != KIND_LOCKDEP_OFF)
		pass_on(p, b);
	open_report(p, part, kind);
}

static void one_part(struct report_parser *p, struct part *part)
{
	struct report_builder *b;
	struct report_line l = {
		.text = part->text,
		.line = p->line,
		/* A line that was cut off can have been anything. */
		.doubtful = p->cut_off,
	};

	/*
	 * Some tools print the later lines of a record without prefix. If the
	 * other lines have one, a line without one can be a program's, unless
	 * it looks like lockdep's.
	 */
	l.doubtful |= part->bare && p->caller[0];
	b = find(p, part->bare && p->caller[0] ? p->caller : part->caller);
	if (!b && !oldest(p, true) && !kind_maybe_title(part->text))
		return;
	token_parse(part->text, &l.tok);
	if (l.tok.type == TOK_TITLE)
		title_line(p, part, &l);
	else if (b)
		body_line(p, b, &l);
	else
		list_line(p, &l);
}

/* After a gap, each open report may lack a line. */
static void check_seq(struct report_parser *p, const struct log_line *l)
{
	size_t i;

	if (p->records && l->seq != p->seq + 1)
		for (i = 0; i < REPORT_STREAMS; i++)
			if (p->streams[i].open)
				p->streams[i].damaged = true;
	p->records = true;
	p->seq = l->seq;
}

/* A record holds several lines: lockdep prints "\nbut task is ...". */
static void record_line(struct report_parser *p, const struct log_line *l)
{
	struct str rest, text;
	struct part part = { .caller = l->caller };

	check_seq(p, l);
	p->after_record = true;
	if (l->user)
		return;
	rest.p = p->text;
	rest.n = kmsg_unescape(l->text, p->text, sizeof(p->text));
	while (str_take_line(&rest, &text)) {
		part.text = str_trim(text);
		one_part(p, &part);
	}
}

static void drop_quiet(struct report_parser *p)
{
	struct report_builder *b = oldest(p, false);

	if (p->line - b->r.last_line > QUIET_LINES)
		pass_on(p, b);
}

static void one_line(struct report_parser *p, struct str line)
{
	struct log_line l;
	struct part part;

	p->line++;
	/* " KEY=value" of the record before */
	if (p->after_record && line.n && line.p[0] == ' ')
		return;
	p->after_record = false;
	if (!p->nr_open) {
		if (!kind_maybe_title(line))
			return;
		p->records = false;
		p->caller[0] = '\0';
	} else {
		drop_quiet(p);
	}
	log_line_parse(line, &l);
	if (!l.bare)
		memcpy(p->caller, l.caller, sizeof(p->caller));
	if (l.record) {
		record_line(p, &l);
		return;
	}
	part = (struct part){ l.caller, l.text, l.bare };
	one_part(p, &part);
}

static void keep_rest(struct report_parser *p, struct str s)
{
	size_t room = sizeof(p->buf) - p->len;

	memcpy(p->buf + p->len, s.p, s.n < room ? s.n : room);
	p->len += s.n < room ? s.n : room;
}

static void end_line(struct report_parser *p, struct str s)
{
	if (p->len) {
		keep_rest(p, s);
		s = (struct str){ p->buf, p->len };
		p->len = 0;
	}
	one_line(p, str_head(s, REPORT_LINE));
}

void report_parser_init(struct report_parser *p,
			void (*fn)(const struct report *r, void *arg),
			void *arg)
{
	size_t i;

	/* Skip the buffers: untouched pages cost no memory. */
	memset(p, 0, offsetof(struct report_parser, streams));
	for (i = 0; i < REPORT_STREAMS; i++)
		p->streams[i].open = false;
	p->fn = fn;
	p->arg = arg;
}

/*
 * With no report open, skip to the next line that can hold a title, but keep
 * the beginning of the last line: its rest can hold one.
 */
static struct str skip_lines(struct report_parser *p, struct str s)
{
	uint64_t before = p->line;
	size_t n = scan_title(s, &p->line);
	const char *nl = memrchr(s.p, '\n', n);

	if (p->line != before)
		p->after_record = false;
	return nl ? str_skip(s, nl + 1 - s.p) : s;
}

void report_parser_feed(struct report_parser *p, const char *data, size_t len)
{
	struct str s = { data, len };

	while (s.n) {
		const char *nl;

		if (!p->nr_open && !p->len)
			s = skip_lines(p, s);
		nl = memchr(s.p, '\n', s.n);
		if (!nl) {
			keep_rest(p, s);
			return;
		}
		end_line(p, str_head(s, nl - s.p));
		s = str_skip(s, nl - s.p + 1);
	}
}

void report_parser_end(struct report_parser *p)
{
	p->cut_off = true;
	if (p->len)
		end_line(p, STR(""));
	while (p->nr_open)
		pass_on(p, oldest(p, false));
}
