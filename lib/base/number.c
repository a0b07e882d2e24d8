// SPDX-License-Identifier: GPL-2.0-only
/* Read a decimal number from an argument, strictly. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

int number_parse(const char *text, unsigned long min, unsigned long max,
		 unsigned long *value)
{
	unsigned long parsed;

	if (!*text || text[strspn(text, "0123456789")])
		return -EINVAL;

	errno = 0;
	parsed = strtoul(text, NULL, 10);
	if (errno || parsed < min || parsed > max)
		return -ERANGE;

	*value = parsed;
	return 0;
}
