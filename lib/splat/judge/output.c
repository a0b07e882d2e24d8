// SPDX-License-Identifier: GPL-2.0-only
/*
 * A test program's output, see output.h. Pure.
 */
#include <ctype.h>
#include <stdio.h>

#include "base/str.h"
#include "splat/judge/output.h"

/* The guest may write anything; what is quoted is one line of text. */
static void quote(char *dst, size_t size, struct str s)
{
	size_t i;

	s = str_head(str_trim(s), size - 1);
	for (i = 0; i < s.n; i++)
		dst[i] = iscntrl((unsigned char)s.p[i]) ? '?' : s.p[i];
	dst[s.n] = '\0';
}

/* "not ok 3 name # directive" */
static void on_failed(struct output_facts *o, struct str s)
{
	ptrdiff_t directive = str_find(s, STR(" # "));
	uint64_t number;

	if (directive >= 0) {
		struct str d = str_skip(s, directive + 3);

		if (str_starts(d, STR("TODO")) || str_starts(d, STR("SKIP")))
			return;
		s = str_head(s, directive);
	}
	if (!str_take_u64(&s, &number))
		return;
	s = str_trim(s);
	str_take(&s, STR("- "));
	if (o->failed < OUTPUT_NAMES)
		quote(o->names[o->failed], sizeof(o->names[0]), s);
	o->failed++;
}

static void on_line(const char *line, void *arg)
{
	struct output_facts *o = arg;
	struct str s = str_of(line);

	if (str_trim(s).n)
		quote(o->last, sizeof(o->last), s);
	if (str_take(&s, STR("not ok ")))
		on_failed(o, s);
}

void output_init(struct output_facts *o)
{
	o->failed = 0;
	o->last[0] = '\0';
	lines_init(&o->lines, on_line, o);
}

void output_feed(struct output_facts *o, const char *data, size_t n)
{
	lines_feed(&o->lines, data, n);
}

void output_end(struct output_facts *o)
{
	lines_end(&o->lines);
}

void output_failed(const struct output_facts *o, char *buf, size_t size)
{
	unsigned int i;
	size_t n = 0;

	buf[0] = '\0';
	for (i = 0; i < o->failed && i < OUTPUT_NAMES && n < size; i++)
		n += snprintf(buf + n, size - n, "%s%s", i ? ", " : "",
			      o->names[i]);
	if (o->failed > OUTPUT_NAMES && n < size)
		snprintf(buf + n, size - n, " and %u more",
			 o->failed - OUTPUT_NAMES);
}
