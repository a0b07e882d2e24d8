// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/lockdep/graph/picture*.c: pictures are written and read back, two boots
 * are distinguished, and all differences are found.
 */
#include <stdlib.h>

#include "lockdep/graph/picture.h"
#include "unit.h"

#define CLASS(key, usage, name) \
	"00000000" key " FD:    1 BD:    1 " usage ": " name "\n"
#define TO(key, name)	" -> [00000000" key "] " name "\n"

static const char plain[] =
	"all lock classes:\n"
	CLASS("aaaa0001", "+.+.", "a") TO("aaaa0002", "b#2") "\n"
	CLASS("aaaa0002", "....", "b#2") TO("aaaa0003", "b#2/1") "\n"
	CLASS("aaaa0003", "++++", "b#2/1") "\n";

static void round_trip(void)
{
	struct picture p = {
		.boot_id = "id-1",
		.release = "7.3.4",
		.taken = "2026-01-31T12:00:00Z",
		.lockdep = "spent: debug_locks is 0",
	};
	char *head = picture_head(&p), *text;
	struct picture q;

	text = malloc(strlen(head) + sizeof(plain));
	strcpy(text, head);
	strcat(text, plain);
	CHECK(picture_parse(&q, str_of(text)));
	CHECK_STR(q.boot_id, "id-1");
	CHECK_STR(q.release, "7.3.4");
	CHECK_STR(q.taken, "2026-01-31T12:00:00Z");
	CHECK_STR(q.lockdep, "spent: debug_locks is 0");
	CHECK(str_eq(q.classes, str_of(plain)));
	/* Cut off anywhere in its first lines it is no picture. */
	q.classes.n = strlen(head) + sizeof("all lock classes:") - 1;
	while (--q.classes.n)
		CHECK(!picture_parse(&p, (struct str){ text, q.classes.n }));
	free(head);
	free(text);
}

static void forms(void)
{
	static char longer[600] = "splat picture 1\nboot_id ";
	struct picture p;

	CHECK(picture_parse(&p, str_of(plain)));
	CHECK_STR(p.boot_id, "");
	CHECK(!picture_parse(&p, STR("")));
	CHECK(!picture_parse(&p, STR("splat picture 2\nall lock classes:\n")));
	CHECK(picture_parse(&p, STR("splat picture 1\nnews 1\nboot_id x\n"
				    "all lock classes:\n")));
	CHECK_STR(p.boot_id, "x");
	memset(longer + strlen(longer), 'x', 500);
	strcat(longer, "\nall lock classes:\n");
	CHECK(picture_parse(&p, str_of(longer)));
	CHECK_STR(p.boot_id, "");
}

struct list {
	char text[1024];
};

static void on_diff(enum diff_what what, struct str from, struct str to,
		    void *arg)
{
	struct list *l = arg;
	size_t n = strlen(l->text);

	snprintf(l->text + n, sizeof(l->text) - n, "%c %.*s%s%.*s;",
		 "+-*+-"[what], (int)from.n, from.p, to.n ? " > " : "",
		 (int)to.n, to.p);
}

static const char *diff(const char *a, const char *b, bool by_base)
{
	static struct list l;
	struct graph_diff d = { on_diff, &l, by_base };
	struct lock_graph x, y;

	l.text[0] = '\0';
	CHECK_EQ(lock_graph_parse(&x, str_of(a)), 0);
	CHECK_EQ(lock_graph_parse(&y, str_of(b)), 0);
	CHECK_EQ(graph_diff(&d, &x, &y), 0);
	lock_graph_free(&x);
	lock_graph_free(&y);
	return l.text;
}

static const char later[] =
	"all lock classes:\n"
	CLASS("aaaa0001", "+.+.", "a") TO("aaaa0004", "c") "\n"
	CLASS("aaaa0002", "+...", "b#2") TO("aaaa0003", "b#2/1")
		TO("aaaa0001", "a") "\n"
	CLASS("aaaa0003", "++++", "b#2/1") "\n"
	CLASS("aaaa0004", "++++", "c") "\n";

/* The same as @plain in another boot, with other numbers. */
static const char other_boot[] =
	"all lock classes:\n"
	CLASS("cccc0003", "++++", "b#7/1") "\n"
	CLASS("cccc0001", "+.+.", "a") TO("cccc0002", "b#7") "\n"
	CLASS("cccc0002", "....", "b#7") TO("cccc0003", "b#7/1") "\n";

static void differences(void)
{
	CHECK_STR(diff(plain, plain, false), "");
	CHECK_STR(diff(plain, later, false),
		  "* b#2;+ c;- a > b#2;+ a > c;+ b#2 > a;");
	CHECK_STR(diff(later, plain, false),
		  "- c;+ a > b#2;- a > c;- b#2 > a;");
	CHECK_STR(diff(plain, other_boot, true), "");
	CHECK_STR(diff(plain, other_boot, false),
		  "- b#2;- b#2/1;+ b#7/1;+ b#7;- a > b#2;+ a > b#7;"
		  "- b#2 > b#2/1;+ b#7 > b#7/1;");
	CHECK_STR(diff(plain, later, true),
		  "* b#2;+ c;- a > b#2;+ a > c;+ b#2 > a;");
}

static enum same_boot same(const char *a, const char *id_a, const char *b,
			   const char *id_b)
{
	struct picture p = { }, q = { };
	struct lock_graph x, y;
	enum same_boot ret;

	strcpy(p.boot_id, id_a);
	strcpy(q.boot_id, id_b);
	CHECK_EQ(lock_graph_parse(&x, str_of(a)), 0);
	CHECK_EQ(lock_graph_parse(&y, str_of(b)), 0);
	ret = picture_same_boot(&p, &x, &q, &y);
	lock_graph_free(&x);
	lock_graph_free(&y);
	return ret;
}

static void boots(void)
{
	static const char no_keys[] =
		"all lock classes:\n"
		"(____ptrval____) FD:    1 BD:    1 +.+.: a\n\n";
	static const char moved[] =
		"all lock classes:\n"
		CLASS("dddd0001", "+.+.", "a") "\n"
		CLASS("dddd0002", "....", "b#2") "\n"
		CLASS("dddd0003", "++++", "b#2/1") "\n";

	CHECK_EQ(same(plain, "x", moved, "x"), BOOT_SAME);
	CHECK_EQ(same(plain, "x", plain, "y"), BOOT_OTHER);
	CHECK_EQ(same(plain, "", later, ""), BOOT_SAME);
	CHECK_EQ(same(plain, "x", later, ""), BOOT_SAME);
	CHECK_EQ(same(plain, "", moved, ""), BOOT_OTHER);
	CHECK_EQ(same(plain, "", no_keys, ""), BOOT_UNKNOWN);
	CHECK_EQ(same(no_keys, "", no_keys, ""), BOOT_UNKNOWN);
}

UNIT_MAIN(
	{ "round_trip", round_trip },
	{ "forms", forms },
	{ "differences", differences },
	{ "boots", boots },
)
