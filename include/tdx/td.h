/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of a TD as its VMM sees it, step by step, on top of libkvm's struct
 * kvm_vm: create, KVM_TDX_INIT_VM, vCPUs, memory, KVM_TDX_FINALIZE_VM, free.
 * Each step has two functions: __td_*() returns 0 or -errno, td_*() asserts
 * success. The order of the steps is KVM's; the errors are those of
 * Documentation/virt/kvm/x86/intel-tdx.rst and arch/x86/kvm/vmx/tdx.c.
 *
 * Written for 6.16 and later: kernels differ in errnos only. Run on 7.2 and
 * 7.3; not tested on older ones, which also need kvm.enable_virt_at_load=1,
 * their default.
 */
#ifndef TDX_TD_H
#define TDX_TD_H

#include "base/sha384.h"
#include "kvm_util.h"
#include "processor.h"

/*
 * Where tests put memory: 4 GiB, 1 GiB aligned. Below the shared bit (47) for
 * every width, above the APIC page, the reset vector and libkvm's own slot.
 */
#define TD_GPA		0x100000000ul

/* Register state of a TD: x87, SSE and AVX, which every host with TDX has. */
#define TD_XFAM		0x7

struct td {
	struct kvm_vm *vm;
	struct kvm_tdx_capabilities *caps;
	/* ATTRIBUTES for td_init_vm(), set before it; a new TD has none. */
	u64 attributes;
	/* So are these 48 bytes each, which the VMM chooses. */
	u8 mrconfigid[SHA384_SIZE], mrowner[SHA384_SIZE];
	u8 mrownerconfig[SHA384_SIZE];
	/* Status of the TDX module, from the last command that reports one. */
	u64 hw_error;
};

/* Memory of a TD: one memslot on one guest_memfd. */
struct td_mem {
	u32 slot;
	gpa_t gpa;
	u64 pages;
	int fd;		/* guest_memfd */
	u64 fd_page;	/* its first page in the slot */
};

/* A created VM of type TDX with its capabilities read, nothing else. */
struct td *td_create(void);
void td_free(struct td *td);

/* False once KVM has killed the VM, e.g. by KVM_BUG_ON(). */
bool td_alive(struct td *td);

int __td_init_vm(struct td *td);
void td_init_vm(struct td *td);

/*
 * Its two parts, for tests that vary them: the local APIC in KVM without the
 * I/O APIC, which TDX demands before the first vCPU; and the arguments, which
 * the caller frees and which have room for one more CPUID entry than they
 * count.
 */
int __td_split_irqchip(struct td *td);
struct kvm_tdx_init_vm *td_init_vm_args(struct td *td);

/*
 * A vCPU with KVM_SET_CPUID2 done. @id is its x2APIC id. KVM wants
 * td_init_vm() before; without it KVM_CREATE_VCPU gives EIO.
 */
struct kvm_vcpu *td_vcpu_add(struct td *td, u32 id);

/* Its second part, for an existing vCPU: the host's CPUID, for a TD. */
void td_vcpu_set_cpuid(struct kvm_vcpu *vcpu);

/*
 * @rcx is the value of RCX at the vCPU's first entry. The thread stays on its
 * CPU for the call: KVM does not support that a vCPU is migrated in the middle
 * of it.
 */
int __td_init_vcpu(struct td *td, struct kvm_vcpu *vcpu, u64 rcx);
void td_init_vcpu(struct td *td, struct kvm_vcpu *vcpu, u64 rcx);

int __td_finalize(struct td *td);
void td_finalize(struct td *td);

/* Any command on the VM or a vCPU's file descriptor. */
int __td_cmd(struct td *td, int fd, u32 id, u32 flags, u64 data);

/*
 * A memslot of @pages pages at @gpa on a guest_memfd, all PRIVATE. A new
 * guest_memfd, or pages @fd_page and on of an open one.
 */
void td_mem_add(struct td *td, struct td_mem *mem, u32 slot, gpa_t gpa,
		u64 pages);
void td_mem_add_fd(struct td *td, struct td_mem *mem, u32 slot, gpa_t gpa,
		   u64 pages, int fd, u64 fd_page);

/*
 * One call of KVM_TDX_INIT_MEM_REGION: KVM advances @region by what it added,
 * also when it fails. EINTR: a signal came.
 */
int __td_init_mem_region(struct td *td, struct kvm_vcpu *vcpu,
			 struct kvm_tdx_init_mem_region *region, u32 flags);

/*
 * Add @pages pages at @gpa, copied from @source, by KVM_TDX_INIT_MEM_REGION
 * with @flags; goes on after EINTR and EAGAIN where KVM stopped. @added, if not
 * NULL, is the number of pages added before an error. A page that was added
 * before gives EIO (EEXIST before 7.0) and leaves the VM alive.
 */
int __td_add_pages(struct td *td, struct kvm_vcpu *vcpu, const void *source,
		   gpa_t gpa, u64 pages, u32 flags, u64 *added);
void td_add_pages(struct td *td, struct kvm_vcpu *vcpu, const void *source,
		  gpa_t gpa, u64 pages, u32 flags);

/*
 * KVM_PRE_FAULT_MEMORY of @pages pages at @gpa, once the TD is final
 * (KVM_CAP_PRE_FAULT_MEMORY): a missing private page is added by
 * TDH.MEM.PAGE.AUG, pending until the guest accepts it; one that is not PRIVATE
 * is mapped as shared. Goes on after EINTR and EAGAIN; @done, if not NULL, is
 * the number of pages before an error.
 */
int __td_prefault(struct kvm_vcpu *vcpu, gpa_t gpa, u64 pages, u64 *done);
void td_prefault(struct kvm_vcpu *vcpu, gpa_t gpa, u64 pages);

/*
 * Assert that each of @pages pages at @gpa is mapped: adding it again must be
 * refused, by the errno for this and without killing the VM. Only for a TD that
 * is not finalized. This does not detect a KVM that always takes one gfn for
 * another; a hole in the page's place does.
 */
void td_assert_added(struct td *td, struct kvm_vcpu *vcpu, const void *source,
		     gpa_t gpa, u64 pages);

/* @pages pages of ordinary anonymous memory, written, each different. */
void *td_source_alloc(u64 pages);
void td_source_free(void *source, u64 pages);

/*
 * Fill @pages pages so that no two 8-byte words are equal, in them and in those
 * filled with another @seed: a word in a wrong place differs.
 */
void td_source_fill(void *source, u64 pages, u64 seed);

/* A TD with one vCPU and memory of @pages pages at TD_GPA, none added yet. */
struct td_build {
	struct td *td;
	struct kvm_vcpu *vcpu;
	struct td_mem mem;
	void *source;
};

void td_build_start(struct td_build *b, u64 pages);

/* The whole: td_build_start(), every page added with @flags, finalized. */
void td_build(struct td_build *b, u64 pages, u32 flags);
void td_build_free(struct td_build *b);

#endif
