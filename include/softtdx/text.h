/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the readers of softtdx' files share: a line is a word and "name value"
 * pairs, of which new ones may come, and "-" is the value of what is not there.
 */
#ifndef SOFTTDX_TEXT_H
#define SOFTTDX_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Does @text begin with this word, and does the word end there? */
bool stxt_starts(const char *text, const char *word);

/* The line or the word behind this one; NULL behind the last line. */
const char *stxt_next_line(const char *line);
const char *stxt_next_word(const char *word);

/* The value of @name in the pairs from @pairs to the line's end, or NULL. */
const char *stxt_value(const char *pairs, const char *name);

/* Is there such a name, and is its value "-"? */
bool stxt_none(const char *pairs, const char *name);

/* Values, decimal or hexadecimal with 0x: 0, or -EINVAL. */
int stxt_u64(const char *pairs, const char *name, uint64_t *value);
int stxt_uint(const char *pairs, const char *name, unsigned int *value);
int stxt_word(const char *pairs, const char *name, char *word, size_t size);
int stxt_hex(const char *pairs, const char *name, uint8_t *bytes, size_t nr);

/*
 * One line for each element: fill @line into the next one of the array. A line
 * that does not start with @word, if one is given, is an error. The array is
 * for the caller to free().
 */
int stxt_array(const char *text, const char *word, size_t size,
	       int (*fill)(const char *line, void *element), void **array,
	       unsigned int *nr);

/* The whole of a file, for the caller to free(). 0 or -errno. */
int stxt_read(const char *dir, const char *name, char **text);
int stxt_read_fd(int fd, char **text);

#endif
