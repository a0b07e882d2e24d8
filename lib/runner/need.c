// SPDX-License-Identifier: GPL-2.0-only
/* Probe a table of needs and name the unmet ones, all at once. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runner/need.h"

void needs_probe(const struct need *needs, unsigned int nr, uint64_t mask,
		 struct need_state *state)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (!(mask & (1ull << i)))
			continue;

		state[i].why[0] = '\0';
		state[i].met = needs[i].met(state[i].why, sizeof(state[i].why));
		state[i].probed = true;
	}
}

__attribute__((format(printf, 3, 4)))
static void append(char *text, size_t size, const char *fmt, ...)
{
	size_t used = strlen(text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text + used, size - used, fmt, ap);
	va_end(ap);
}

static const char *reason_of(const struct need_state *state)
{
	return state->probed ? state->why : "not probed";
}

/* The next unmet need after @i that has the reason @why, or any; or @nr. */
static unsigned int next_unmet(unsigned int nr, uint64_t mask,
			       const struct need_state *state, unsigned int i,
			       const char *why)
{
	for (; i < nr; i++) {
		if ((mask & (1ull << i)) &&
		    !(state[i].probed && state[i].met) &&
		    (!why || !strcmp(why, reason_of(&state[i]))))
			break;
	}
	return i;
}

unsigned int needs_unmet(const struct need *needs, unsigned int nr,
			 uint64_t mask, const struct need_state *state,
			 char *text, size_t size)
{
	unsigned int first, i, unmet = 0;
	const char *why;

	text[0] = '\0';
	while ((first = next_unmet(nr, mask, state, 0, NULL)) < nr) {
		why = reason_of(&state[first]);
		i = first;
		do {
			append(text, size, "%s%s",
			       !unmet ? "" : i == first ? "; " : ", ",
			       needs[i].name);
			mask &= ~(1ull << i);
			unmet++;
			i = next_unmet(nr, mask, state, i, why);
		} while (i < nr);
		append(text, size, ": %s", why);
	}
	return unmet;
}

void needs_names(const struct need *needs, unsigned int nr, uint64_t mask,
		 char *text, size_t size)
{
	unsigned int i;

	text[0] = '\0';
	for (i = 0; i < nr; i++) {
		if (mask & (1ull << i))
			append(text, size, "%s%s", *text ? ", " : "",
			       needs[i].name);
	}
	if (!*text)
		append(text, size, "-");
}
