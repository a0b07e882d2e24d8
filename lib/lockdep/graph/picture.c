// SPDX-License-Identifier: GPL-2.0-only
/* Pictures of /proc/lockdep, see picture.h. Pure. */
#include <stdio.h>
#include <stdlib.h>

#include "lockdep/graph/picture.h"

#define FIRST_LINE	"splat picture 1"
#define CLASSES		"all lock classes:"

char *picture_head(const struct picture *p)
{
	char *text;

	if (asprintf(&text, FIRST_LINE "\nboot_id %s\nrelease %s\ntaken %s\n"
		     "lockdep %s\n", p->boot_id, p->release, p->taken,
		     p->lockdep) < 0)
		return NULL;
	return text;
}

static void take_value(char *dst, size_t size, struct str value)
{
	if (value.n < size)
		memcpy(dst, value.p, value.n);
}

static void head_line(struct picture *p, struct str line)
{
	if (str_take(&line, STR("boot_id ")))
		take_value(p->boot_id, sizeof(p->boot_id), line);
	else if (str_take(&line, STR("release ")))
		take_value(p->release, sizeof(p->release), line);
	else if (str_take(&line, STR("taken ")))
		take_value(p->taken, sizeof(p->taken), line);
	else if (str_take(&line, STR("lockdep ")))
		take_value(p->lockdep, sizeof(p->lockdep), line);
}

bool picture_parse(struct picture *p, struct str text)
{
	struct str line;

	memset(p, 0, sizeof(*p));
	p->classes = text;
	if (str_starts(text, STR(CLASSES)))
		return true;
	if (!str_take_line(&text, &line) || !str_eq(line, STR(FIRST_LINE)))
		return false;
	for (p->classes = text; str_take_line(&text, &line);
	     p->classes = text) {
		if (str_eq(line, STR(CLASSES)))
			return true;
		head_line(p, line);
	}
	return false;
}

/* Classes with equal names in both, and how many of these have unequal keys. */
struct keys {
	unsigned int common;
	unsigned int other;
};

static int by_name(const void *a, const void *b)
{
	const struct lock_class *x = *(const struct lock_class *const *)a;
	const struct lock_class *y = *(const struct lock_class *const *)b;
	size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
	int diff = memcmp(x->name.p, y->name.p, n);

	if (diff)
		return diff;
	return x->name.n < y->name.n ? -1 : x->name.n > y->name.n;
}

static const struct lock_class **sorted(const struct lock_graph *g)
{
	const struct lock_class **v = calloc(g->nr_classes + 1, sizeof(*v));
	unsigned int i;

	if (!v)
		return NULL;
	for (i = 0; i < g->nr_classes; i++)
		v[i] = &g->classes[i];
	qsort(v, g->nr_classes, sizeof(*v), by_name);
	return v;
}

static struct keys compare_keys(const struct lock_graph *a,
				const struct lock_graph *b)
{
	const struct lock_class **x = sorted(a), **y = sorted(b);
	struct keys k = { };
	unsigned int i = 0, j = 0;

	while (x && y && i < a->nr_classes && j < b->nr_classes) {
		int diff = by_name(&x[i], &y[j]);

		if (!diff && x[i]->key && y[j]->key) {
			k.common++;
			k.other += x[i]->key != y[j]->key;
		}
		i += diff <= 0;
		j += diff >= 0;
	}
	free(x);
	free(y);
	return k;
}

enum same_boot picture_same_boot(const struct picture *a,
				 const struct lock_graph *ga,
				 const struct picture *b,
				 const struct lock_graph *gb)
{
	struct keys k;

	if (a->boot_id[0] && b->boot_id[0])
		return strcmp(a->boot_id, b->boot_id) ? BOOT_OTHER : BOOT_SAME;
	if (a->release[0] && b->release[0] && strcmp(a->release, b->release))
		return BOOT_OTHER;
	k = compare_keys(ga, gb);
	if (!k.common)
		return BOOT_UNKNOWN;
	/* A few keys are in allocated memory, and can differ within a boot. */
	return k.other > k.common / 2 ? BOOT_OTHER : BOOT_SAME;
}
