// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options of a subcommand. Not getopt_long(): its messages do not have the form
 * "program: object: reason", and the abbreviations that it accepts break
 * scripts when options are added.
 */
#include <limits.h>

#include "base/number.h"
#include "splat/splat.h"

int complain(const struct args *a, const char *object, const char *reason)
{
	fprintf(stderr, "splat %s: %s: %s\n", a->command, object, reason);
	return EXIT_USAGE;
}

int args_number(const struct args *a, const char *what, unsigned long min,
		unsigned long max, unsigned long *n)
{
	char reason[80];

	if (!number_parse(a->value, min, max, n))
		return 0;
	if (max == ULONG_MAX)
		snprintf(reason, sizeof(reason), "is no number of %s", what);
	else
		snprintf(reason, sizeof(reason),
			 "is no number of %s, %lu to %lu", what, min, max);
	return complain(a, a->value, reason);
}

static const struct option_def *find_def(const struct option_def *defs,
					 struct str word)
{
	for (; defs->name; defs++)
		if (str_eq(word, str_of(defs->name)))
			return defs;
	return NULL;
}

static int bad(const struct args *a, const char *word, const char *reason)
{
	complain(a, word, reason);
	return ARG_BAD;
}

/* Is the next word the option's value? "-" can be one, an option cannot. */
static bool has_next(const struct args *a, int has_value)
{
	const char *word = a->next < a->argc ? a->argv[a->next] : "--";

	if (has_value == VALUE_MAYBE)
		return word[0] != '-' || !word[1];
	return has_value == true;
}

int args_next(struct args *a, const struct option_def *defs)
{
	const struct option_def *def;
	const char *word, *equals;
	struct str name;

	if (a->next >= a->argc)
		return ARG_END;
	word = a->argv[a->next];
	if (word[0] != '-' || !word[1])
		return ARG_END;
	a->next++;
	if (!strcmp(word, "--"))
		return ARG_END;

	equals = word[1] == '-' ? strchr(word, '=') : NULL;
	name = equals ? (struct str){ word, equals - word } : str_of(word);
	def = find_def(defs, name);
	if (!def)
		return bad(a, word, "unknown option");
	if (equals && !def->has_value)
		return bad(a, word, "takes no value");
	a->value = NULL;
	if (!equals && !has_next(a, def->has_value))
		return def->id;
	if (equals)
		a->value = equals + 1;
	else if (a->next < a->argc)
		a->value = a->argv[a->next++];
	else
		return bad(a, word, "needs a value");
	return def->id;
}
