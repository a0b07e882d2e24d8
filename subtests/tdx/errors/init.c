// SPDX-License-Identifier: GPL-2.0-only
/* Rows of ioctl_errors for KVM_TDX_INIT_VM. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "errors.h"
#include "userfaultfd_util.h"

#define CPUID_WIDTHS	0x80000008
#define GUEST_WIDTH(n)	((n) << 16)
#define CPUID_MAX	256		/* KVM_MAX_CPUID_ENTRIES */

#define HLE		(1u << 4)	/* CPUID 7.0 EBX */
#define RTM		(1u << 11)
#define WAITPKG		(1u << 5)	/* CPUID 7.0 ECX */

/* TDX_OPERAND_INVALID, operand CPUID_CONFIG: of TDH.MNG.INIT. */
#define CPUID_REFUSED	0xc000010000000045ul

static struct kvm_cpuid_entry2 *entry_of(struct kvm_tdx_init_vm *init,
					 u32 function, u32 index)
{
	u32 i;

	for (i = 0; i < init->cpuid.nent; i++) {
		struct kvm_cpuid_entry2 *e = &init->cpuid.entries[i];

		if (e->function == function && e->index == index)
			return e;
	}

	/* Not the host's CPUID: for a refusal an empty entry is enough. */
	memset(&init->cpuid.entries[i], 0, sizeof(init->cpuid.entries[i]));
	init->cpuid.entries[i].function = function;
	init->cpuid.entries[i].index = index;
	init->cpuid.entries[i].flags = KVM_CPUID_FLAG_SIGNIFCANT_INDEX;
	init->cpuid.nent++;
	return &init->cpuid.entries[i];
}

static int init_vm_with(struct fixture *s, const struct row *r, void *data)
{
	struct row with = *r;

	with.cmd.id = KVM_TDX_INIT_VM;
	with.cmd.data = (unsigned long)data;
	return row_vm_cmd(s, &with);
}

/* Valid arguments, except for what the row changes. */
static int init_vm(struct fixture *s, const struct row *r)
{
	struct kvm_tdx_init_vm *init = td_init_vm_args(s->td);
	int ret;

	if (r->init)
		r->init(s->td, init);
	ret = init_vm_with(s, r, init);
	free(init);
	return ret;
}

static void bad_reserved(struct td *td, struct kvm_tdx_init_vm *init)
{
	init->reserved[11] = 1;
}

static void bad_padding(struct td *td, struct kvm_tdx_init_vm *init)
{
	init->cpuid.padding = 1;
}

static void bad_nent(struct td *td, struct kvm_tdx_init_vm *init)
{
	init->cpuid.nent = CPUID_MAX + 1;
}

/* Bit 0 is DEBUG, which KVM does not support up to 7.3. */
static void bad_attributes(struct td *td, struct kvm_tdx_init_vm *init)
{
	init->attributes = ~td->caps->supported_attrs &
			   -~td->caps->supported_attrs;
}

static void bad_xfam(struct td *td, struct kvm_tdx_init_vm *init)
{
	init->xfam |= ~td->caps->supported_xfam &
		      -~td->caps->supported_xfam;
}

static void bad_no_widths(struct td *td, struct kvm_tdx_init_vm *init)
{
	struct kvm_cpuid_entry2 *e = entry_of(init, CPUID_WIDTHS, 0);

	*e = init->cpuid.entries[--init->cpuid.nent];
}

static void set_width(struct kvm_tdx_init_vm *init, u32 width)
{
	struct kvm_cpuid_entry2 *e = entry_of(init, CPUID_WIDTHS, 0);

	e->eax = (e->eax & ~GUEST_WIDTH(0xff)) | GUEST_WIDTH(width);
}

static void bad_width_0(struct td *td, struct kvm_tdx_init_vm *init)
{
	set_width(init, 0);
}

static void bad_width_47(struct td *td, struct kvm_tdx_init_vm *init)
{
	set_width(init, 47);
}

static void bad_width_52(struct td *td, struct kvm_tdx_init_vm *init)
{
	set_width(init, 52);
}

static void bad_twice(struct td *td, struct kvm_tdx_init_vm *init)
{
	struct kvm_cpuid_entry2 *e = entry_of(init, CPUID_WIDTHS, 0);

	init->cpuid.entries[init->cpuid.nent++] = *e;
}

/* Leaf 2 is not configurable in any module. */
static void bad_leaf(struct td *td, struct kvm_tdx_init_vm *init)
{
	entry_of(init, 2, 0);
}

static void bad_hle(struct td *td, struct kvm_tdx_init_vm *init)
{
	entry_of(init, 7, 0)->ebx |= HLE;
}

static void bad_rtm(struct td *td, struct kvm_tdx_init_vm *init)
{
	entry_of(init, 7, 0)->ebx |= RTM;
}

static void bad_waitpkg(struct td *td, struct kvm_tdx_init_vm *init)
{
	entry_of(init, 7, 0)->ecx |= WAITPKG;
}

/* The module checks the bits; it has none for this register. */
static void bad_bits(struct td *td, struct kvm_tdx_init_vm *init)
{
	entry_of(init, CPUID_WIDTHS, 0)->edx |= 1u << 31;
}

static const char *unfit_leaf_7(struct fixture *s)
{
	u32 i;

	for (i = 0; i < s->td->caps->cpuid.nent; i++) {
		if (s->td->caps->cpuid.entries[i].function == 7 &&
		    !s->td->caps->cpuid.entries[i].index)
			return NULL;
	}
	return "leaf 7.0 is not configurable";
}

/* 52 bits are refused only if the S-EPT has four levels. */
static const char *unfit_5_levels(struct fixture *s)
{
	char *line = NULL;
	const char *why = NULL;
	size_t size = 0;
	FILE *f;

	f = fopen("/proc/cpuinfo", "r");
	if (!f)
		return "/proc/cpuinfo cannot be read";

	while (getline(&line, &size, f) > 0) {
		if (strstr(line, " ept_5level"))
			why = "the CPU has EPT of five levels";
	}
	free(line);
	fclose(f);
	return why;
}

static int init_vm_unreadable(struct fixture *s, const struct row *r)
{
	void *page = page_unreadable();
	int ret = init_vm_with(s, r, page);

	kvm_munmap(page, PAGE_SIZE);
	return ret;
}

/* What init_vm_nent_changes() puts before the number of entries. */
static struct {
	u8 front[PAGE_SIZE];
	u32 *nent;
	u64 changes;
} late;

static int give_front(int mode, int uffd, struct uffd_msg *msg)
{
	struct uffdio_copy copy = {
		.dst = msg->arg.pagefault.address & PAGE_MASK,
		.src = (unsigned long)late.front, .len = PAGE_SIZE,
	};

	(*late.nent)--;
	late.changes++;
	return ioctl(uffd, UFFDIO_COPY, &copy);
}

/*
 * KVM reads the number of entries first, then the whole struct. What comes
 * before the number is in a missing page: while KVM waits for it, the number
 * changes.
 */
static int init_vm_nent_changes(struct fixture *s, const struct row *r)
{
	size_t before = offsetof(struct kvm_tdx_init_vm, cpuid.nent), after;
	struct kvm_tdx_init_vm *args = td_init_vm_args(s->td);
	struct uffd_desc *uffd;
	u8 *map;
	int ret;

	after = sizeof(*args) - before +
		args->cpuid.nent * sizeof(struct kvm_cpuid_entry2);
	map = kvm_mmap(PAGE_SIZE + after, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1);
	memcpy(late.front + PAGE_SIZE - before, args, before);
	memcpy(map + PAGE_SIZE, (u8 *)args + before, after);
	late.nent = (u32 *)(map + PAGE_SIZE);
	late.changes = 0;

	uffd = uffd_setup_demand_paging(UFFDIO_REGISTER_MODE_MISSING, 0, map,
					PAGE_SIZE, 1, give_front);
	ret = init_vm_with(s, r, map + PAGE_SIZE - before);
	uffd_stop_demand_paging(uffd);
	s->wrote = late.changes;
	kvm_munmap(map, PAGE_SIZE + after);
	free(args);
	return ret;
}

/*
 * Up to 6.18 KVM reads the struct once, with the number in it, so that a number
 * that changes before is the number. Here only the number can be read, and it
 * is too big.
 */
static bool reads_number_first(void)
{
	size_t at = offsetof(struct kvm_tdx_init_vm, cpuid.nent);
	struct td *td = td_create();
	u8 *map;
	int ret;

	map = kvm_mmap(2 * PAGE_SIZE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1);
	*(u32 *)(map + PAGE_SIZE) = CPUID_MAX + 1;
	kvm_munmap(map, PAGE_SIZE);
	ret = __td_cmd(td, td->vm->fd, KVM_TDX_INIT_VM, 0,
		       (unsigned long)map + PAGE_SIZE - at);
	TEST_ASSERT(ret == -E2BIG || ret == -EFAULT,
		    "INIT_VM that cannot be read but for 257 entries: %s, neither E2BIG nor EFAULT",
		    strerror(-ret));
	kvm_munmap(map + PAGE_SIZE, PAGE_SIZE);
	td_free(td);
	return ret == -E2BIG;
}

static int nent_changes(void)
{
	return reads_number_first() ? EINVAL : 0;
}

/* Also for kernel faults: KVM waits for the page. */
static const char *unfit_uffd(struct fixture *s)
{
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0 ? NULL : "no userfaultfd";
}

static const struct row rows[] = {
	ROW(ANY_TD & ~AT(CREATED), "INIT_VM again", init_vm, EINVAL),
	ROW(AT(CREATED), "INIT_VM, flags", init_vm, EINVAL,
	    .cmd = { .flags = 1 }),
	ROW(AT(CREATED), "INIT_VM cannot be read", init_vm_unreadable, EFAULT),
	ROW(AT(CREATED), "INIT_VM, 257 entries", init_vm, E2BIG,
	    .init = bad_nent),
	ROW(AT(CREATED), "INIT_VM, reserved", init_vm, EINVAL,
	    .init = bad_reserved),
	ROW(AT(CREATED), "INIT_VM, padding", init_vm, EINVAL,
	    .init = bad_padding),
	ROW(AT(CREATED), "INIT_VM, number of entries changes",
	    init_vm_nent_changes, EINVAL, .wrote = 1, .unfit = unfit_uffd,
	    .want_here = nent_changes, .bug = KNOWN_BUG_NENT_READ_TWICE,
	    .bug_wrote = 1),
	ROW(AT(CREATED), "INIT_VM, attributes", init_vm, EINVAL,
	    .init = bad_attributes),
	ROW(AT(CREATED), "INIT_VM, xfam", init_vm, EINVAL, .init = bad_xfam),
	ROW(AT(CREATED), "INIT_VM, no leaf 0x80000008", init_vm, EINVAL,
	    .init = bad_no_widths),
	ROW(AT(CREATED), "INIT_VM, 0 bits of gpa", init_vm, EINVAL,
	    .init = bad_width_0),
	ROW(AT(CREATED), "INIT_VM, 47 bits of gpa", init_vm, EINVAL,
	    .init = bad_width_47),
	ROW(AT(CREATED), "INIT_VM, 52 bits of gpa without 5-level EPT", init_vm,
	    EINVAL, .init = bad_width_52, .unfit = unfit_5_levels),
	ROW(AT(CREATED), "INIT_VM, CPUID entry twice", init_vm, EINVAL,
	    .init = bad_twice),
	ROW(AT(CREATED), "INIT_VM, CPUID leaf not configurable", init_vm,
	    EINVAL, .init = bad_leaf),
	ROW(AT(CREATED), "INIT_VM, HLE", init_vm, EINVAL, .init = bad_hle,
	    .unfit = unfit_leaf_7),
	ROW(AT(CREATED), "INIT_VM, RTM", init_vm, EINVAL, .init = bad_rtm,
	    .unfit = unfit_leaf_7),
	ROW(AT(CREATED), "INIT_VM, WAITPKG", init_vm, EINVAL,
	    .init = bad_waitpkg, .unfit = unfit_leaf_7),
	/* TDH.MNG.INIT refuses it: the TD is complete, and destroyed again. */
	ROW(AT(CREATED), "INIT_VM, CPUID bit not configurable", init_vm, EINVAL,
	    .init = bad_bits, .hw_error = CPUID_REFUSED),
};

const struct rows errors_init = { rows, ARRAY_SIZE(rows) };
