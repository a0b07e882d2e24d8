// SPDX-License-Identifier: GPL-2.0-only
/* Nested levels of KTAP, see nest.h. Pure: lines in, text out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "splat/run/nest.h"

/* More than any program has; a plan can be any number. */
#define PLAN_MAX	10000

static const char version[] = "KTAP version 1";

/* U+0085, U+2028 and U+2029 end a line to Python's splitlines(). */
static bool ends_line(const unsigned char *s)
{
	return (s[0] == 0xc2 && s[1] == 0x85) ||
	       (s[0] == 0xe2 && s[1] == 0x80 && (s[2] == 0xa8 || s[2] == 0xa9));
}

static void put_clean(struct nest *n, const char *line)
{
	const unsigned char *s = (const unsigned char *)line, *from = s;
	char hex[8];

	while (*s) {
		unsigned int len = utf8_len(s);

		if (len && (*s >= ' ' || *s == '\t') && *s != 0x7f &&
		    !ends_line(s)) {
			s += len;
			continue;
		}
		n->put(n->arg, (const char *)from, s - from);
		snprintf(hex, sizeof(hex), "\\x%02x", *s);
		n->put(n->arg, hex, strlen(hex));
		from = ++s;
	}
	n->put(n->arg, (const char *)from, s - from);
}

static void put_line(struct nest *n, const char *prefix, const char *line)
{
	n->put(n->arg, prefix, strlen(prefix));
	put_clean(n, line);
	n->put(n->arg, "\n", 1);
}

static void put_nested(struct nest *n, const char *line)
{
	put_line(n, n->style == NEST_INDENT ? "  " : "# ", line);
}

/* Results of this level, not of one below it. */
static bool is_result(const char *line)
{
	if (!strncmp(line, "not ", 4))
		line += 4;
	return !strncmp(line, "ok", 2) &&
	       (!line[2] || line[2] == ' ' || line[2] == '\t');
}

static bool is_version(const char *line)
{
	return !strncmp(line, "KTAP version ", 13) ||
	       !strncmp(line, "TAP version ", 12);
}

static bool is_plan(const char *line)
{
	return !strncmp(line, "1..", 3) && line[3] >= '0' && line[3] <= '9';
}

static bool is_empty_plan(const char *line)
{
	return is_plan(line) && line[3] == '0' &&
	       !(line[4] >= '0' && line[4] <= '9');
}

static void put_open(struct nest *n, const char *line)
{
	bool beyond = n->plan && n->results >= n->plan;

	if (is_plan(line) && !n->plan)
		n->plan = strtoul(line + 3, NULL, 10);
	if (n->plan > PLAN_MAX)
		n->plan = 0;
	if (is_result(line) && beyond) {
		put_line(n, n->style == NEST_INDENT ? "  # beyond the plan: " :
						    "# # beyond the plan: ",
			 line);
		return;
	}
	n->results += is_result(line);
	put_nested(n, line);
}

static void put_missing(struct nest *n)
{
	char line[96];

	while (n->results < n->plan) {
		snprintf(line, sizeof(line),
			 "not ok %lu no_result # the program ended without it",
			 ++n->results);
		put_nested(n, line);
	}
}

void nest_line(struct nest *n, const char *line)
{
	if (n->open) {
		put_open(n, line);
		return;
	}
	if (is_version(line) && !n->version) {
		n->version = true;
		return;
	}
	if (is_empty_plan(line) || (!n->version && !is_plan(line))) {
		n->version = false;
		put_line(n, "# ", line);
		return;
	}
	n->open = true;
	put_nested(n, version);
	put_open(n, line);
}

void nest_end(struct nest *n)
{
	if (n->version && !n->open)
		put_line(n, "# ", version);
	if (n->open)
		put_missing(n);
}
