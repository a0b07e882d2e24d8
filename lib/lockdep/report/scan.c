// SPDX-License-Identifier: GPL-2.0-only
/*
 * Search for the beginnings of words that titles hold, see scan.h: compare
 * pairs of bytes, a whole vector at once. A pair proves nothing;
 * kind_maybe_title() then compares the whole words.
 */
#include "scan.h"

typedef unsigned char vec __attribute__((vector_size(16)));
typedef signed char mask __attribute__((vector_size(16)));
typedef uint64_t quads __attribute__((vector_size(16)));

/* The counters of a mask overflow after 127. */
#define COUNT_MAX	127

/*
 * WARNING and Watchdog, INFO and Internal error, BUG, Oops, Kernel panic, UBSAN
 * and "Unable to", PANIC, Disabling, [#1], MSR.
 */
#define PAIRS(is1, is2)							\
	(is1('W') & (is2('A') | is2('a'))) |				\
	(is1('I') & (is2('N') | is2('n'))) |				\
	(is1('U') & (is2('B') | is2('n'))) |				\
	(is1('B') & is2('U')) | (is1('O') & is2('o')) |			\
	(is1('K') & is2('e')) | (is1('P') & is2('A')) |			\
	(is1('D') & is2('i')) | (is1('[') & is2('#')) |			\
	(is1('M') & is2('S'))

static bool pair_at(const char *p)
{
#define FIRST(c)	(p[0] == c)
#define SECOND(c)	(p[1] == c)
	return PAIRS(FIRST, SECOND);
#undef FIRST
#undef SECOND
}

static vec load(const char *p)
{
	vec v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static bool any(mask m)
{
	quads q = (quads)m;

	return q[0] | q[1];
}

static uint64_t sum(mask count)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < sizeof(count); i++)
		n += count[i];
	return n;
}

/* Skip whole vectors without a pair, including the byte after each. */
static size_t skip_vectors(struct str s, uint64_t *lines)
{
	size_t at = 0, round;

	while (at + sizeof(vec) < s.n) {
		mask count = { };

		for (round = 0; round < COUNT_MAX && at + sizeof(vec) < s.n;
		     round++, at += sizeof(vec)) {
			vec a = load(s.p + at), b = load(s.p + at + 1);

#define FIRST(c)	((mask)(a == c))
#define SECOND(c)	((mask)(b == c))
			if (any(PAIRS(FIRST, SECOND))) {
				*lines += sum(count);
				return at;
			}
			count -= FIRST('\n');
#undef FIRST
#undef SECOND
		}
		*lines += sum(count);
	}
	return at;
}

size_t scan_title(struct str s, uint64_t *lines)
{
	size_t at = skip_vectors(s, lines);

	for (; at < s.n; at++) {
		/* The last byte can be the first of a pair. */
		if (at + 1 == s.n || pair_at(s.p + at))
			break;
		*lines += s.p[at] == '\n';
	}
	/* No pair begins with a newline. */
	if (at + 1 == s.n && s.p[at] == '\n') {
		(*lines)++;
		at++;
	}
	return at;
}
