// SPDX-License-Identifier: GPL-2.0-only
/* Memory of a test in a TD: a memslot with two mappings in the guest. */
#include "kvm/gmem.h"
#include "tdx/guest.h"
#include "tdx/vm.h"

#define PAGES_2M	512
#define SIZE_2M		(PAGES_2M * PAGE_SIZE)

/* libkvm sets the shared bit by the page, this function by the mapping. */
static void map_4k(struct kvm_vm *vm, gva_t gva, gpa_t gpa, bool shared)
{
	u64 *pte;

	virt_map(vm, gva, gpa, 1);
	pte = vm_get_pte(vm, gva);
	*pte &= ~vm->arch.s_bit;
	if (shared)
		*pte |= vm->arch.s_bit;
}

/* Large pages where they fit: fewer page tables to add to the TD. */
static void map_private(struct kvm_vm *vm, gpa_t gpa, u64 pages)
{
	gpa_t end = gpa + pages * PAGE_SIZE;
	u64 step;

	for (; gpa < end; gpa += step) {
		gva_t gva = (gva_t)td_private(gpa);
		bool large = !(gpa % SIZE_2M) && end - gpa >= SIZE_2M;

		step = large ? SIZE_2M : PAGE_SIZE;
		if (large)
			virt_map_level(vm, gva, gpa, step, PG_LEVEL_2M);
		else
			map_4k(vm, gva, gpa, false);
	}
}

static void map_shared(struct kvm_vm *vm, gpa_t gpa, u64 pages)
{
	u64 i;

	for (i = 0; i < pages; i++, gpa += PAGE_SIZE)
		map_4k(vm, (gva_t)td_shared(gpa), gpa, true);
}

void td_area_add_fd(struct td_vm *tv, struct td_area *area, gpa_t gpa,
		    u64 pages, enum td_area_kind kind, int fd, u64 fd_page)
{
	u32 slot = TD_SLOT_AREAS + tv->nr_areas;
	u64 size = pages * PAGE_SIZE;

	TEST_ASSERT(tv->boot, "an area after td_load()");
	TEST_ASSERT(tv->nr_areas < TD_MAX_AREAS, "%u areas", tv->nr_areas + 1);

	td_mem_add_fd(tv->td, &area->mem, slot, gpa, pages, fd, fd_page);
	area->kind = kind;
	area->own_fd = false;
	area->hva = addr_gpa2hva(tv->vm, gpa);
	if (kind == TD_AREA_SHARED)
		vm_mem_set_shared(tv->vm, gpa, size);

	__vm_phy_pages_alloc(tv->vm, pages, gpa, slot, kind != TD_AREA_SHARED);
	map_private(tv->vm, gpa, pages);
	map_shared(tv->vm, gpa, pages);
	tv->areas[tv->nr_areas++] = area;
}

void td_area_add(struct td_vm *tv, struct td_area *area, gpa_t gpa, u64 pages,
		 enum td_area_kind kind)
{
	td_area_add_fd(tv, area, gpa, pages, kind,
		       gmem_create(tv->vm, pages, 0), 0);
	area->own_fd = true;
}
