// SPDX-License-Identifier: GPL-2.0-only
/*
 * Write JSON, see json.h. The elements of the outermost array or object start
 * on lines of their own, so that the output can be read, and cut by lines.
 */
#include <string.h>

#include "base/json.h"

unsigned int utf8_len(const unsigned char *s)
{
	static const unsigned int min[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned int i, len, c;

	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xc2 && s[0] < 0xe0)
		len = 2;
	else if (s[0] >= 0xe0 && s[0] < 0xf0)
		len = 3;
	else if (s[0] >= 0xf0 && s[0] < 0xf5)
		len = 4;
	else
		return 0;
	c = s[0] & (0xff >> (len + 1));
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < min[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	return len;
}

static void quote(FILE *f, const char *str)
{
	const unsigned char *s = (const unsigned char *)str;

	putc('"', f);
	while (*s) {
		unsigned int len = utf8_len(s);

		if (*s == '"' || *s == '\\')
			fprintf(f, "\\%c", *s);
		else if (*s < ' ' || *s == 0x7f)
			fprintf(f, "\\u%04x", *s);
		else if (!len)
			fputs("\\ufffd", f);
		else
			fwrite(s, 1, len, f);
		s += len ? len : 1;
	}
	putc('"', f);
}

static void element(struct json *j, const char *key)
{
	if (j->depth) {
		if (j->more[j->depth])
			fputs(j->depth == 1 ? "," : ", ", j->f);
		if (j->depth == 1)
			putc('\n', j->f);
		j->more[j->depth] = true;
	}
	if (key) {
		quote(j->f, key);
		fputs(": ", j->f);
	}
}

static void begin(struct json *j, const char *key, char c)
{
	element(j, key);
	putc(c, j->f);
	j->more[++j->depth] = false;
}

static void end(struct json *j, char c)
{
	if (j->depth == 1 && j->more[1])
		putc('\n', j->f);
	putc(c, j->f);
	if (--j->depth == 0)
		putc('\n', j->f);
}

void json_init(struct json *j, FILE *f)
{
	memset(j, 0, sizeof(*j));
	j->f = f;
}

void json_object(struct json *j, const char *key)
{
	begin(j, key, '{');
}

void json_object_end(struct json *j)
{
	end(j, '}');
}

void json_array(struct json *j, const char *key)
{
	begin(j, key, '[');
}

void json_array_end(struct json *j)
{
	end(j, ']');
}

void json_string(struct json *j, const char *key, const char *s)
{
	if (!s) {
		json_null(j, key);
		return;
	}
	element(j, key);
	quote(j->f, s);
}

void json_number(struct json *j, const char *key, long long n)
{
	element(j, key);
	fprintf(j->f, "%lld", n);
}

void json_bool(struct json *j, const char *key, bool b)
{
	element(j, key);
	fputs(b ? "true" : "false", j->f);
}

void json_null(struct json *j, const char *key)
{
	element(j, key);
	fputs("null", j->f);
}

void json_raw(struct json *j, const char *key, const char *text)
{
	size_t n = strlen(text);

	element(j, key);
	while (n && text[n - 1] == '\n')
		n--;
	fwrite(text, 1, n, j->f);
}
