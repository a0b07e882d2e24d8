// SPDX-License-Identifier: GPL-2.0-only
/* Compare two reports, see compare.h. Pure. */
#include <stdio.h>

#include "base/json_read.h"
#include "lockdep/report/compare.h"

#define COPY(dst, src)	snprintf(dst, sizeof(dst), "%s", (src) ?: "")

const char *sameness_name(enum sameness s)
{
	static const char *const names[] = {
		[SAME]		= "same",
		[SAME_CYCLE]	= "same cycle, other path",
		[DIFFERENT]	= "different",
	};

	return names[s];
}

void report_id_of(struct report_id *id, const struct report *r)
{
	unsigned int i;

	memset(id, 0, sizeof(*id));
	COPY(id->kind, kind_name(r->kind));
	COPY(id->title, r->title);
	COPY(id->release, r->release);
	COPY(id->acquiring, r->acquiring.class);
	COPY(id->signature, r->signature);
	for (i = 0; i < r->nr_cycle; i++)
		COPY(id->cycle[i], r->chain[r->cycle[i]].class);
	id->nr_cycle = r->nr_cycle;
	id->complete = r->complete;
	id->first_line = r->first_line;
	id->last_line = r->last_line;
}

static void take_cycle(struct json_in *in, struct report_id *id)
{
	bool first = true;

	id->nr_cycle = 0;
	json_enter(in, '[');
	while (json_next(in, ']', &first)) {
		if (id->nr_cycle == REPORT_CHAIN)
			json_skip(in);
		else if (json_take_string(in, id->cycle[id->nr_cycle],
					  sizeof(id->cycle[0])))
			id->nr_cycle++;
	}
}

static void take_class(struct json_in *in, struct report_id *id)
{
	bool first = true;
	char key[32];

	json_enter(in, '{');
	while (json_next(in, '}', &first)) {
		if (!json_take_key(in, key, sizeof(key)))
			return;
		if (!strcmp(key, "class") && json_peek(in) == '"')
			json_take_string(in, id->acquiring,
					 sizeof(id->acquiring));
		else
			json_skip(in);
	}
}

static void take_text(struct json_in *in, struct report_id *id,
		      const char *key)
{
	if (!strcmp(key, "kind"))
		json_take_string(in, id->kind, sizeof(id->kind));
	else if (!strcmp(key, "title"))
		json_take_string(in, id->title, sizeof(id->title));
	else if (!strcmp(key, "release"))
		json_take_string(in, id->release, sizeof(id->release));
	else if (!strcmp(key, "signature"))
		json_take_string(in, id->signature, sizeof(id->signature));
	else
		json_skip(in);
}

static void take_member(struct json_in *in, struct report_id *id)
{
	char key[32], type;

	if (!json_take_key(in, key, sizeof(key)))
		return;
	type = json_peek(in);
	if (type == '"')
		take_text(in, id, key);
	else if (type == '[' && !strcmp(key, "cycle"))
		take_cycle(in, id);
	else if (type == '{' && !strcmp(key, "acquiring"))
		take_class(in, id);
	else if (type == '0' && !strcmp(key, "first_line"))
		json_take_u64(in, &id->first_line);
	else if (type == '0' && !strcmp(key, "last_line"))
		json_take_u64(in, &id->last_line);
	else if (!strcmp(key, "complete"))
		json_take_bool(in, &id->complete);
	else
		json_skip(in);
}

bool report_ids_of_json(struct str text,
			void (*fn)(const struct report_id *id, void *arg),
			void *arg)
{
	struct json_in in = { .rest = text };
	bool first = true, first_member;
	struct report_id id;

	json_enter(&in, '[');
	while (json_next(&in, ']', &first)) {
		memset(&id, 0, sizeof(id));
		first_member = true;
		json_enter(&in, '{');
		while (json_next(&in, '}', &first_member))
			take_member(&in, &id);
		if (in.bad || !id.kind[0])
			return false;
		fn(&id, arg);
	}
	return !in.bad && !json_peek(&in);
}

/* The functions of a signature: "... | f, g". */
static struct str functions(const struct report_id *id)
{
	struct str s = str_of(id->signature);
	ptrdiff_t bar = str_rfind(s, STR(" | "));

	return bar < 0 ? STR("") : str_skip(s, bar + 3);
}

static struct str next_function(struct str *s)
{
	ptrdiff_t end = str_find(*s, STR(", "));
	struct str func = end < 0 ? *s : str_head(*s, end);

	*s = str_skip(*s, func.n + 2);
	return func;
}

static bool has_class(const struct report_id *id, const char *class)
{
	unsigned int i;

	for (i = 0; i < id->nr_cycle; i++)
		if (!strcmp(id->cycle[i], class))
			return true;
	return false;
}

/* A class that is in @a but not in @b. */
static const char *missing(const struct report_id *a, const struct report_id *b)
{
	unsigned int i;

	for (i = 0; i < a->nr_cycle; i++)
		if (!has_class(b, a->cycle[i]))
			return a->cycle[i];
	return NULL;
}

static bool same_cycle(const struct report_id *a, const struct report_id *b)
{
	unsigned int i;

	if (!a->nr_cycle || a->nr_cycle != b->nr_cycle)
		return false;
	for (i = 0; i < a->nr_cycle; i++)
		if (strcmp(a->cycle[i], b->cycle[i]))
			return false;
	return true;
}

static void other_cycle(const struct report_id *a, const struct report_id *b,
			char *why, size_t size)
{
	const char *of_a = missing(a, b), *of_b = missing(b, a);

	if (of_a && of_b)
		snprintf(why, size, "%s only in A, %s only in B", of_a, of_b);
	else if (of_a || of_b)
		snprintf(why, size, "%s only in %s", of_a ?: of_b,
			 of_a ? "A" : "B");
	else
		snprintf(why, size, "the classes are the same, their order or "
			 "number is not");
}

/* Equal cycles: which functions that took the classes differ? */
static void other_path(const struct report_id *a, const struct report_id *b,
		       char *why, size_t size)
{
	struct str fa = functions(a), fb = functions(b);
	unsigned int i;
	size_t n = 0;

	for (i = 0; i < a->nr_cycle && n < size; i++) {
		struct str x = next_function(&fa), y = next_function(&fb);

		if (!str_eq(x, y))
			n += snprintf(why + n, size - n,
				      "%s%s is taken by %.*s in A, %.*s in B",
				      n ? "; " : "", a->cycle[i], (int)x.n,
				      x.p, (int)y.n, y.p);
	}
}

static enum sameness without_cycle(const struct report_id *a,
				   const struct report_id *b, char *why,
				   size_t size)
{
	if (strcmp(a->acquiring, b->acquiring))
		snprintf(why, size, "lock: %s in A, %s in B",
			 a->acquiring[0] ? a->acquiring : "none",
			 b->acquiring[0] ? b->acquiring : "none");
	else if (strcmp(a->title, b->title))
		snprintf(why, size, "title: %s in A, %s in B", a->title,
			 b->title);
	return why[0] ? DIFFERENT : SAME;
}

enum sameness report_compare(const struct report_id *a,
			     const struct report_id *b, char *why, size_t size)
{
	why[0] = '\0';
	if (strcmp(a->kind, b->kind)) {
		snprintf(why, size, "kind: %s in A, %s in B", a->kind, b->kind);
		return DIFFERENT;
	}
	if (a->signature[0] && !strcmp(a->signature, b->signature))
		return SAME;
	if (!a->nr_cycle && !b->nr_cycle)
		return without_cycle(a, b, why, size);
	if (!same_cycle(a, b)) {
		other_cycle(a, b, why, size);
		return DIFFERENT;
	}
	other_path(a, b, why, size);
	return SAME_CYCLE;
}
