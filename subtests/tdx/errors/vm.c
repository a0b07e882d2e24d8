// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rows of ioctl_errors for the VM's file descriptor: TDX commands other than
 * INIT_VM, and other ioctls of a VM that is a TD.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "errors.h"
#include "kvm/gmem.h"

#define CPUID_MAX	256		/* KVM_MAX_CPUID_ENTRIES */

static int capabilities_with(struct fixture *s, const struct row *r, void *data)
{
	struct row with = *r;

	with.cmd.id = KVM_TDX_CAPABILITIES;
	with.cmd.data = (unsigned long)data;
	return row_vm_cmd(s, &with);
}

/* @arg entries too few; KVM writes their number. */
static int capabilities(struct fixture *s, const struct row *r)
{
	u32 nent = s->td->caps->cpuid.nent;
	struct kvm_tdx_capabilities *caps;
	int ret;

	caps = calloc(1, sizeof(*caps) +
			 nent * sizeof(struct kvm_cpuid_entry2));
	TEST_ASSERT(caps, "no memory for struct kvm_tdx_capabilities");
	caps->cpuid.nent = nent - r->arg;
	ret = capabilities_with(s, r, caps);
	s->wrote = caps->cpuid.nent - (nent - r->arg);
	free(caps);
	return ret;
}

static int capabilities_unreadable(struct fixture *s, const struct row *r)
{
	void *page = page_unreadable();
	int ret = capabilities_with(s, r, page);

	kvm_munmap(page, PAGE_SIZE);
	return ret;
}

/* Enough room, but it cannot be written. */
static int capabilities_read_only(struct fixture *s, const struct row *r)
{
	size_t size = sizeof(*s->td->caps) +
		      CPUID_MAX * sizeof(struct kvm_cpuid_entry2);
	struct kvm_tdx_capabilities *caps;
	int ret;

	caps = kvm_mmap(size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1);
	caps->cpuid.nent = CPUID_MAX;
	TEST_ASSERT(!mprotect(caps, size, PROT_READ), "mprotect()");
	ret = capabilities_with(s, r, caps);
	kvm_munmap(caps, size);
	return ret;
}

static int cmd_unreadable(struct fixture *s, const struct row *r)
{
	void *page = page_unreadable();
	int ret = ioctl(s->td->vm->fd, KVM_MEMORY_ENCRYPT_OP, page);

	ret = ret ? -errno : 0;
	kvm_munmap(page, PAGE_SIZE);
	return ret;
}

/* KVM reads the command, executes it, and cannot write it back. */
static int cmd_read_only(struct fixture *s, const struct row *r)
{
	void *page = kvm_mmap(PAGE_SIZE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1);
	int ret;

	memcpy(page, &r->cmd, sizeof(r->cmd));
	TEST_ASSERT(!mprotect(page, PAGE_SIZE, PROT_READ), "mprotect()");
	ret = ioctl(s->td->vm->fd, KVM_MEMORY_ENCRYPT_OP, page);
	ret = ret ? -errno : 0;
	kvm_munmap(page, PAGE_SIZE);
	return ret;
}

/* An ioctl of the VM, @arg, by another process. */
static int foreign_ioctl(struct fixture *s, const struct row *r)
{
	struct kvm_tdx_cmd cmd = { .id = KVM_TDX_CAPABILITIES };
	int status;
	pid_t pid;

	pid = fork();
	TEST_ASSERT(pid >= 0, "fork: %s", strerror(errno));
	if (!pid)
		_exit(ioctl(s->td->vm->fd, r->arg, &cmd) ? errno : 0);

	TEST_ASSERT(waitpid(pid, &status, 0) == pid && WIFEXITED(status),
		    "the other process did not end by itself");
	return -WEXITSTATUS(status);
}

/* A VM of a type that KVM does not support. */
static int create_vm(struct fixture *s, const struct row *r)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	int vm, ret;

	TEST_ASSERT(kvm >= 0, "/dev/kvm: %s", strerror(errno));
	vm = ioctl(kvm, KVM_CREATE_VM, r->arg);
	ret = vm < 0 ? -errno : 0;
	if (vm >= 0)
		close(vm);
	close(kvm);
	return ret;
}

static int create_irqchip(struct fixture *s, const struct row *r)
{
	return __vm_ioctl(s->td->vm, KVM_CREATE_IRQCHIP, NULL) ? -errno : 0;
}

static int split_irqchip(struct fixture *s, const struct row *r)
{
	int ret = __vm_enable_cap(s->td->vm, KVM_CAP_SPLIT_IRQCHIP, 24);

	return ret ? -errno : 0;
}

static int max_vcpus(struct fixture *s, const struct row *r)
{
	return __vm_enable_cap(s->td->vm, KVM_CAP_MAX_VCPUS, 1) ? -errno : 0;
}

static int create_vcpu(struct fixture *s, const struct row *r)
{
	int fd = __vm_ioctl(s->td->vm, KVM_CREATE_VCPU, (void *)r->arg);
	int ret = fd < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return ret;
}

/* KVM checks the number before ids. */
static const char *unfit_one_vcpu(struct fixture *s)
{
	return vm_check_cap(s->td->vm, KVM_CAP_MAX_VCPUS) > 1 ?
	       NULL : "one CPU: one vCPU is all that a TD gets";
}

static int create_vcpu_max_id(struct fixture *s, const struct row *r)
{
	struct row with = *r;

	with.arg = vm_check_cap(s->td->vm, KVM_CAP_MAX_VCPU_ID);
	return create_vcpu(s, &with);
}

static int gmem_flags(struct fixture *s, const struct row *r)
{
	int fd = __gmem_create(s->td->vm, 1, r->arg);

	if (fd >= 0)
		close(fd);
	return fd < 0 ? fd : 0;
}

static const char *unfit_init_shared(struct fixture *s)
{
	int flags = vm_check_cap(s->td->vm, KVM_CAP_GUEST_MEMFD_FLAGS);

	return flags & GUEST_MEMFD_FLAG_INIT_SHARED ?
	       "KVM offers INIT_SHARED for TDs" : NULL;
}

/* A memslot with flags @arg, free of the TD's own. */
static int memslot(struct fixture *s, const struct row *r)
{
	int fd = gmem_create(s->td->vm, 1, 0);
	void *hva = page_unreadable();
	int ret;

	ret = __vm_set_user_memory_region2(s->td->vm, 7, r->arg, TD_GPA / 2,
					   PAGE_SIZE, hva, fd, 0);
	ret = ret ? -errno : 0;
	kvm_munmap(hva, PAGE_SIZE);
	kvm_close(fd);
	return ret;
}

static const struct row rows[] = {
	/* Which VM */
	ROW(AT(NO_TD), "CREATE_VM of an unknown type", create_vm, EINVAL,
	    .arg = 31),
	ROW(AT(NO_TD), "command of a TD on another VM", row_vm_cmd, ENOTTY,
	    .cmd = { .id = KVM_TDX_CAPABILITIES }),
	ROW(ANY_TD, "CHECK_EXTENSION by another process", foreign_ioctl, EIO,
	    .arg = KVM_CHECK_EXTENSION),
	ROW(ANY_TD, "CAPABILITIES by another process", foreign_ioctl, EIO,
	    .arg = KVM_MEMORY_ENCRYPT_OP),

	/* The command itself */
	ROW(ANY_TD, "command cannot be read", cmd_unreadable, EFAULT),
	ROW(ANY_TD, "CAPABILITIES, hw_error is not 0", row_vm_cmd, EINVAL,
	    .cmd = { .id = KVM_TDX_CAPABILITIES, .hw_error = 1 }),
	ROW(ANY_TD, "INIT_VM, hw_error is not 0", row_vm_cmd, EINVAL,
	    .cmd = { .id = KVM_TDX_INIT_VM, .hw_error = 1ul << 63 }),
	ROW(ANY_TD, "FINALIZE, hw_error is not 0", row_vm_cmd, EINVAL,
	    .cmd = { .id = KVM_TDX_FINALIZE_VM, .hw_error = 1 }),
	ROW(ANY_TD, "unknown command", row_vm_cmd, EINVAL,
	    .cmd = { .id = KVM_TDX_GET_CPUID + 1 }),
	ROW(ANY_TD, "unknown command", row_vm_cmd, EINVAL, .cmd = { .id = -1 }),
	ROW(ANY_TD, "INIT_VCPU on the VM", row_vm_cmd, EINVAL,
	    .cmd = { .id = KVM_TDX_INIT_VCPU }),
	ROW(ANY_TD, "INIT_MEM_REGION on the VM", row_vm_cmd, EINVAL,
	    .cmd = { .id = KVM_TDX_INIT_MEM_REGION }),
	ROW(ANY_TD, "GET_CPUID on the VM", row_vm_cmd, EINVAL,
	    .cmd = { .id = KVM_TDX_GET_CPUID }),

	/* CAPABILITIES: the same in every situation */
	ROW(ANY_TD, "CAPABILITIES", capabilities, 0),
	ROW(ANY_TD, "CAPABILITIES, flags", capabilities, EINVAL,
	    .cmd = { .flags = 1 }),
	ROW(ANY_TD, "CAPABILITIES, one entry too few", capabilities, E2BIG,
	    .arg = 1),
	ROW(ANY_TD, "CAPABILITIES cannot be read", capabilities_unreadable,
	    EFAULT),
	ROW(ANY_TD, "CAPABILITIES cannot be written", capabilities_read_only,
	    EFAULT),

	/* FINALIZE */
	ROW(AT(CREATED), "FINALIZE before INIT_VM", row_vm_cmd, EINVAL,
	    .cmd = { .id = KVM_TDX_FINALIZE_VM }),
	ROW(AT(FINALIZED), "FINALIZE again", row_vm_cmd, EINVAL,
	    .cmd = { .id = KVM_TDX_FINALIZE_VM }),
	ROW(AT(CREATED) | AT(FINALIZED), "FINALIZE cannot be written back",
	    cmd_read_only, EFAULT, .cmd = { .id = KVM_TDX_FINALIZE_VM }),

	/* The local APIC in KVM without the I/O APIC, before the first vCPU */
	ROW(AT(CREATED), "CREATE_IRQCHIP", create_irqchip, ENOTTY),
	ROW(AT(INIT_VM) | HAS_VCPU, "CREATE_IRQCHIP after SPLIT_IRQCHIP",
	    create_irqchip, EEXIST),
	ROW(AT(INIT_VM) | HAS_VCPU, "SPLIT_IRQCHIP again", split_irqchip,
	    EEXIST),

	/* vCPUs */
	ROW(AT(CREATED), "CREATE_VCPU before INIT_VM", create_vcpu, EIO),
	ROW(AT(FINALIZED), "CREATE_VCPU after FINALIZE", create_vcpu, EIO,
	    .arg = 1, .unfit = unfit_one_vcpu),
	ROW(AT(NO_IRQCHIP), "CREATE_VCPU without an irqchip", create_vcpu,
	    EINVAL),
	ROW(AT(INIT_VM) | HAS_VCPU, "CREATE_VCPU, id too big",
	    create_vcpu_max_id, EINVAL),
	/* Up to 7.2 KVM creates a vCPU before it checks the id. */
	ROW(AT(VCPU) | AT(INIT_VCPU), "CREATE_VCPU again", create_vcpu, EEXIST,
	    .unfit = unfit_one_vcpu),
	ROW(AT(FINALIZED), "CREATE_VCPU again, after FINALIZE", create_vcpu,
	    EEXIST, .earlier = EIO, .unfit = unfit_one_vcpu),
	ROW(ANY_TD, "ENABLE_CAP of MAX_VCPUS", max_vcpus, EINVAL),

	/* Memory */
	ROW(ANY_TD, "guest_memfd, INIT_SHARED", gmem_flags, EINVAL,
	    .arg = GMEM_SHARED, .unfit = unfit_init_shared),
	ROW(ANY_TD, "memslot, READONLY", memslot, EINVAL,
	    .arg = KVM_MEM_READONLY),
	ROW(ANY_TD, "memslot, READONLY with guest_memfd", memslot, EINVAL,
	    .arg = KVM_MEM_READONLY | KVM_MEM_GUEST_MEMFD),
	ROW(ANY_TD, "memslot, LOG_DIRTY_PAGES with guest_memfd", memslot,
	    EINVAL, .arg = KVM_MEM_LOG_DIRTY_PAGES | KVM_MEM_GUEST_MEMFD),
};

const struct rows errors_vm = { rows, ARRAY_SIZE(rows) };
