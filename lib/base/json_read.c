// SPDX-License-Identifier: GPL-2.0-only
/* Read JSON, see json_read.h. Pure. */
#include "base/json_read.h"

#define DEPTH_MAX	64

static void blanks(struct json_in *in)
{
	while (in->rest.n && (is_blank(in->rest.p[0]) || in->rest.p[0] == '\n'))
		in->rest = str_skip(in->rest, 1);
}

static bool fail(struct json_in *in)
{
	in->bad = true;
	return false;
}

bool json_looks_like(struct str text)
{
	struct json_in in = { .rest = text };

	blanks(&in);
	if (!str_take(&in.rest, STR("[")))
		return false;
	blanks(&in);
	return in.rest.n && (in.rest.p[0] == '{' || in.rest.p[0] == ']');
}

char json_peek(struct json_in *in)
{
	char c;

	blanks(in);
	if (in->bad || !in->rest.n)
		return 0;
	c = in->rest.p[0];
	return is_digit(c) || c == '-' ? '0' : c;
}

static bool take_char(struct json_in *in, char c)
{
	blanks(in);
	if (in->bad || !in->rest.n || in->rest.p[0] != c)
		return false;
	in->rest = str_skip(in->rest, 1);
	return true;
}

bool json_enter(struct json_in *in, char open)
{
	return take_char(in, open) || fail(in);
}

bool json_next(struct json_in *in, char close, bool *first)
{
	if (in->bad || take_char(in, close))
		return false;
	if (!*first && !take_char(in, ','))
		return fail(in);
	*first = false;
	return json_peek(in) != 0 || fail(in);
}

struct out {
	char *buf;
	size_t size;
	size_t n;
};

static void put(struct out *o, unsigned char c)
{
	if (o->n + 1 < o->size)
		o->buf[o->n++] = c;
}

/* json.c never writes surrogate pairs: each half is U+FFFD here. */
static void put_utf8(struct out *o, unsigned int c)
{
	if (c >= 0xd800 && c < 0xe000)
		c = 0xfffd;
	if (c < 0x80) {
		put(o, c);
		return;
	}
	if (c < 0x800) {
		put(o, 0xc0 | c >> 6);
	} else {
		put(o, 0xe0 | c >> 12);
		put(o, 0x80 | (c >> 6 & 0x3f));
	}
	put(o, 0x80 | (c & 0x3f));
}

static int hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool escape(struct json_in *in, struct out *o)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	unsigned int i, c = 0;
	const char *hit;

	if (!in->rest.n)
		return fail(in);
	hit = memchr(from, in->rest.p[0], sizeof(from) - 1);
	if (hit) {
		put(o, to[hit - from]);
		in->rest = str_skip(in->rest, 1);
		return true;
	}
	if (in->rest.p[0] != 'u' || in->rest.n < 5)
		return fail(in);
	for (i = 1; i < 5; i++) {
		int digit = hex_digit(in->rest.p[i]);

		if (digit < 0)
			return fail(in);
		c = c << 4 | digit;
	}
	put_utf8(o, c);
	in->rest = str_skip(in->rest, 5);
	return true;
}

bool json_take_string(struct json_in *in, char *buf, size_t size)
{
	struct out o = { buf, size, 0 };

	buf[0] = '\0';
	if (!take_char(in, '"'))
		return fail(in);
	while (in->rest.n) {
		char c = in->rest.p[0];

		in->rest = str_skip(in->rest, 1);
		if (c == '"') {
			buf[o.n] = '\0';
			return true;
		}
		if (c != '\\')
			put(&o, c);
		else if (!escape(in, &o))
			return false;
	}
	return fail(in);
}

bool json_take_key(struct json_in *in, char *buf, size_t size)
{
	return json_take_string(in, buf, size) &&
	       (take_char(in, ':') || fail(in));
}

bool json_take_u64(struct json_in *in, uint64_t *n)
{
	blanks(in);
	return (!in->bad && str_take_u64(&in->rest, n)) || fail(in);
}

bool json_take_bool(struct json_in *in, bool *b)
{
	blanks(in);
	*b = !in->bad && str_take(&in->rest, STR("true"));
	return *b || (!in->bad && str_take(&in->rest, STR("false"))) ||
	       fail(in);
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '+' ||
	       c == '.' || c == 'E';
}

static void skip_inside(struct json_in *in, char open, char close)
{
	bool first = true;
	char key[2];

	if (++in->depth > DEPTH_MAX) {
		fail(in);
		return;
	}
	json_enter(in, open);
	while (json_next(in, close, &first)) {
		if (open == '{' && !json_take_key(in, key, sizeof(key)))
			break;
		json_skip(in);
	}
	in->depth--;
}

void json_skip(struct json_in *in)
{
	char c = json_peek(in), none[2];

	if (c == '{') {
		skip_inside(in, '{', '}');
	} else if (c == '[') {
		skip_inside(in, '[', ']');
	} else if (c == '"') {
		json_take_string(in, none, sizeof(none));
	} else if (c && is_word(c)) {
		while (in->rest.n && is_word(in->rest.p[0]))
			in->rest = str_skip(in->rest, 1);
	} else {
		fail(in);
	}
}
