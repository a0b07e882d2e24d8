// SPDX-License-Identifier: GPL-2.0-only
/*
 * splat edges --save and --diff: save and compare pictures of /proc/lockdep.
 */
#include <errno.h>
#include <stdlib.h>

#include "splat/edges/edges.h"

static int write_picture(const char *path, const struct picture *p)
{
	char *head = picture_head(p);
	FILE *f = head ? fopen(path, "we") : NULL;
	int err = 0;

	if (!head)
		return -ENOMEM;
	if (!f || fputs(head, f) < 0 ||
	    fwrite(p->classes.p, 1, p->classes.n, f) != p->classes.n)
		err = -errno;
	if (f && fclose(f) && !err)
		err = -errno;
	free(head);
	return err;
}

int edges_save(struct edges *e)
{
	struct picture p;
	int err;

	picture_of_now(&p, &e->snap, e->root);
	err = write_picture(e->save, &p);
	if (err)
		return complain(&e->a, e->save, strerror(-err));
	if (e->status.state != LOCKDEP_ALIVE)
		fprintf(stderr, "splat: note: lockdep is %s\n", p.lockdep);
	return EXIT_CLEAN;
}

struct difference {
	struct edges *e;
	unsigned long n[DIFF_EDGE_GONE + 1];
	enum diff_what only;	/* JSON: print this kind */
};

static void print_item(enum diff_what what, struct str from, struct str to,
		       void *arg)
{
	static const char marks[] = {
		[DIFF_CLASS_NEW]	= '+',
		[DIFF_CLASS_GONE]	= '-',
		[DIFF_CLASS_USED]	= '*',
		[DIFF_EDGE_NEW]		= '+',
		[DIFF_EDGE_GONE]	= '-',
	};
	struct difference *d = arg;

	d->n[what]++;
	if (d->e->as_json)
		return;
	printf("%c %.*s", marks[what], (int)from.n, from.p);
	if (to.n)
		printf(" > %.*s", (int)to.n, to.p);
	puts(what == DIFF_CLASS_USED ? "  now in use" : "");
}

static void print_item_json(enum diff_what what, struct str from,
			    struct str to, void *arg)
{
	struct difference *d = arg;

	if (what != d->only)
		return;
	if (to.n) {
		json_array(&d->e->json, NULL);
		lock_name_json(&d->e->json, NULL, from);
		lock_name_json(&d->e->json, NULL, to);
		json_array_end(&d->e->json);
	} else {
		lock_name_json(&d->e->json, NULL, from);
	}
}

static int diff_json(struct difference *d, struct graph_diff *gd,
		     const struct lock_record *a, const struct lock_record *b)
{
	static const char *const keys[] = {
		[DIFF_CLASS_NEW]	= "classes_added",
		[DIFF_CLASS_GONE]	= "classes_removed",
		[DIFF_CLASS_USED]	= "classes_now_in_use",
		[DIFF_EDGE_NEW]		= "edges_added",
		[DIFF_EDGE_GONE]	= "edges_removed",
	};
	int err = 0;

	gd->fn = print_item_json;
	json_object(&d->e->json, NULL);
	json_bool(&d->e->json, "names_without_number", gd->by_base);
	for (d->only = 0; d->only <= DIFF_EDGE_GONE && !err; d->only++) {
		json_array(&d->e->json, keys[d->only]);
		err = graph_diff(gd, &a->graph, &b->graph);
		json_array_end(&d->e->json);
	}
	json_object_end(&d->e->json);
	return err;
}

static int diff(struct edges *e, const struct lock_record *a,
		const struct lock_record *b, bool by_base)
{
	struct difference d = { .e = e };
	struct graph_diff gd = { print_item, &d, by_base };
	int err = graph_diff(&gd, &a->graph, &b->graph);

	if (!err && e->as_json)
		err = diff_json(&d, &gd, a, b);
	if (err)
		return complain(&e->a, "memory", strerror(-err));
	if (!e->as_json)
		printf("edges: %lu added, %lu removed; classes: %lu added, "
		       "%lu removed, %lu now in use\n", d.n[DIFF_EDGE_NEW],
		       d.n[DIFF_EDGE_GONE], d.n[DIFF_CLASS_NEW],
		       d.n[DIFF_CLASS_GONE], d.n[DIFF_CLASS_USED]);
	return d.n[DIFF_EDGE_NEW] + d.n[DIFF_EDGE_GONE] +
	       d.n[DIFF_CLASS_NEW] + d.n[DIFF_CLASS_GONE] +
	       d.n[DIFF_CLASS_USED] ? EXIT_BAD : EXIT_CLEAN;
}

static int diff_boots(struct edges *e, const struct lock_record *a,
		      const struct lock_record *b)
{
	enum same_boot same = picture_same_boot(&a->picture, &a->graph,
						&b->picture, &b->graph);

	lock_graph_remark(&a->graph, a->path);
	lock_graph_remark(&b->graph, b->path);
	if (same == BOOT_OTHER && !e->other_boot)
		return complain(&e->a, b->path, "is of another boot than the "
				"first; --other-boot compares them by names "
				"without #N");
	if (same == BOOT_UNKNOWN)
		fprintf(stderr, "splat: note: whether %s and %s are of one "
			"boot is not known\n", a->path, b->path);
	return diff(e, a, b, e->other_boot);
}

int edges_diff(struct edges *e, const char *path_a, const char *path_b)
{
	struct lock_record a, b;
	int ret;

	ret = lock_record_load(&a, &e->a, path_a);
	if (ret)
		return ret;
	ret = lock_record_load(&b, &e->a, path_b);
	if (!ret) {
		ret = diff_boots(e, &a, &b);
		lock_record_free(&b);
	}
	lock_record_free(&a);
	return ret;
}
