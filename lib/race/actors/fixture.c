// SPDX-License-Identifier: GPL-2.0-only
/* Create and free the VMs that the actors of a mix share. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "fixture_vm.h"

/* Raw, as libkvm's list of memslots is for one thread. */
int part_set(struct fixture *fx, unsigned int slot, unsigned int part,
	     u64 bytes, u32 flags)
{
	struct fixture_vm *a = &fx->normal;
	unsigned int file_part = part < PART_MOVING ? part : PART_MOVING;
	u64 offset = file_part * fx->pages * PAGE_SIZE;
	struct kvm_userspace_memory_region2 region = {
		.slot = slot,
		.flags = flags,
		.guest_phys_addr = part_gpa(fx, part),
		.memory_size = bytes,
		.userspace_addr = (u64)a->mem + offset,
	};

	if (flags & KVM_MEM_GUEST_MEMFD) {
		region.guest_memfd = a->fd;
		region.guest_memfd_offset = offset;
	}
	return ioctl(a->vm->fd, KVM_SET_USER_MEMORY_REGION2, &region);
}

static void part_add(struct fixture *fx, unsigned int part, u32 flags)
{
	int ret = part_set(fx, PART_SLOT(part), part, fx->pages * PAGE_SIZE,
			   flags);

	TEST_ASSERT(!ret, "memslot of part %u: %s", part, strerror(errno));
}

static void normal_create(struct fixture *fx)
{
	struct fixture_vm *a = &fx->normal;

	a->pages = FILE_PARTS * fx->pages;
	fixture_vm_create(a, VM_SHAPE_DEFAULT, NR_PARTS * fx->pages,
			&(struct fixture_map){
				.memory = MEMORY_NORMAL,
				.pages = NR_PARTS * fx->pages,
				.file_pages = a->pages,
				.last = fx->pages,
			});
	a->fd = gmem_create(a->vm, a->pages, GMEM_SHARED);
	a->mem = gmem_map(a->fd, a->pages);
	part_add(fx, PART_BOUND, KVM_MEM_GUEST_MEMFD);
	part_add(fx, PART_ADDED, KVM_MEM_GUEST_MEMFD);
	part_add(fx, PART_MOVING, 0);
	part_add(fx, PART_LOGGED, 0);
}

/*
 * A memslot with two backings: private pages are the guest_memfd's, shared ones
 * are userspace memory, or (@in_place) the guest_memfd's as well.
 */
static void protected_create(struct fixture *fx, struct fixture_vm *a,
			     u32 memory, bool in_place)
{
	const struct vm_shape shape = {
		.mode = VM_MODE_DEFAULT, .type = KVM_X86_SW_PROTECTED_VM,
	};
	int ret;

	a->pages = fx->pages;
	fixture_vm_create(a, shape, a->pages, &(struct fixture_map){
				.memory = memory,
				.pages = a->pages,
				.file_pages = a->pages,
			});
	a->fd = gmem_create(a->vm, a->pages, in_place ? GMEM_SHARED : 0);
	a->mem = kvm_mmap(a->pages * PAGE_SIZE, PROT_READ | PROT_WRITE,
			  in_place ? MAP_SHARED : MAP_SHARED | MAP_ANONYMOUS,
			  in_place ? a->fd : -1);
	ret = __vm_set_user_memory_region2(a->vm, PART_SLOT(0),
					   KVM_MEM_GUEST_MEMFD, NORMAL_GPA,
					   a->pages * PAGE_SIZE, a->mem, a->fd,
					   0);
	TEST_ASSERT(!ret, "memslot of a protected VM: %s", strerror(errno));
}

static void fixture_vm_free(struct fixture_vm *a)
{
	kvm_munmap(a->mem, a->pages * PAGE_SIZE);
	kvm_close(a->fd);
	kvm_vm_free(a->vm);
}

void fixture_create(struct fixture *fx, unsigned int parts, u64 pages)
{
	*fx = (struct fixture){ .pages = pages, .parts = parts };
	/* libkvm reads it once and keeps it, without a lock. */
	kvm_get_supported_cpuid();
	if (parts & FIXTURE_NORMAL)
		normal_create(fx);
	if (parts & FIXTURE_PRIVATE)
		protected_create(fx, &fx->private, MEMORY_PRIVATE, false);
	if (parts & FIXTURE_IN_PLACE)
		protected_create(fx, &fx->in_place, MEMORY_IN_PLACE, true);
	if (parts & FIXTURE_TD) {
		td_build_start(&fx->td, FIXTURE_TD_PAGES);
		shared_gmem_create(&fx->other, FIXTURE_TD_PAGES);
	}
}

void fixture_free(struct fixture *fx)
{
	if (fx->parts & FIXTURE_TD) {
		shared_gmem_free(&fx->other);
		td_build_free(&fx->td);
	}
	if (fx->parts & FIXTURE_IN_PLACE)
		fixture_vm_free(&fx->in_place);
	if (fx->parts & FIXTURE_PRIVATE)
		fixture_vm_free(&fx->private);
	if (fx->parts & FIXTURE_NORMAL)
		fixture_vm_free(&fx->normal);
}
