// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TD that is loaded in place: its image is written through a mapping of the
 * guest_memfd, made private, and added by KVM_TDX_INIT_MEM_REGION without a
 * source. The TD gets the same page that the host wrote.
 */
#include <errno.h>
#include <stdlib.h>

#include "host/pagemap.h"
#include "host/touch.h"
#include "kvm/convert.h"
#include "softtdx/sept.h"
#include "softtdx/stats.h"
#include "softtdx/td.h"
#include "subtests/gmem/tests.h"
#include "tdx/abi/mrtd.h"
#include "tdx/td.h"

#define MEASURE	KVM_TDX_MEASURE_MEMORY_REGION

struct loaded {
	struct td *td;
	struct kvm_vcpu *vcpu;
	/* Only what convert_set() needs. */
	struct convert_vm cv;
	u8 *image;		/* a copy to compare with */
	u64 *frame;		/* of each page while it was shared */
};

static void create(struct loaded *l, u64 pages)
{
	struct convert_vm *cv = &l->cv;

	l->td = td_create();
	td_init_vm(l->td);
	l->vcpu = td_vcpu_add(l->td, 0);
	td_init_vcpu(l->td, l->vcpu, 0);

	*cv = (struct convert_vm){
		.api = &convert_in_place, .vm = l->td->vm, .pages = pages,
	};
	cv->page = calloc(pages, sizeof(*cv->page));
	l->frame = calloc(pages, sizeof(*l->frame));
	l->image = malloc(pages * PAGE_SIZE);
	TEST_ASSERT(cv->page && l->frame && l->image, "no memory");
	cv->fd = gmem_create(cv->vm, pages, GMEM_SHARED);
	cv->mem = gmem_map(cv->fd, pages);
	cv->slot_mem = gmem_map(cv->fd, pages);
	vm_set_user_memory_region2(cv->vm, CONVERT_SLOT, KVM_MEM_GUEST_MEMFD,
				   TD_GPA, pages * PAGE_SIZE, cv->slot_mem,
				   cv->fd, 0);
}

static void destroy(struct loaded *l)
{
	struct convert_vm *cv = &l->cv;

	kvm_munmap(cv->mem, cv->pages * PAGE_SIZE);
	kvm_munmap(cv->slot_mem, cv->pages * PAGE_SIZE);
	kvm_close(cv->fd);
	td_free(l->td);
	free(cv->page);
	free(l->frame);
	free(l->image);
}

static void write_image(struct loaded *l)
{
	u64 i;

	td_source_fill(l->cv.mem, l->cv.pages, 3);
	memcpy(l->image, l->cv.mem, l->cv.pages * PAGE_SIZE);
	for (i = 0; i < l->cv.pages; i++)
		TEST_ASSERT_EQ(pagemap_pfn(l->cv.mem + i * PAGE_SIZE,
					   &l->frame[i]), 0);
}

static void add_in_place(struct loaded *l, u64 page, u64 pages, int want,
			 const char *when)
{
	struct kvm_tdx_init_mem_region region = {
		.gpa = TD_GPA + page * PAGE_SIZE, .nr_pages = pages,
	};
	int ret;

	do {
		ret = __td_init_mem_region(l->td, l->vcpu, &region, MEASURE);
	} while (ret == -EINTR || ret == -EAGAIN);
	TEST_ASSERT(ret == -want, "no source, %s: %s, page %lu", when,
		    ret ? strerror(-ret) : "no error",
		    page + pages - (u64)region.nr_pages);
	TEST_ASSERT(!region.source_addr, "no source, %s: it is now %#llx", when,
		    region.source_addr);
}

static struct softtdx_map *map_of(struct softtdx_map *maps, unsigned int nr,
				  gpa_t gpa)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (!maps[i].table && maps[i].gpa == gpa)
			return &maps[i];
	}
	return NULL;
}

/* At its gpa the same frame with the same bytes. */
static void assert_frames(struct loaded *l, const struct softtdx_td *td)
{
	struct softtdx_map *maps, *map;
	u8 hash[SHA384_SIZE];
	unsigned int nr;
	u64 i;

	TEST_ASSERT_EQ(softtdx_sept_read(SOFTTDX_DIR, td->pa, &maps, &nr), 0);
	for (i = 0; i < l->cv.pages; i++) {
		map = map_of(maps, nr, TD_GPA + i * PAGE_SIZE);
		TEST_ASSERT(!map == !l->cv.page[i].private,
			    "page %lu, which is %s, is %smapped", i,
			    l->cv.page[i].private ? "private" : "shared",
			    map ? "" : "not ");
		if (!map)
			continue;
		TEST_ASSERT(map->hpa == l->frame[i] * PAGE_SIZE,
			    "page %lu: the host wrote to %#lx, the TD has %#lx",
			    i, (u64)(l->frame[i] * PAGE_SIZE),
			    (u64)map->hpa);
		sha384_of(l->image + i * PAGE_SIZE, PAGE_SIZE, hash);
		TEST_ASSERT(!memcmp(hash, map->sha384, sizeof(hash)),
			    "page %lu: not the bytes that the host wrote", i);
	}
	free(maps);
}

static void assert_measured(struct loaded *l, const struct softtdx_td *td)
{
	u8 want[SHA384_SIZE];
	struct mrtd m;

	mrtd_init(&m);
	mrtd_region_added(&m, TD_GPA, l->image, l->cv.pages, true);
	mrtd_value(&m, want);
	TEST_ASSERT(!memcmp(want, td->mrtd, sizeof(want)),
		    "MRTD is not that of what the host wrote");
}

/* What only softtdx can show. */
static void look_inside(struct loaded *l, bool whole)
{
	struct softtdx_td td;

	if (softtdx_newest_td(SOFTTDX_DIR, &td)) {
		printf("no softtdx: frames and MRTD are not known\n");
		return;
	}
	assert_frames(l, &td);
	if (whole)
		assert_measured(l, &td);
}

static void assert_out_of_reach(struct convert_vm *cv)
{
	u64 i, value;

	for (i = 0; i < cv->pages; i++) {
		int ret = touch_read(cv->mem + i * PAGE_SIZE, &value);

		TEST_ASSERT(ret == (cv->page[i].private ? -EFAULT : 0),
			    "page %lu, which is %s: %s", i,
			    cv->page[i].private ? "private" : "shared",
			    ret ? strerror(-ret) : "no SIGBUS");
	}
}

void convert_td_load_in_place(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 16);
	struct loaded l;

	create(&l, pages);
	write_image(&l);
	add_in_place(&l, 0, 1, EINVAL, "while the page is shared");

	convert_set(&l.cv, 0, pages, true);
	assert_out_of_reach(&l.cv);
	add_in_place(&l, 0, pages, 0, "all pages");
	look_inside(&l, true);
	td_finalize(l.td);

	/* One page becomes shared again; its contents are undefined then. */
	convert_set(&l.cv, pages / 2, 1, false);
	assert_out_of_reach(&l.cv);
	look_inside(&l, false);
	TEST_ASSERT(td_alive(l.td), "KVM has killed the VM");
	destroy(&l);
}
