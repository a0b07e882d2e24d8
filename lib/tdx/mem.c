// SPDX-License-Identifier: GPL-2.0-only
/* Memory of a TD: memslots on guest_memfd, and the pages of its image. */
#include <errno.h>
#include <string.h>

#include "kvm/gmem.h"
#include "tdx/td.h"

static gpa_t page_gpa(gpa_t gpa, u64 page)
{
	return gpa + page * PAGE_SIZE;
}

void td_mem_add_fd(struct td *td, struct td_mem *mem, u32 slot, gpa_t gpa,
		   u64 pages, int fd, u64 fd_page)
{
	*mem = (struct td_mem) {
		.slot = slot, .gpa = gpa, .pages = pages, .fd = fd,
		.fd_page = fd_page,
	};
	vm_mem_add(td->vm, VM_MEM_SRC_ANONYMOUS, gpa, slot, pages,
		   KVM_MEM_GUEST_MEMFD, fd, fd_page * PAGE_SIZE);
	vm_mem_set_private(td->vm, gpa, pages * PAGE_SIZE);
}

void td_mem_add(struct td *td, struct td_mem *mem, u32 slot, gpa_t gpa,
		u64 pages)
{
	td_mem_add_fd(td, mem, slot, gpa, pages, gmem_create(td->vm, pages, 0),
		      0);
}

int __td_init_mem_region(struct td *td, struct kvm_vcpu *vcpu,
			 struct kvm_tdx_init_mem_region *region, u32 flags)
{
	return __td_cmd(td, vcpu->fd, KVM_TDX_INIT_MEM_REGION, flags,
			(unsigned long)region);
}

int __td_add_pages(struct td *td, struct kvm_vcpu *vcpu, const void *source,
		   gpa_t gpa, u64 pages, u32 flags, u64 *added)
{
	struct kvm_tdx_init_mem_region region = {
		.source_addr = (unsigned long)source, .gpa = gpa,
		.nr_pages = pages,
	};
	int ret;

	/* KVM always writes back how far it came. */
	do {
		ret = __td_init_mem_region(td, vcpu, &region, flags);
	} while ((ret == -EINTR || ret == -EAGAIN) && region.nr_pages);

	if (added)
		*added = pages - region.nr_pages;
	return ret;
}

void td_add_pages(struct td *td, struct kvm_vcpu *vcpu, const void *source,
		  gpa_t gpa, u64 pages, u32 flags)
{
	u64 added;
	int ret;

	ret = __td_add_pages(td, vcpu, source, gpa, pages, flags, &added);
	if (ret)
		fprintf(stderr, "page %lu of %lu, gpa %#lx: %s\n", added, pages,
			page_gpa(gpa, added), strerror(-ret));

	errno = -ret;
	TEST_ASSERT_VM_VCPU_IOCTL(!ret, KVM_TDX_INIT_MEM_REGION, ret, td->vm);
	TEST_ASSERT(added == pages, "KVM added %lu of %lu pages and said 0",
		    added, pages);
}

int __td_prefault(struct kvm_vcpu *vcpu, gpa_t gpa, u64 pages, u64 *done)
{
	struct kvm_pre_fault_memory range = {
		.gpa = gpa, .size = pages * PAGE_SIZE,
	};
	int ret;

	/* KVM returns 0 after any progress; the next call has the error. */
	do {
		ret = ioctl(vcpu->fd, KVM_PRE_FAULT_MEMORY, &range);
		ret = ret ? -errno : 0;
	} while ((!ret || ret == -EINTR || ret == -EAGAIN) && range.size);

	if (done)
		*done = pages - range.size / PAGE_SIZE;
	return ret;
}

void td_prefault(struct kvm_vcpu *vcpu, gpa_t gpa, u64 pages)
{
	u64 done;
	int ret = __td_prefault(vcpu, gpa, pages, &done);

	TEST_ASSERT(!ret, "KVM_PRE_FAULT_MEMORY: page %lu of %lu, gpa %#lx: %s",
		    done, pages, page_gpa(gpa, done), strerror(-ret));
}

static bool means_already_added(int ret)
{
	return ret == -EIO || ret == -EEXIST;
}

void td_assert_added(struct td *td, struct kvm_vcpu *vcpu, const void *source,
		     gpa_t gpa, u64 pages)
{
	u64 i, added;
	int ret;

	for (i = 0; i < pages; i++) {
		ret = __td_add_pages(td, vcpu, source, page_gpa(gpa, i), 1, 0,
				     &added);
		TEST_ASSERT(ret, "gpa %#lx was not mapped: adding it again worked",
			    page_gpa(gpa, i));
		TEST_ASSERT(means_already_added(ret) && !added,
			    "adding gpa %#lx again: %s, %lu added",
			    page_gpa(gpa, i), strerror(-ret), added);
		TEST_ASSERT(td_alive(td), "adding gpa %#lx again killed the VM",
			    page_gpa(gpa, i));
	}
}

void *td_source_alloc(u64 pages)
{
	u8 *source = kvm_mmap(pages * PAGE_SIZE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1);

	gmem_write_pattern(source, pages, 0x7d);
	return source;
}

void td_source_fill(void *source, u64 pages, u64 seed)
{
	u64 *word = source, i;

	for (i = 0; i < pages * PAGE_SIZE / sizeof(*word); i++)
		word[i] = seed << 48 | i;
}

void td_source_free(void *source, u64 pages)
{
	kvm_munmap(source, pages * PAGE_SIZE);
}

void td_build_start(struct td_build *b, u64 pages)
{
	b->td = td_create();
	td_init_vm(b->td);
	b->vcpu = td_vcpu_add(b->td, 0);
	td_init_vcpu(b->td, b->vcpu, 0);
	td_mem_add(b->td, &b->mem, 0, TD_GPA, pages);
	b->source = td_source_alloc(pages);
}

void td_build(struct td_build *b, u64 pages, u32 flags)
{
	td_build_start(b, pages);
	td_add_pages(b->td, b->vcpu, b->source, b->mem.gpa, pages, flags);
	td_finalize(b->td);
}

void td_build_free(struct td_build *b)
{
	td_source_free(b->source, b->mem.pages);
	kvm_close(b->mem.fd);
	td_free(b->td);
}
