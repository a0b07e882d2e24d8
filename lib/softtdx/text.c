// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines of "name value" pairs, as softtdx writes them. Names that are not asked
 * for are passed over, as new ones may come.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "softtdx/text.h"

#define TEXT_FIRST	(64 << 10)
#define TEXT_MAX	(64 << 20)
#define ARRAY_FIRST	16

bool stxt_starts(const char *text, const char *word)
{
	size_t len = strlen(word);

	return !strncmp(text, word, len) &&
	       (!text[len] || strchr(" \n", text[len]));
}

const char *stxt_next_line(const char *line)
{
	line += strcspn(line, "\n");
	return *line ? line + 1 : NULL;
}

const char *stxt_next_word(const char *word)
{
	word += strcspn(word, " \n");
	return word + strspn(word, " ");
}

const char *stxt_value(const char *pairs, const char *name)
{
	const char *value;

	for (; *pairs && *pairs != '\n'; pairs = stxt_next_word(value)) {
		value = stxt_next_word(pairs);
		if (stxt_starts(pairs, name))
			return *value && *value != '\n' ? value : NULL;
	}
	return NULL;
}

bool stxt_none(const char *pairs, const char *name)
{
	const char *value = stxt_value(pairs, name);

	return value && stxt_starts(value, "-");
}

int stxt_u64(const char *pairs, const char *name, uint64_t *number)
{
	const char *value = stxt_value(pairs, name);
	bool hex = value && !strncmp(value, "0x", 2);
	char *end;

	if (!value)
		return -EINVAL;
	value += hex ? 2 : 0;
	if (!(hex ? isxdigit((unsigned char)*value) :
		    isdigit((unsigned char)*value)))
		return -EINVAL;

	errno = 0;
	*number = strtoull(value, &end, hex ? 16 : 10);
	return errno || (*end && !strchr(" \n", *end)) ? -EINVAL : 0;
}

int stxt_uint(const char *pairs, const char *name, unsigned int *value)
{
	uint64_t number;
	int ret;

	ret = stxt_u64(pairs, name, &number);
	if (ret || number > UINT_MAX)
		return -EINVAL;
	*value = number;
	return 0;
}

int stxt_word(const char *pairs, const char *name, char *word, size_t size)
{
	const char *value = stxt_value(pairs, name);
	size_t len = value ? strcspn(value, " \n") : 0;

	if (!len || len >= size)
		return -EINVAL;
	memcpy(word, value, len);
	word[len] = '\0';
	return 0;
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int stxt_hex(const char *pairs, const char *name, uint8_t *bytes, size_t nr)
{
	const char *value = stxt_value(pairs, name);
	size_t i;

	if (!value || strcspn(value, " \n") != 2 * nr)
		return -EINVAL;
	for (i = 0; i < nr; i++, value += 2) {
		if (nibble(value[0]) < 0 || nibble(value[1]) < 0)
			return -EINVAL;
		bytes[i] = nibble(value[0]) << 4 | nibble(value[1]);
	}
	return 0;
}

/* Room for one more, zeroed; the array doubles when it is full. */
static void *array_next(void **array, unsigned int nr, size_t size)
{
	unsigned int room = ARRAY_FIRST;
	void *more;

	while (room < nr)
		room *= 2;
	if (!nr || room == nr) {
		more = reallocarray(*array, nr ? 2 * (size_t)room : room, size);
		if (!more)
			return NULL;
		*array = more;
	}
	return memset((char *)*array + nr * size, 0, size);
}

int stxt_array(const char *text, const char *word, size_t size,
	       int (*fill)(const char *line, void *element), void **array,
	       unsigned int *nr)
{
	void *element;
	int ret;

	*array = NULL;
	*nr = 0;
	for (; text && *text; text = stxt_next_line(text)) {
		element = array_next(array, *nr, size);
		ret = !element ? -ENOMEM :
		      word && !stxt_starts(text, word) ?
		      -EINVAL : fill(text, element);
		if (ret) {
			free(*array);
			*array = NULL;
			*nr = 0;
			return ret;
		}
		++*nr;
	}
	return 0;
}

static int read_all(int fd, char *text, size_t size, size_t *used)
{
	ssize_t got;

	while (*used < size) {
		got = pread(fd, text + *used, size - *used, *used);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? -errno : 0;
		*used += got;
	}
	return -E2BIG;
}

int stxt_read_fd(int fd, char **text)
{
	size_t size = TEXT_FIRST, used = 0;
	char *more;
	int ret;

	*text = NULL;
	for (; size <= TEXT_MAX; size *= 2) {
		more = realloc(*text, size + 1);
		ret = more ? 0 : -ENOMEM;
		if (ret)
			break;
		*text = more;
		ret = read_all(fd, *text, size, &used);
		if (ret != -E2BIG)
			break;
	}
	if (!ret && memchr(*text, '\0', used))
		ret = -EINVAL;
	if (ret) {
		free(*text);
		*text = NULL;
		return ret;
	}
	(*text)[used] = '\0';
	return 0;
}

int stxt_read(const char *dir, const char *name, char **text)
{
	char path[PATH_MAX];
	int fd, ret;

	*text = NULL;
	ret = snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (ret < 0 || (size_t)ret >= sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = stxt_read_fd(fd, text);
	close(fd);
	return ret;
}
