// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words of a line that user space wrote.
 */
#include <linux/string.h>

#include "softtdx.h"

/* The next word of *text, NULL at its end. */
char *stx_word(char **text)
{
	char *word;

	do
		word = strsep(text, " ");
	while (word && !*word);
	return word;
}
