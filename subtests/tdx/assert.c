// SPDX-License-Identifier: GPL-2.0-only
/* Assertions that the subtests of tdx_vm_huge_page.c share. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "subtests/tdx/tests.h"

#define RESET_PAGE	0xfffff000ul

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

static int __module_counts_read(struct module_counts *h)
{
	struct softtdx_stats stats;
	struct softtdx_td *tds;
	int ret;

	*h = (struct module_counts){};
	ret = softtdx_stats_read(SOFTTDX_DIR, &stats) ?:
	      softtdx_tds_read(SOFTTDX_DIR, &tds, &h->nr_tds);
	if (ret)
		return ret;

	h->pages = stats.pages;
	h->keyids = stats.keyids;
	if (h->nr_tds)
		h->newest = tds[0];
	free(tds);
	return 0;
}

void module_counts_read(struct module_counts *h)
{
	int ret = __module_counts_read(h);

	TEST_ASSERT(!ret || ret == -ENOENT || ret == -EACCES, "%s: %s",
		    SOFTTDX_DIR, strerror(-ret));
	h->known = !ret;
	if (!h->known)
		printf("what the TDX module holds is not compared: %s: %s\n",
		       SOFTTDX_DIR, strerror(-ret));
}

static void module_counts_print(const char *when, const struct module_counts *h)
{
	fprintf(stderr, "%s: %u TDs, pages REG %lu TDR %lu TDCX %lu TDVPR %lu EPT %lu NDA %lu RSVD %lu, keyids FREE %lu RESERVED %lu ASSIGNED %lu FLUSHED %lu\n",
		when, h->nr_tds, h->pages.reg, h->pages.tdr, h->pages.tdcx,
		h->pages.tdvpr, h->pages.ept, h->pages.nda, h->pages.rsvd,
		h->keyids.free, h->keyids.reserved, h->keyids.assigned,
		h->keyids.flushed);
}

void assert_module_counts(const struct module_counts *before, const char *when)
{
	struct module_counts now;
	bool same;

	if (!before->known)
		return;

	module_counts_read(&now);
	same = now.known && now.nr_tds == before->nr_tds &&
	       !memcmp(&now.pages, &before->pages, sizeof(now.pages)) &&
	       !memcmp(&now.keyids, &before->keyids, sizeof(now.keyids));
	if (!same) {
		module_counts_print("before", before);
		module_counts_print("now", &now);
	}
	TEST_ASSERT(same, "%s: the TDX module holds something else than before",
		    when);
}

void assert_measured(u64 added, u64 measured, const char *when)
{
	u64 chunks = measured * (PAGE_SIZE / MEASURE_CHUNK);
	struct module_counts now;

	module_counts_read(&now);
	if (!now.known)
		return;

	TEST_ASSERT(now.newest.has_tdcs, "%s: softtdx has no TD", when);
	TEST_ASSERT(now.newest.added == added && now.newest.extended == chunks,
		    "%s: %lu pages added, %lu chunks extended, not %lu, %lu",
		    when, now.newest.added, now.newest.extended, added, chunks);
}

void assert_refused(int ret, int want, const char *what)
{
	TEST_ASSERT(ret == -want, "%s: %s, not %s", what,
		    ret ? strerror(-ret) : "accepted", strerror(want));
}

void assert_no_reset_vector(struct kvm_vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;

	assert_refused(__vcpu_run(vcpu) ? -errno : 0, EFAULT,
		       "KVM_RUN without a reset vector");
	TEST_ASSERT_KVM_EXIT_REASON(vcpu, KVM_EXIT_MEMORY_FAULT);
	TEST_ASSERT(run->memory_fault.gpa == RESET_PAGE &&
		    run->memory_fault.size == PAGE_SIZE &&
		    run->memory_fault.flags == KVM_MEMORY_EXIT_FLAG_PRIVATE,
		    "gpa %#llx, size %#llx, flags %#llx", run->memory_fault.gpa,
		    run->memory_fault.size, run->memory_fault.flags);
}
