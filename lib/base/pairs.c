// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines KEY=VALUE, see pairs.h.
 */
#include <stdarg.h>
#include <stdlib.h>

#include "base/pairs.h"

void pair_put(FILE *f, const char *key, const char *fmt, ...)
{
	char *value, *c;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&value, fmt, ap) < 0)
		value = NULL;
	va_end(ap);
	for (c = value; c && *c; c++)
		if (*c == '\n' || *c == '\r')
			*c = ' ';
	fprintf(f, "%s=%s\n", key, value ?: "");
	free(value);
}

struct str pair_get(struct str text, const char *key)
{
	struct str line;

	while (str_take_line(&text, &line))
		if (str_take(&line, str_of(key)) && str_take(&line, STR("=")))
			return line;
	return (struct str){ };
}
