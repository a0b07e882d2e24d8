// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read what softtdx tells in debugfs. Lines are a word and "name value" pairs;
 * pairs that are not known here are passed over, as new ones may come.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "softtdx_stats.h"

#define TEXT_MAX	65536

static bool starts(const char *text, const char *word)
{
	size_t len = strlen(word);

	return !strncmp(text, word, len) && text[len] == ' ';
}

static const char *next_line(const char *line)
{
	line += strcspn(line, "\n");
	return *line ? line + 1 : NULL;
}

static const char *next_word(const char *word)
{
	word += strcspn(word, " \n");
	return word + strspn(word, " ");
}

/* The value of a name in a line, NULL if the line has no such name. */
static const char *value_of(const char *line, const char *name)
{
	const char *word = next_word(line);

	while (*word && *word != '\n') {
		if (starts(word, name))
			return next_word(word);
		word = next_word(next_word(word));
	}
	return NULL;
}

static int number_of(const char *line, const char *name, uint64_t *number)
{
	const char *value = value_of(line, name);
	char *end;

	if (!value || !isdigit((unsigned char)*value))
		return -EINVAL;

	errno = 0;
	*number = strtoull(value, &end, 10);
	if (errno || (*end && *end != ' ' && *end != '\n'))
		return -EINVAL;
	return 0;
}

static int parse_pages_line(const char *line, struct softtdx_pages *pages)
{
	const struct {
		const char *name;
		uint64_t *number;
	} types[] = {
		{ "REG", &pages->reg }, { "TDR", &pages->tdr },
		{ "TDCX", &pages->tdcx }, { "TDVPR", &pages->tdvpr },
		{ "EPT", &pages->ept },
	};
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < sizeof(types) / sizeof(types[0]); i++)
		ret = number_of(line, types[i].name, types[i].number);
	return ret;
}

int softtdx_parse_pages(const char *stats, struct softtdx_pages *pages)
{
	const char *line;

	for (line = stats; line; line = next_line(line)) {
		if (starts(line, "pages"))
			return parse_pages_line(line, pages);
	}
	return -EINVAL;
}

/* "td PA keyid N ..." is pairs from its first word on, "-" if not known. */
static int parse_newest(const char *line, struct softtdx_tds *out)
{
	const char *added = value_of(next_word(line), "added");

	out->counted = added && *added != '-';
	if (added && !out->counted)
		return 0;
	return number_of(next_word(line), "added", &out->added) ?:
	       number_of(next_word(line), "extended", &out->extended);
}

int softtdx_parse_tds(const char *tds, struct softtdx_tds *out)
{
	const char *line;
	int ret;

	*out = (struct softtdx_tds){};
	for (line = tds; line && *line; line = next_line(line)) {
		if (!starts(line, "td"))
			return -EINVAL;
		ret = out->nr++ ? 0 : parse_newest(line, out);
		if (ret)
			return ret;
	}
	return 0;
}

static int read_text(const char *dir, const char *name, char *text)
{
	char path[PATH_MAX];
	size_t used = 0;
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;

	do {
		got = read(fd, text + used, TEXT_MAX - used);
		used += got > 0 ? got : 0;
	} while (got > 0 || (got < 0 && errno == EINTR));
	got = got < 0 ? -errno : used == TEXT_MAX ? -E2BIG : 0;
	close(fd);
	text[got ? 0 : used] = '\0';
	return got;
}

int softtdx_read(const char *dir, struct softtdx_pages *pages,
		 struct softtdx_tds *tds)
{
	char *text = malloc(TEXT_MAX);
	int ret;

	if (!text)
		return -ENOMEM;

	ret = read_text(dir, "stats", text) ?:
	      softtdx_parse_pages(text, pages) ?:
	      read_text(dir, "tds", text) ?: softtdx_parse_tds(text, tds);
	free(text);
	return ret;
}
