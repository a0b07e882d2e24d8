// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TD with the program in it: what libkvm's __vm_create_with_vcpus() does for
 * a VM whose registers can be set and whose memory can be written, done for one
 * that starts at its reset vector. libkvm lays everything out in the userspace
 * memory of the slots; td_load() adds it to the TD from there.
 */
#include <stdarg.h>

#include "tdx/guest_code/boot.h"
#include "tdx/guest.h"
#include "tdx/vm.h"
#include "ucall.h"

#define TD_VA_BITS	48
#define TD_PT_LEVELS	4
#define IDT_VECTORS	256

_Static_assert(offsetof(struct td_boot, cr3) == TD_BOOT_CR3, "boot.h");
_Static_assert(offsetof(struct td_boot, vcpus) == TD_BOOT_VCPUS, "boot.h");
_Static_assert(offsetof(struct td_boot, nr_vcpus) == TD_BOOT_NR_VCPUS,
	       "boot.h");
_Static_assert(offsetof(struct td_boot, xcr0) == TD_BOOT_XCR0, "boot.h");
_Static_assert(offsetof(struct td_boot_vcpu, rsp) == TD_VCPU_RSP, "boot.h");
_Static_assert(offsetof(struct td_boot_vcpu, fn) == TD_VCPU_FN, "boot.h");
_Static_assert(offsetof(struct td_boot_vcpu, args) == TD_VCPU_ARGS, "boot.h");
_Static_assert(offsetof(struct td_boot_vcpu, gdtr) == TD_VCPU_GDTR, "boot.h");
_Static_assert(offsetof(struct td_boot_vcpu, idtr) == TD_VCPU_IDTR, "boot.h");
_Static_assert(sizeof(struct td_boot_vcpu) == TD_VCPU_SIZE, "boot.h");

/* Four levels are in every TD, five only where CPU and CPUID have LA57. */
static void set_address_space(struct kvm_vm *vm)
{
	u64 max_gfn = (TD_SHARED >> vm->page_shift) - 1;

	vm->arch.s_bit = TD_SHARED;
	vm->gpa_tag_mask = TD_SHARED;
	vm->max_gfn = min(vm->max_gfn, max_gfn);
	vm->va_bits = TD_VA_BITS;
	vm->mmu.pgtable_levels = TD_PT_LEVELS;
	sparsebit_clear_all(vm->vpages_valid);
	vm_populate_gva_bitmap(vm);
}

static void add_slot(struct kvm_vm *vm, u32 slot, gpa_t gpa, u64 pages)
{
	vm_mem_add(vm, VM_MEM_SRC_ANONYMOUS, gpa, slot, pages,
		   KVM_MEM_GUEST_MEMFD, -1, 0);
}

/* What __vm_create() does for the VMs that libkvm knows. */
static void lay_out_image(struct kvm_vm *vm, unsigned int nr_vcpus)
{
	int i;

	add_slot(vm, TD_SLOT_IMAGE, 0, TD_IMAGE_PAGES);
	for (i = 0; i < NR_MEM_REGIONS; i++)
		vm->memslots[i] = TD_SLOT_IMAGE;

	kvm_vm_elf_load(vm, program_invocation_name);
	td_ucall_init(vm, TD_UCALL_GPA);
	kvm_arch_vm_post_create(vm, nr_vcpus);
	vm_install_exception_handler(vm, VE_VECTOR, td_handle_ve);
}

static void lay_out_reset_page(struct td_vm *tv, gva_t vcpus)
{
	struct td_boot boot = {
		.cr3 = tv->vm->mmu.pgd,
		.vcpus = vcpus,
		.nr_vcpus = tv->nr_vcpus,
		.xcr0 = tv->td->caps->supported_xfam & TD_XFAM,
	};
	u8 *page;

	add_slot(tv->vm, TD_SLOT_RESET, TD_RESET_GPA, 1);
	__vm_phy_pages_alloc(tv->vm, 1, TD_RESET_GPA, TD_SLOT_RESET, true);
	virt_map(tv->vm, TD_RESET_GPA, TD_RESET_GPA, 1);

	page = addr_gpa2hva(tv->vm, TD_RESET_GPA);
	memcpy(page, td_reset_page, PAGE_SIZE);
	memcpy(page, &boot, sizeof(boot));
}

/* The TSS in libkvm's GDT is busy already: LTR needs another one. */
static void fill_gdt(struct td_vm *tv, struct td_boot_vcpu *b, gva_t tss)
{
	struct desc64 *desc = (struct desc64 *)&b->gdt[TD_TSS / 8];

	memcpy(b->gdt, addr_gva2hva(tv->vm, tv->vm->arch.gdt), TD_TSS);
	*desc = (struct desc64) {
		.limit0 = TD_TSS_SIZE - 1,
		.base0 = tss,
		.base1 = tss >> 16,
		.base2 = tss >> 24,
		.base3 = tss >> 32,
		.type = 9,	/* available 64-bit TSS */
		.p = 1,
	};
}

static void fill_boot_vcpu(struct td_vm *tv, unsigned int i, gva_t gva,
			   void *guest)
{
	struct td_boot_vcpu *b = &tv->boot[i];

	gva += i * sizeof(*b);
	/*
	 * vm_alloc_stack() leaves room for a return address, which CALL pushes.
	 */
	b->rsp = vm_alloc_stack(tv->vm, DEFAULT_STACK_PGS) + 8;
	b->fn = (u64)guest;
	fill_gdt(tv, b, gva + offsetof(struct td_boot_vcpu, tss));
	b->gdtr.address = gva + offsetof(struct td_boot_vcpu, gdt);
	b->gdtr.size = sizeof(b->gdt) - 1;
	b->idtr.address = tv->vm->arch.idt;
	b->idtr.size = IDT_VECTORS * sizeof(struct idt_entry) - 1;
}

static void lay_out_boot(struct td_vm *tv, void *guest)
{
	size_t size = tv->nr_vcpus * sizeof(*tv->boot);
	gva_t gva = vm_alloc(tv->vm, size, KVM_UTIL_MIN_VADDR);
	unsigned int i;

	tv->boot = addr_gva2hva(tv->vm, gva);
	memset(tv->boot, 0, size);
	for (i = 0; i < tv->nr_vcpus; i++)
		fill_boot_vcpu(tv, i, gva, guest);
	lay_out_reset_page(tv, gva);
}

static void create_vcpus(struct td_vm *tv)
{
	unsigned int i;

	for (i = 0; i < tv->nr_vcpus; i++) {
		tv->vcpus[i].vcpu = td_vcpu_add(tv->td, i);
		td_init_vcpu(tv->td, tv->vcpus[i].vcpu, 0);
	}
}

/* The VM's capability; that of /dev/kvm is for VMs of other types. */
unsigned int td_max_vcpus(void)
{
	struct kvm_vm *vm = vm_create_barebones_type(KVM_X86_TDX_VM);
	int max = vm_check_cap(vm, KVM_CAP_MAX_VCPUS);

	kvm_vm_free(vm);
	return max;
}

static void copy_mr(u8 *to, const u8 *from)
{
	if (from)
		memcpy(to, from, SHA384_SIZE);
}

static void take_opts(struct td_vm *tv, const struct td_opts *opts)
{
	tv->td->attributes = opts->attributes;
	copy_mr(tv->td->mrconfigid, opts->mrconfigid);
	copy_mr(tv->td->mrowner, opts->mrowner);
	copy_mr(tv->td->mrownerconfig, opts->mrownerconfig);
	if (opts->measure)
		tv->add_flags = KVM_TDX_MEASURE_MEMORY_REGION;
}

struct td_vm *td_new(unsigned int nr_vcpus, void *guest,
		     const struct td_opts *opts)
{
	struct td_vm *tv = calloc(1, sizeof(*tv));

	TEST_ASSERT(tv, "no memory for a TD");
	tv->vcpus = calloc(nr_vcpus, sizeof(*tv->vcpus));
	TEST_ASSERT(tv->vcpus, "no memory for %u vCPUs", nr_vcpus);
	tv->nr_vcpus = nr_vcpus;
	kvm_set_files_rlimit(nr_vcpus);
	mrtd_init(&tv->mrtd);

	tv->td = td_create();
	tv->vm = tv->td->vm;
	if (opts)
		take_opts(tv, opts);

	set_address_space(tv->vm);
	lay_out_image(tv->vm, nr_vcpus);
	vm_enable_cap(tv->vm, KVM_CAP_EXIT_HYPERCALL,
		      BIT(KVM_HC_MAP_GPA_RANGE));
	td_init_vm(tv->td);
	create_vcpus(tv);
	lay_out_boot(tv, guest);
	return tv;
}

void td_args(struct td_vm *tv, unsigned int vcpu, unsigned int nr, ...)
{
	unsigned int i;
	va_list ap;

	TEST_ASSERT(nr <= TD_NR_ARGS, "%u arguments, %u at most", nr,
		    TD_NR_ARGS);
	TEST_ASSERT(tv->boot, "arguments after td_load()");
	va_start(ap, nr);
	for (i = 0; i < nr; i++)
		tv->boot[vcpu].args[i] = va_arg(ap, u64);
	va_end(ap);
}

void td_add(struct td_vm *tv, const void *source, gpa_t gpa, u64 pages)
{
	td_add_pages(tv->td, tv->vcpus[0].vcpu, source, gpa, pages,
		     tv->add_flags);
	mrtd_region_added(&tv->mrtd, gpa, source, pages,
			  tv->add_flags & KVM_TDX_MEASURE_MEMORY_REGION);
}

/* The pages of the slot that libkvm has given out as private. */
static void load_slot(struct td_vm *tv, u32 slot)
{
	struct userspace_mem_region *r = memslot2region(tv->vm, slot);
	sparsebit_idx_t first, last;

	sparsebit_for_each_set_range(r->protected_phy_pages, first, last) {
		gpa_t gpa = first * PAGE_SIZE;
		u64 pages = last - first + 1;

		vm_mem_set_private(tv->vm, gpa, pages * PAGE_SIZE);
		td_add(tv, addr_gpa2hva(tv->vm, gpa), gpa, pages);
	}
}

void td_load(struct td_vm *tv)
{
	unsigned int i;

	load_slot(tv, TD_SLOT_IMAGE);
	load_slot(tv, TD_SLOT_RESET);
	for (i = 0; i < tv->nr_areas; i++) {
		struct td_area *area = tv->areas[i];

		if (area->kind == TD_AREA_INIT)
			td_add(tv, area->hva, area->mem.gpa, area->mem.pages);
	}
	tv->vm->arch.is_pt_protected = true;
	tv->boot = NULL;
}

struct td_vm *td_start(unsigned int nr_vcpus, void *guest)
{
	struct td_vm *tv = td_new(nr_vcpus, guest, NULL);

	td_load(tv);
	td_finalize(tv->td);
	return tv;
}

void td_end(struct td_vm *tv)
{
	unsigned int i;

	for (i = 0; i < tv->nr_areas; i++) {
		if (tv->areas[i]->own_fd)
			kvm_close(tv->areas[i]->mem.fd);
	}
	td_free(tv->td);
	free(tv->vcpus);
	free(tv);
}
