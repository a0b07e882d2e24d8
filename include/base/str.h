/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A piece of a larger text: pointer and length, no NUL at its end. Kernel logs
 * hold anything, NUL bytes included, so nothing that reads them works on C
 * strings.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p;
	size_t n;
};

#define STR(literal)	((struct str){ "" literal, sizeof(literal) - 1 })

static inline struct str str_of(const char *s)
{
	return (struct str){ s, strlen(s) };
}

static inline struct str str_skip(struct str s, size_t n)
{
	return n > s.n ? (struct str){ s.p + s.n, 0 } :
			 (struct str){ s.p + n, s.n - n };
}

static inline struct str str_head(struct str s, size_t n)
{
	return (struct str){ s.p, n > s.n ? s.n : n };
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (!a.n || !memcmp(a.p, b.p, a.n));
}

static inline bool str_starts(struct str s, struct str with)
{
	return s.n >= with.n && !memcmp(s.p, with.p, with.n);
}

static inline bool str_ends(struct str s, struct str with)
{
	return s.n >= with.n && !memcmp(s.p + s.n - with.n, with.p, with.n);
}

/* Cut @with off the front of @s, if it is there. */
static inline bool str_take(struct str *s, struct str with)
{
	if (!str_starts(*s, with))
		return false;
	*s = str_skip(*s, with.n);
	return true;
}

static inline bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f');
}

static inline struct str str_ltrim(struct str s)
{
	while (s.n && is_blank(s.p[0]))
		s = str_skip(s, 1);
	return s;
}

static inline struct str str_trim(struct str s)
{
	s = str_ltrim(s);
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

/* Offset of the first or last @what in @s, or -1. */
static inline ptrdiff_t str_find(struct str s, struct str what)
{
	const char *hit = s.n ? memmem(s.p, s.n, what.p, what.n) : NULL;

	return hit ? hit - s.p : -1;
}

static inline ptrdiff_t str_rfind(struct str s, struct str what)
{
	ptrdiff_t i;

	for (i = (ptrdiff_t)s.n - (ptrdiff_t)what.n; i >= 0; i--)
		if (!memcmp(s.p + i, what.p, what.n))
			return i;
	return -1;
}

static inline size_t str_digits(struct str s)
{
	size_t n = 0;

	while (n < s.n && is_digit(s.p[n]))
		n++;
	return n;
}

static inline size_t str_hexdigits(struct str s)
{
	size_t n = 0;

	while (n < s.n && is_hex(s.p[n]))
		n++;
	return n;
}

/* Take a decimal number off the front. False, and @s as it was, if none. */
static inline bool str_take_u64(struct str *s, uint64_t *val)
{
	size_t i, n = str_digits(*s);
	uint64_t v = 0;

	if (!n || n > 19)
		return false;
	for (i = 0; i < n; i++)
		v = v * 10 + (s->p[i] - '0');
	*s = str_skip(*s, n);
	*val = v;
	return true;
}

static inline bool str_take_hex(struct str *s, uint64_t *val)
{
	size_t i, n = str_hexdigits(*s);
	uint64_t v = 0;

	if (!n || n > 16)
		return false;
	for (i = 0; i < n; i++)
		v = v << 4 | (is_digit(s->p[i]) ? s->p[i] - '0' :
						  s->p[i] - 'a' + 10);
	*s = str_skip(*s, n);
	*val = v;
	return true;
}

/* Cut the next line off the front of @s, without its newline. */
static inline bool str_take_line(struct str *s, struct str *line)
{
	const char *nl;

	if (!s->n)
		return false;
	nl = memchr(s->p, '\n', s->n);
	*line = str_head(*s, nl ? (size_t)(nl - s->p) : s->n);
	*s = str_skip(*s, line->n + (nl ? 1 : 0));
	return true;
}

#endif
