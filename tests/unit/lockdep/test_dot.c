// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/lockdep/graph/dot*.c: the arrows, which of them are red, which classes
 * are drawn, and that no name can break the drawing.
 */
#include "lockdep/graph/dot.h"
#include "lockfile.h"
#include "made_graph.h"

static char *text;
static size_t size;

static FILE *begin(void)
{
	return open_memstream(&text, &size);
}

static void has(const char *what)
{
	if (!strstr(text, what))
		CHECK_STR(text, what);
}

static void lacks(const char *what)
{
	CHECK(!strstr(text, what));
}

static void on_report(const struct report *r, void *arg)
{
	FILE *f = arg;

	if (r->complete)
		dot_report(f, r);
}

static void draw_log(const char *name)
{
	struct report_parser *p = malloc(sizeof(*p));
	struct golden g = { };
	char path[4096];
	FILE *f = begin();

	snprintf(path, sizeof(path), "%s/%s.log", golden_dir(), name);
	CHECK(golden_load(&g, path));
	report_parser_init(p, on_report, f);
	report_parser_feed(p, g.log.p, g.log.n);
	report_parser_end(p);
	fclose(f);
	golden_free(&g);
	free(p);
}

static void cycles(void)
{
	draw_log("circular-7.3.4-orc");
	has("n0 [label=\"&mm->mmap_lock\"]");
	has("n1 [label=\"mapping.invalidate_lock\\n(guest_memfd's)\" fill");
	has("n1 -> n0 [label=\" kvm_gmem_populate\\n(read) \" "
	    "style=dashed tail");
	has("n0 -> n1 [label=\" kvm_gmem_fault_user_mapping\\n(read) \" "
	    "style=dashed " DOT_RED);
	free(text);

	/* The other half ran last and closed the cycle. */
	draw_log("circular-7.3.4-orc-mirrored");
	has("n1 -> n0 [label=\" kvm_gmem_populate\\n(read) \" style=dashed "
	    DOT_RED);
	has("n0 -> n1 [label=\" kvm_gmem_fault_user_mapping\\n(read) \" "
	    "style=dashed tailport");
	free(text);

	/* "? " frames show no mode; the report itself does. */
	draw_log("circular-7.3.4-guess");
	has("n0 -> n1 [label=\" kvm_gmem_fault_user_mapping\\n(read) \" ");
	has("n1 -> n0 [label=\" kvm_gmem_fallocate \"");
	free(text);

	draw_log("circular-three-classes-by-hand");
	has("n0 -> n1 [label=\" kvm_gmem_release\\n(write) \"];");
	has("n1 -> n2 [label=\" tdx_gmem_post_populate\\n(read) \" style=");
	has("n2 -> n0 [label=\" kvm_page_fault_probe\\n(write) \" " DOT_RED);
	free(text);

	draw_log("recursive-by-hand");
	has("n0 -> n0 [");
	lacks("guest_memfd's");
	free(text);

	draw_log("rcu-by-hand");
	CHECK_EQ(size, 0);
	free(text);
}

static void draw_class(const struct lock_graph *g, const char *class,
		       unsigned int depth, unsigned int max, unsigned int left)
{
	bool *center = calloc(g->nr_classes + 1, sizeof(*center));
	struct lock_cycles c;
	struct dot_class d = {
		.g = g, .cycles = &c, .center = center,
		.gmem = STR("mapping.invalidate_lock"), .title = "title",
		.depth = depth, .max = max,
	};
	FILE *f = begin();
	unsigned int i;

	for (i = 0; i < g->nr_classes; i++)
		center[i] = str_eq(g->classes[i].name, str_of(class));
	CHECK_EQ(lock_cycles_find(&c, g), 0);
	CHECK_EQ(dot_class(f, &d), 0);
	CHECK_EQ(d.left_out, left);
	fclose(f);
	lock_cycles_free(&c);
	free(center);
}

static unsigned int count(const char *what)
{
	const char *p = text;
	unsigned int n = 0;

	while ((p = strstr(p, what))) {
		n++;
		p += strlen(what);
	}
	return n;
}

/* 0 > 1 > 2 > 3 > 1, 4 > 0: draw around 0 */
static void around(void)
{
	struct made m;

	made_of(&m, 6, "01 12 23 31 40 52");
	draw_class(&m.g, "c0", 1, 80, 0);
	CHECK_EQ(count("label=\"c"), 3);
	CHECK_EQ(count(" -> "), 2);
	has("n0 -> n1;");
	has("n4 -> n0;");
	free(text);
	/* Class 5, which leads to 2, is not around 0. */
	draw_class(&m.g, "c0", 2, 80, 0);
	CHECK_EQ(count("label=\"c"), 4);
	has("n1 -> n2 [" DOT_RED);
	has("n0 -> n1;");
	free(text);
	draw_class(&m.g, "c0", 3, 80, 0);
	CHECK_EQ(count(DOT_RED), 3);
	lacks("n5");
	free(text);
	draw_class(&m.g, "c0", 3, 2, 3);
	CHECK_EQ(count("label=\"c"), 2);
	has("3 more classes are not drawn");
	free(text);
	made_free(&m);
}

static void real(void)
{
	char *file = lockfile_load("lockdep-7.3.4");
	struct lock_graph g;

	lockfile_graph(&g, file);
	draw_class(&g, "mapping.invalidate_lock", 1, 80, 0);
	CHECK_EQ(count(" -> "), 14);
	CHECK_EQ(count("guest_memfd's"), 1);
	lacks(DOT_RED);
	free(text);
	lock_graph_free(&g);
	free(file);

	file = lockfile_add(lockfile_load("lockdep-7.3.4"), "&mm->mmap_lock",
			    TO_GMEM);
	file = lockfile_add(file, "mapping.invalidate_lock", TO_MM);
	lockfile_graph(&g, file);
	draw_class(&g, "mapping.invalidate_lock", 1, 80, 0);
	CHECK_EQ(count(DOT_RED), 2);
	free(text);
	lock_graph_free(&g);
	free(file);
}

static const char *broken(const char *name, unsigned int width)
{
	FILE *f = begin();

	free(text);
	dot_text(f, str_of(name), width);
	fclose(f);
	return text;
}

static void names(void)
{
	text = NULL;
	CHECK_STR(broken("&mm->mmap_lock", 22), "&mm->mmap_lock");
	CHECK_STR(broken("(work_completion)(&(&vcpu->async_pf.work)->work)", 22),
		  "(work_completion)\\n(&(&vcpu->async_pf.\\nwork)->work)");
	CHECK_STR(broken("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeee", 10),
		  "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeee");
	CHECK_STR(broken("a\"b\\c\n\t\xff\xfe{}|<>", 22),
		  "a\\\"b\\\\c????{}|<>");
	CHECK_STR(broken("", 22), "");
	free(text);
}

UNIT_MAIN(
	{ "cycles", cycles },
	{ "around", around },
	{ "real", real },
	{ "names", names },
)
