// SPDX-License-Identifier: GPL-2.0-only
/* A model of a TD's mapped pages, and its comparison with the TD. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kvm/gmem.h"
#include "softtdx/td.h"
#include "subtests/tdx/older.h"
#include "zap.h"

gpa_t zap_gpa(const struct zap *z, unsigned int slot, u64 page)
{
	return z->slot[slot].mem.gpa + page * PAGE_SIZE;
}

u64 zap_mapped(const struct zap *z)
{
	u64 mapped = 0, i;
	unsigned int s;

	for (s = 0; s < ZAP_SLOTS; s++) {
		for (i = 0; i < ZAP_PAGES; i++)
			mapped += z->slot[s].page[i].mapped;
	}
	return mapped;
}

void zap_slot_add(struct zap *z, unsigned int slot)
{
	static const struct {
		gpa_t gpa;
		u64 fd_page;
	} place[ZAP_SLOTS] = {
		{ TD_GPA, ZAP_PAGES },
		{ TD_GPA + (PAGES_2M + 5) * PAGE_SIZE, 0 },
	};
	struct zap_slot *s = &z->slot[slot];

	td_mem_add_fd(z->td, &s->mem, slot, place[slot].gpa, ZAP_PAGES, z->fd,
		      place[slot].fd_page);
	s->there = true;
}

void zap_create(struct zap *z)
{
	struct softtdx_td newest;
	unsigned int s;

	*z = (struct zap){ .can_fill = true, .once = older_added_is_eexist() };
	z->td = td_create();
	td_init_vm(z->td);
	z->softtdx = !softtdx_newest_td(SOFTTDX_DIR, &newest);
	z->tdr = z->softtdx ? newest.pa : 0;
	z->vcpu = td_vcpu_add(z->td, 0);
	td_init_vcpu(z->td, z->vcpu, 0);
	z->fd = gmem_create(z->td->vm, ZAP_FILE, 0);
	z->source = td_source_alloc(ZAP_PAGES);
	for (s = 0; s < ZAP_SLOTS; s++)
		zap_slot_add(z, s);
}

void zap_free(struct zap *z)
{
	td_source_free(z->source, ZAP_PAGES);
	kvm_close(z->fd);
	td_free(z->td);
}

void zap_finalize(struct zap *z)
{
	td_finalize(z->td);
	z->final = true;
	z->can_fill = kvm_has_cap(KVM_CAP_PRE_FAULT_MEMORY);
	if (!z->can_fill)
		printf("no KVM_CAP_PRE_FAULT_MEMORY: nothing is added once the TD is final\n");
}

bool zap_added_once(const struct zap *z, unsigned int slot, u64 page)
{
	return z->once && z->added[z->slot[slot].mem.fd_page + page];
}

static void refuse_page(struct zap *z, unsigned int slot, u64 page)
{
	int ret = __td_add_pages(z->td, z->vcpu, z->source,
				 zap_gpa(z, slot, page), 1, 0, NULL);

	assert_refused(ret, EEXIST, "INIT_MEM_REGION of a page added before");
}

static void add_page(struct zap *z, unsigned int slot, u64 page)
{
	td_add_pages(z->td, z->vcpu, z->source + page * PAGE_SIZE,
		     zap_gpa(z, slot, page), 1, page % 2 ? MEASURE : 0);
	z->added[z->slot[slot].mem.fd_page + page] = true;
}

static void fill_page(struct zap *z, unsigned int slot, u64 page)
{
	struct zap_page *p = &z->slot[slot].page[page];

	if (p->mapped)
		return;

	if (z->final) {
		td_prefault(z->vcpu, zap_gpa(z, slot, page), 1);
	} else if (zap_added_once(z, slot, page)) {
		refuse_page(z, slot, page);
		return;
	} else {
		add_page(z, slot, page);
	}
	*p = (struct zap_page){ .mapped = true, .pending = z->final };
}

void zap_fill(struct zap *z, unsigned int slot, u64 first, u64 pages)
{
	u64 i;

	if (!z->can_fill)
		return;

	for (i = first; i < first + pages; i++)
		fill_page(z, slot, i);
}

void zap_fill_all(struct zap *z)
{
	unsigned int s;

	for (s = 0; s < ZAP_SLOTS; s++)
		zap_fill(z, s, 0, ZAP_PAGES);
}

static void stats_read(struct softtdx_stats *stats)
{
	int ret = softtdx_stats_read(SOFTTDX_DIR, stats);

	TEST_ASSERT(!ret, "%s: %s", SOFTTDX_DIR, strerror(-ret));
}

void zap_begin(struct zap *z)
{
	z->mapped_before = zap_mapped(z);
	if (z->softtdx)
		stats_read(&z->before);
}

void zap_gone(struct zap *z, unsigned int slot, u64 first, u64 pages)
{
	u64 i;

	for (i = first; i < first + pages; i++)
		z->slot[slot].page[i] = (struct zap_page){};
}

void zap_gone_file(struct zap *z, u64 first, u64 pages)
{
	unsigned int s;
	u64 i, at;

	for (i = first; i < first + pages && i < ZAP_FILE; i++)
		z->added[i] = false;
	for (s = 0; s < ZAP_SLOTS; s++) {
		for (i = 0; i < ZAP_PAGES; i++) {
			at = z->slot[s].mem.fd_page + i;
			if (at >= first && at < first + pages)
				zap_gone(z, s, i, 1);
		}
	}
}

void zap_gone_gpa(struct zap *z, gpa_t gpa, u64 pages)
{
	unsigned int s;
	gpa_t at;
	u64 i;

	for (s = 0; s < ZAP_SLOTS; s++) {
		for (i = 0; i < ZAP_PAGES; i++) {
			at = zap_gpa(z, s, i);
			if (at >= gpa && at < gpa + pages * PAGE_SIZE)
				zap_gone(z, s, i, 1);
		}
	}
}

/* Touch all pages that must be mapped: nothing changes. */
static void assert_still_there(struct zap *z, const char *when)
{
	unsigned int s;
	u64 i;

	for (s = 0; s < ZAP_SLOTS; s++) {
		for (i = 0; i < ZAP_PAGES; i++) {
			if (!z->slot[s].page[i].mapped)
				continue;
			if (!z->final)
				td_assert_added(z->td, z->vcpu, z->source,
						zap_gpa(z, s, i), 1);
			else if (z->can_fill)
				td_prefault(z->vcpu, zap_gpa(z, s, i), 1);
		}
	}
	assert_mapped(z->td->vm, zap_mapped(z) + z->shared,
		      "%s, and touching the mapped pages", when);
}

static struct zap_page *page_of(struct zap *z, gpa_t gpa)
{
	unsigned int s;
	u64 i;

	for (s = 0; s < ZAP_SLOTS; s++) {
		for (i = 0; i < ZAP_PAGES; i++) {
			if (zap_gpa(z, s, i) == gpa)
				return &z->slot[s].page[i];
		}
	}
	return NULL;
}

/* A mapped page is the same page with the same bytes. */
static void assert_same(struct zap_page *p, const struct softtdx_map *m,
			const char *when)
{
	const char *state = p->pending ? "PENDING" : "MAPPED";

	TEST_ASSERT(!strcmp(m->state, state) && !m->level &&
		    !m->pamt_disagrees && m->hashed,
		    "%s: gpa %#lx is %s at level %u%s, not %s at 0", when,
		    m->gpa, m->state, m->level,
		    m->pamt_disagrees ? ", with another in PAMT" : "", state);
	if (!p->hpa) {
		p->hpa = m->hpa;
		memcpy(p->sha384, m->sha384, sizeof(p->sha384));
	}
	TEST_ASSERT(p->hpa == m->hpa, "%s: gpa %#lx was page %#lx, is %#lx",
		    when, m->gpa, p->hpa, m->hpa);
	TEST_ASSERT(!memcmp(p->sha384, m->sha384, sizeof(p->sha384)),
		    "%s: gpa %#lx has other contents than before", when,
		    m->gpa);
}

/* The S-EPT equals the model, page by page. */
static void assert_sept(struct zap *z, const char *when)
{
	unsigned int nr, i, pages = 0;
	struct softtdx_map *maps;
	struct zap_page *p;
	int ret;

	ret = softtdx_sept_read(SOFTTDX_DIR, z->tdr, &maps, &nr);
	TEST_ASSERT(!ret, "secure EPT: %s", strerror(-ret));
	for (i = 0; i < nr; i++) {
		if (maps[i].table)
			continue;

		p = page_of(z, maps[i].gpa);
		TEST_ASSERT(p && p->mapped,
			    "%s: gpa %#lx is %s and must not be mapped", when,
			    maps[i].gpa, maps[i].state);
		assert_same(p, &maps[i], when);
		pages++;
	}
	free(maps);
	TEST_ASSERT(pages == zap_mapped(z),
		    "%s: %u pages are in the secure EPT, not %lu", when, pages,
		    zap_mapped(z));
}

static u64 calls(const struct softtdx_stats *before,
		 const struct softtdx_stats *now, enum tdh_leaf leaf)
{
	TEST_ASSERT(now->leaves[leaf].errors == before->leaves[leaf].errors,
		    "leaf %u refused a call: %#lx", leaf,
		    now->leaves[leaf].last);
	return now->leaves[leaf].calls - before->leaves[leaf].calls;
}

/*
 * Each page is blocked, removed and written back once. In a TD that can run
 * TRACK comes in between: KVM chooses how often for many pages.
 */
static void assert_calls(const struct zap *z, const struct softtdx_stats *now,
			 u64 gone, const char *when)
{
	u64 block = calls(&z->before, now, TDH_MEM_RANGE_BLOCK);
	u64 track = calls(&z->before, now, TDH_MEM_TRACK);
	u64 remove = calls(&z->before, now, TDH_MEM_PAGE_REMOVE);
	u64 wbinvd = calls(&z->before, now, TDH_PHYMEM_PAGE_WBINVD);
	u64 track_min = z->final && gone, track_max = z->final ? gone : 0;

	TEST_ASSERT(block == gone && remove == gone && wbinvd == gone,
		    "%s: %lu pages are gone, by %lu BLOCK, %lu REMOVE, %lu WBINVD",
		    when, gone, block, remove, wbinvd);
	TEST_ASSERT(track >= track_min && track <= track_max,
		    "%s: %lu TRACK for %lu pages, TD %s", when, track, gone,
		    z->final ? "final" : "not final");
}

static void assert_softtdx(struct zap *z, const char *when)
{
	struct softtdx_stats now;
	u64 gone;

	stats_read(&now);
	gone = z->mapped_before - zap_mapped(z);
	TEST_ASSERT(now.pages.reg == z->before.pages.reg - gone &&
		    now.pages.nda == z->before.pages.nda + gone &&
		    now.pages.ept == z->before.pages.ept,
		    "%s: %lu pages are gone; REG %lu was %lu, NDA %lu was %lu, EPT %lu was %lu",
		    when, gone, now.pages.reg, z->before.pages.reg,
		    now.pages.nda, z->before.pages.nda, now.pages.ept,
		    z->before.pages.ept);
	assert_calls(z, &now, gone, when);
	assert_sept(z, when);
}

void zap_end(struct zap *z, const char *fmt, ...)
{
	char when[128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(when, sizeof(when), fmt, ap);
	va_end(ap);

	assert_mapped(z->td->vm, zap_mapped(z) + z->shared, "%s", when);
	if (z->softtdx)
		assert_softtdx(z, when);
	assert_still_there(z, when);
	TEST_ASSERT(td_alive(z->td), "%s: the VM is dead", when);
}
