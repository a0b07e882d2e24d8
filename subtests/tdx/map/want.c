// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compare what a TD must hold with what softtdx has: MRTD, and the S-EPT with
 * the page at each gpa.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "softtdx/td.h"
#include "subtests/tdx/map/want.h"

#define WHEN_MAX	128
#define PRINT_MAX	16	/* differences of one comparison */

static struct softtdx_td read_td(u64 tdr)
{
	struct softtdx_td *tds, td = {};
	unsigned int nr, i;
	int ret;

	ret = softtdx_tds_read(SOFTTDX_DIR, &tds, &nr);
	TEST_ASSERT(!ret, "%s: %s", SOFTTDX_DIR, strerror(-ret));
	for (i = 0; i < nr; i++)
		if (tds[i].pa == tdr)
			td = tds[i];
	free(tds);
	TEST_ASSERT(td.has_tdcs, "softtdx has no TD at %#lx", tdr);
	return td;
}

void want_init(struct want *w, struct td *td)
{
	struct module_counts held;

	*w = (struct want){ .td = td };
	mrtd_init(&w->mrtd);
	mrtd_value(&w->mrtd, w->last);
	module_counts_read(&held);
	if (!held.known)
		return;

	TEST_ASSERT(held.nr_tds && !held.newest.added,
		    "softtdx has no new TD without pages");
	w->tdr = held.newest.pa;
	w->children = held.newest.children;
}

void want_free(struct want *w)
{
	free(w->pages);
}

static struct softtdx_want *find_page(const struct want *w, gpa_t gpa)
{
	unsigned int i;

	for (i = 0; i < w->nr; i++)
		if (w->pages[i].gpa == gpa)
			return &w->pages[i];
	return NULL;
}

static void want_page(struct want *w, const u8 *source, gpa_t gpa)
{
	struct softtdx_want *p = find_page(w, gpa);

	if (!p) {
		w->pages = realloc(w->pages, (w->nr + 1) * sizeof(*p));
		TEST_ASSERT(w->pages, "no memory for %u pages", w->nr + 1);
		p = &w->pages[w->nr++];
	}
	*p = (struct softtdx_want){ .gpa = gpa, .source = source };
	sha384_of(source, PAGE_SIZE, p->sha384);
}

void want_added(struct want *w, const void *source, gpa_t gpa, u64 pages,
		u32 flags)
{
	u64 i;

	mrtd_region_added(&w->mrtd, gpa, source, pages, flags & MEASURE);
	for (i = 0; i < pages; i++)
		want_page(w, (const u8 *)source + i * PAGE_SIZE,
			  gpa + i * PAGE_SIZE);
}

void want_add(struct want *w, struct kvm_vcpu *vcpu, const void *source,
	      gpa_t gpa, u64 pages, u32 flags)
{
	td_add_pages(w->td, vcpu, source, gpa, pages, flags);
	want_added(w, source, gpa, pages, flags);
}

void want_gone(struct want *w, gpa_t gpa, u64 pages)
{
	struct softtdx_want *p;
	u64 i;

	for (i = 0; i < pages; i++) {
		p = find_page(w, gpa + i * PAGE_SIZE);
		if (p)
			p->gone = true;
	}
}

/* ---- MRTD ---------------------------------------------------------------- */

static void print_digest(const char *what, const u8 *digest)
{
	char hex[SHA384_HEX];

	sha384_hex(digest, hex);
	fprintf(stderr, "%s %s\n", what, hex);
}

void assert_mrtd(struct want *w, const char *fmt, ...)
{
	u8 want[SHA384_SIZE];
	struct softtdx_td td;
	char when[WHEN_MAX];
	va_list ap;
	bool same;

	if (!w->tdr)
		return;

	va_start(ap, fmt);
	vsnprintf(when, sizeof(when), fmt, ap);
	va_end(ap);
	td = read_td(w->tdr);
	TEST_ASSERT(td.added == w->mrtd.added &&
		    td.extended == w->mrtd.extended,
		    "%s: %lu pages added, %lu chunks extended, not %lu, %lu",
		    when, td.added, td.extended, w->mrtd.added,
		    w->mrtd.extended);

	mrtd_value(&w->mrtd, want);
	same = !memcmp(want, td.mrtd, sizeof(want));
	if (!same) {
		print_digest("MRTD before this step:", w->last);
		print_digest("MRTD by what was added:", want);
		print_digest("MRTD of the TD:        ", td.mrtd);
	}
	memcpy(w->last, want, sizeof(want));
	TEST_ASSERT(same,
		    "%s: the TD's MRTD is not that of what was added, for the first time at this step",
		    when);
}

/* ---- what is mapped ------------------------------------------------------ */

static void print_line(const char *line, void *arg)
{
	unsigned int *lines = arg;

	if ((*lines)++ < PRINT_MAX)
		fprintf(stderr, "%s\n", line);
}

/* The number of counts that differ. */
static unsigned int compare_counts(const struct want *w,
				   const struct softtdx_compare *c,
				   u64 children)
{
	unsigned int wrong = 0;
	struct page_counts kvm;
	u64 pages;

	page_counts_read(w->td->vm, &kvm);
	if (kvm.pages_4k != c->leaves[0] || kvm.pages_2m != c->leaves[1] ||
	    kvm.pages_1g != c->leaves[2]) {
		fprintf(stderr, "KVM counts pages_4k %lu pages_2m %lu pages_1g %lu, the secure EPT has %lu, %lu, %lu\n",
			kvm.pages_4k, kvm.pages_2m, kvm.pages_1g,
			c->leaves[0], c->leaves[1], c->leaves[2]);
		wrong++;
	}
	pages = c->leaves[0] + (c->leaves[1] << 9) + (c->leaves[2] << 18);
	if (children != w->children + pages + c->tables) {
		fprintf(stderr, "the TD has %lu pages, but %lu at first, %lu of memory and %lu tables\n",
			children, w->children, pages, c->tables);
		wrong++;
	}
	return wrong;
}

static u64 nr_mapped(const struct want *w)
{
	unsigned int i;
	u64 nr = 0;

	for (i = 0; i < w->nr; i++)
		nr += !w->pages[i].gone;
	return nr;
}

void assert_holds(const struct want *w, const char *fmt, ...)
{
	struct softtdx_compare c = { .want = w->pages, .nr_want = w->nr };
	struct softtdx_map *maps;
	unsigned int lines = 0;
	struct softtdx_td td;
	char when[WHEN_MAX];
	va_list ap;
	int ret;

	va_start(ap, fmt);
	vsnprintf(when, sizeof(when), fmt, ap);
	va_end(ap);
	assert_mapped(w->td->vm, nr_mapped(w), "%s", when);
	if (!w->tdr)
		return;

	td = read_td(w->tdr);
	ret = softtdx_sept_read(SOFTTDX_DIR, w->tdr, &maps, &c.nr_maps);
	TEST_ASSERT(!ret, "%s: secure EPT: %s", SOFTTDX_DIR, strerror(-ret));
	c.maps = maps;
	c.root_level = td.gpaw == 52 ? 4 : 3;
	softtdx_compare(&c, print_line, &lines);
	c.wrong += compare_counts(w, &c, td.children);
	free(maps);
	TEST_ASSERT(!c.wrong, "%s: %u differences between what was added and what the TD holds",
		    when, c.wrong);
}
