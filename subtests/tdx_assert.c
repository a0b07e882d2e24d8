// SPDX-License-Identifier: GPL-2.0-only
/* What the subtests of tdx_vm_huge_page.c assert in common. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tdx.h"

#define MEASURE_CHUNK	256	/* bytes that one TDH.MR.EXTEND measures */

void assert_mapped(struct kvm_vm *vm, u64 pages, const char *fmt, ...)
{
	struct page_counts c;
	char when[128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(when, sizeof(when), fmt, ap);
	va_end(ap);
	page_counts_read(vm, &c);
	TEST_ASSERT(page_counts_sum(&c) == pages,
		    "%s: %lu pages are to be mapped; pages_4k %lu pages_2m %lu pages_1g %lu",
		    when, pages, c.pages_4k, c.pages_2m, c.pages_1g);
}

void held_read(struct held *h)
{
	int ret = softtdx_read(SOFTTDX_DIR, &h->pages, &h->tds);

	TEST_ASSERT(!ret || ret == -ENOENT || ret == -EACCES, "%s: %s",
		    SOFTTDX_DIR, strerror(-ret));
	h->known = !ret;
	if (!h->known)
		printf("what the TDX module holds is not compared: %s: %s\n",
		       SOFTTDX_DIR, strerror(-ret));
}

static void held_print(const char *when, const struct held *h)
{
	fprintf(stderr, "%s: %u TDs, pages REG %lu TDR %lu TDCX %lu TDVPR %lu EPT %lu\n",
		when, h->tds.nr, h->pages.reg, h->pages.tdr, h->pages.tdcx,
		h->pages.tdvpr, h->pages.ept);
}

void assert_held(const struct held *before, const char *when)
{
	struct held now;
	bool same;

	if (!before->known)
		return;

	held_read(&now);
	same = now.known && now.tds.nr == before->tds.nr &&
	       !memcmp(&now.pages, &before->pages, sizeof(now.pages));
	if (!same) {
		held_print("before", before);
		held_print("now", &now);
	}
	TEST_ASSERT(same, "%s: the TDX module holds something else than before",
		    when);
}

void assert_measured(u64 added, u64 measured, const char *when)
{
	u64 chunks = measured * (PAGE_SIZE / MEASURE_CHUNK);
	struct held now;

	held_read(&now);
	if (!now.known)
		return;

	TEST_ASSERT(now.tds.counted, "%s: softtdx tells of no TD", when);
	TEST_ASSERT(now.tds.added == added && now.tds.extended == chunks,
		    "%s: %lu pages added, %lu chunks extended, not %lu, %lu",
		    when, now.tds.added, now.tds.extended, added, chunks);
}

void assert_refused(int ret, int want, const char *what)
{
	TEST_ASSERT(ret == -want, "%s: %s, not %s", what,
		    ret ? strerror(-ret) : "accepted", strerror(want));
}
