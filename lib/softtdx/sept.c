// SPDX-License-Identifier: GPL-2.0-only
/* The file sept: the entries of one TD out of those of all. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "softtdx/sept.h"
#include "softtdx/text.h"

static int parse_map(const char *line, void *element)
{
	const char *pairs = stxt_next_word(line);
	struct softtdx_map *m = element;
	int ret;

	m->table = stxt_starts(line, "table");
	if (!m->table && !stxt_starts(line, "page"))
		return -EINVAL;
	ret = stxt_u64(pairs, "gpa", &m->gpa) ?:
	      stxt_uint(pairs, "level", &m->level) ?:
	      stxt_word(pairs, "state", m->state, sizeof(m->state)) ?:
	      stxt_u64(pairs, "page", &m->hpa);
	m->pamt_disagrees = stxt_value(pairs, "pamt");
	if (ret || m->table || stxt_none(pairs, "sha384"))
		return ret;
	m->hashed = true;
	return stxt_hex(pairs, "sha384", m->sha384, sizeof(m->sha384));
}

/* The lines behind the line of a TD, as a text of their own. */
static int lines_of_td(const char *text, uint64_t td, char **lines)
{
	const char *end;
	uint64_t pa;

	for (; text && *text; text = stxt_next_line(text)) {
		if (!stxt_starts(text, "td"))
			continue;
		if (stxt_u64(text, "td", &pa))
			return -EINVAL;
		if (pa == td)
			break;
	}
	if (!text || !*text)
		return -ENOENT;
	if (stxt_none(text, "root_level"))
		return -ENODATA;
	if (!stxt_value(text, "root_level"))
		return -EINVAL;

	text = stxt_next_line(text);
	for (end = text; end && *end; end = stxt_next_line(end))
		if (stxt_starts(end, "td"))
			break;
	if (!text)
		text = end = "";
	*lines = end ? strndup(text, end - text) : strdup(text);
	return *lines ? 0 : -ENOMEM;
}

int softtdx_parse_sept(const char *text, uint64_t td,
		       struct softtdx_map **maps, unsigned int *nr)
{
	char *lines = NULL;
	int ret;

	*maps = NULL;
	*nr = 0;
	ret = lines_of_td(text, td, &lines) ?:
	      stxt_array(lines, NULL, sizeof(**maps), parse_map, (void **)maps,
			 nr);
	free(lines);
	return ret;
}

int softtdx_sept_read(const char *dir, uint64_t td, struct softtdx_map **maps,
		      unsigned int *nr)
{
	char *text;
	int ret;

	*maps = NULL;
	*nr = 0;
	ret = stxt_read(dir, "sept", &text) ?:
	      softtdx_parse_sept(text, td, maps, nr);
	free(text);
	return ret;
}
