// SPDX-License-Identifier: GPL-2.0-only
/*
 * Print lock classes, and guest_memfd's class and edges, as text and as JSON.
 */
#include "splat/splat.h"

void edge_text(FILE *f, const char *label, const struct lock_edge *e)
{
	fprintf(f, "  %-10s %s", label, edge_state_name(e->state));
	if (e->state == EDGE_YES)
		fprintf(f, "  %s%s%s", e->path,
			e->held ? " (held together in one chain)" : "",
			e->reported ? ", from the report" : "");
	putc('\n', f);
}

void edge_json(struct json *j, const char *key, const struct lock_edge *e)
{
	json_object(j, key);
	json_string(j, "state", edge_state_name(e->state));
	json_bool(j, "direct", e->state == EDGE_YES && e->direct);
	json_bool(j, "held_in_one_chain", e->held);
	json_bool(j, "from_report", e->reported);
	json_string(j, "path", e->path[0] ? e->path : NULL);
	json_object_end(j);
}

void class_text(FILE *f, const struct gmem_class *c)
{
	if (c->found == GMEM_NOT_FOUND)
		fprintf(f, "  %-10s not found", "class");
	else
		fprintf(f, "  %-10s %s, found by: %s", "class", c->name,
			gmem_found_text(c->found));
	if (c->others)
		fprintf(f, " (of %u of the name)",
			c->others + (c->found != GMEM_NOT_FOUND));
	putc('\n', f);
}

void class_json(struct json *j, const struct gmem_class *c)
{
	bool found = c->found != GMEM_NOT_FOUND;

	json_object(j, "class");
	json_string(j, "name", found ? c->name : NULL);
	json_string(j, "found_by", found ? gmem_found_text(c->found) : NULL);
	json_bool(j, "certain", c->certain);
	json_number(j, "others", c->others);
	json_object_end(j);
}

void lock_name_json(struct json *j, const char *key, struct str s)
{
	char name[512];

	snprintf(name, sizeof(name), "%.*s", (int)s.n, s.p);
	json_string(j, key, name);
}
