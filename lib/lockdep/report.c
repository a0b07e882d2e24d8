// SPDX-License-Identifier: GPL-2.0-only
/*
 * From bytes to reports: lines of bounded length, one report at a time for each
 * caller id, so that what another CPU prints in between does no harm.
 */
#include "kmsg.h"
#include "lockdep/build.h"

/* One oops is told by several titles: these lines after the first are its. */
#define CRASH_LINES	120

/* A line of the log, without its prefix. */
struct part {
	const char *caller;
	struct str text;
	bool bare;
};

static void hand_over(struct report_parser *p, struct report_builder *b)
{
	build_close(b);
	p->nr_open--;
	p->fn(&b->r, p->arg);
}

static struct report_builder *find(struct report_parser *p, const char *caller)
{
	size_t i;

	for (i = 0; p->nr_open && i < REPORT_STREAMS; i++)
		if (p->streams[i].open && !strcmp(p->streams[i].caller, caller))
			return &p->streams[i];
	return NULL;
}

/* A free one, else the one that has been open for longest. */
static struct report_builder *get_stream(struct report_parser *p)
{
	struct report_builder *b = &p->streams[0];
	size_t i;

	for (i = 0; i < REPORT_STREAMS; i++) {
		if (!p->streams[i].open)
			return &p->streams[i];
		if (p->streams[i].r.last_line < b->r.last_line)
			b = &p->streams[i];
	}
	hand_over(p, b);
	return b;
}

/* The rest of an oops that has been told of. */
static bool is_aftermath(struct report_parser *p, struct str title)
{
	bool old = p->crashed && p->line - p->crash_line < CRASH_LINES;

	if (kind_is_crash(title)) {
		p->crashed = true;
		p->crash_line = p->line;
	}
	return old;
}

static void title_line(struct report_parser *p, const struct part *part,
		       enum report_kind kind)
{
	struct report_builder *b = find(p, part->caller);

	if (b)
		hand_over(p, b);
	if (kind == KIND_OTHER && is_aftermath(p, part->text))
		return;
	b = get_stream(p);
	build_open(b, kind, part->text, p->line);
	strcpy(b->caller, part->caller);
	p->nr_open++;
	if (!kind_has_body(kind))
		hand_over(p, b);
}

static void one_part(struct report_parser *p, struct part *part)
{
	struct report_builder *b;
	struct token tok;

	token_parse(part->text, &tok);
	if (tok.type == TOK_TITLE) {
		title_line(p, part, tok.kind);
		return;
	}
	/* Cut off in the middle, it may have been anything. */
	if (p->cut_off && tok.type == TOK_OTHER)
		return;
	/*
	 * Some tools print the later lines of a record without prefix. Where
	 * the others have one, a line without one that does not look like
	 * lockdep's is some program's.
	 */
	if (part->bare && p->caller[0]) {
		if (tok.type == TOK_OTHER)
			return;
		part->caller = p->caller;
	}
	b = find(p, part->caller);
	if (!b)
		return;
	switch (build_line(b, part->text, &tok, p->line)) {
	case BUILD_GOES_ON:
		break;
	case BUILD_DONE:
	case BUILD_WAS_DONE:
	case BUILD_GIVE_UP:
		hand_over(p, b);
		break;
	}
}

/* A gap may have swallowed a line of any report that is open. */
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

static void one_line(struct report_parser *p, struct str line)
{
	struct log_line l;
	struct part part;

	p->line++;
	/* " KEY=value", of the record before */
	if (p->after_record && line.n && line.p[0] == ' ')
		return;
	p->after_record = false;
	if (!p->nr_open) {
		if (!kind_maybe_title(line))
			return;
		p->records = false;
		p->caller[0] = '\0';
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

	/* Leave the buffers alone: untouched, they cost no memory. */
	memset(p, 0, offsetof(struct report_parser, streams));
	for (i = 0; i < REPORT_STREAMS; i++)
		p->streams[i].open = false;
	p->fn = fn;
	p->arg = arg;
}

void report_parser_feed(struct report_parser *p, const char *data, size_t len)
{
	struct str s = { data, len };

	while (s.n) {
		const char *nl = memchr(s.p, '\n', s.n);

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
	size_t i;

	p->cut_off = true;
	if (p->len)
		end_line(p, STR(""));
	for (i = 0; i < REPORT_STREAMS; i++)
		if (p->streams[i].open)
			hand_over(p, &p->streams[i]);
}
