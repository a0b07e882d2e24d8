// SPDX-License-Identifier: GPL-2.0-only
/* The life of a TD: create, init, vCPUs, finalize, free. */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "tdx/abi/cpuid.h"
#include "tdx/td.h"

#define TD_CPUIDS_FIRST	16
#define TD_CPUIDS_MAX	256	/* KVM_MAX_CPUID_ENTRIES */
#define TD_IRQ_ROUTES	24
#define TD_RETRIES	100

int __td_cmd(struct td *td, int fd, u32 id, u32 flags, u64 data)
{
	struct kvm_tdx_cmd cmd = { .id = id, .flags = flags, .data = data };
	int ret;

	/*
	 * Not vm_ioctl(): it checks the argument's size against the ioctl's
	 * number, which says unsigned long.
	 */
	ret = ioctl(fd, KVM_MEMORY_ENCRYPT_OP, &cmd);
	ret = ret ? -errno : 0;
	td->hw_error = cmd.hw_error;
	return ret;
}

static void td_assert(struct td *td, int ret, const char *what)
{
	if (ret && td->hw_error)
		fprintf(stderr, "%s: TDX module status %#lx\n", what,
			td->hw_error);

	errno = -ret;
	__TEST_ASSERT_VM_VCPU_IOCTL(!ret, what, ret, td->vm);
}

bool td_alive(struct td *td)
{
	return __vm_ioctl(td->vm, KVM_CHECK_EXTENSION,
			  (void *)KVM_CAP_USER_MEMORY) >= 0;
}

/* E2BIG says that there are more, not how many. */
static void td_read_capabilities(struct td *td)
{
	unsigned int nr = TD_CPUIDS_FIRST;
	size_t size;
	int ret;

	do {
		size = sizeof(*td->caps) +
		       nr * sizeof(struct kvm_cpuid_entry2);
		free(td->caps);
		td->caps = calloc(1, size);
		TEST_ASSERT(td->caps, "no memory for %u CPUID entries", nr);

		td->caps->cpuid.nent = nr;
		ret = __td_cmd(td, td->vm->fd, KVM_TDX_CAPABILITIES, 0,
			       (unsigned long)td->caps);
		nr *= 2;
	} while (ret == -E2BIG && nr <= TD_CPUIDS_MAX);

	td_assert(td, ret, "KVM_TDX_CAPABILITIES");
}

struct td *td_create(void)
{
	struct td *td = calloc(1, sizeof(*td));

	TEST_ASSERT(td, "no memory for a TD");
	td->vm = vm_create_barebones_type(KVM_X86_TDX_VM);
	td_read_capabilities(td);
	return td;
}

void td_free(struct td *td)
{
	kvm_vm_free(td->vm);
	free(td->caps);
	free(td);
}

struct kvm_tdx_init_vm *td_init_vm_args(struct td *td)
{
	const struct kvm_cpuid2 *host = kvm_get_supported_cpuid();
	struct kvm_tdx_init_vm *init;

	init = calloc(1, sizeof(*init) + (td->caps->cpuid.nent + 2) *
					 sizeof(struct kvm_cpuid_entry2));
	TEST_ASSERT(init, "no memory for struct kvm_tdx_init_vm");

	init->attributes = td->attributes;
	memcpy(init->mrconfigid, td->mrconfigid, sizeof(td->mrconfigid));
	memcpy(init->mrowner, td->mrowner, sizeof(td->mrowner));
	memcpy(init->mrownerconfig, td->mrownerconfig,
	       sizeof(td->mrownerconfig));
	init->xfam = td->caps->supported_xfam & TD_XFAM;
	init->cpuid.nent = tdx_cpuid_filter(td->caps->cpuid.entries,
					    td->caps->cpuid.nent,
					    host->entries, host->nent,
					    init->cpuid.entries);
	return init;
}

/* EEXIST when a failed KVM_TDX_INIT_VM is repeated. */
int __td_split_irqchip(struct td *td)
{
	int ret = __vm_enable_cap(td->vm, KVM_CAP_SPLIT_IRQCHIP, TD_IRQ_ROUTES);

	return !ret || errno == EEXIST ? 0 : -errno;
}

int __td_init_vm(struct td *td)
{
	struct kvm_tdx_init_vm *init;
	int ret;

	ret = __td_split_irqchip(td);
	if (ret)
		return ret;

	init = td_init_vm_args(td);
	ret = __td_cmd(td, td->vm->fd, KVM_TDX_INIT_VM, 0,
		       (unsigned long)init);
	free(init);
	return ret;
}

void td_init_vm(struct td *td)
{
	int tries = 0;
	int ret;

	/* EAGAIN: the module ran out of entropy for the TD's key. */
	do {
		ret = __td_init_vm(td);
	} while (ret == -EAGAIN && ++tries < TD_RETRIES);

	td_assert(td, ret, "KVM_TDX_INIT_VM");
}

void td_vcpu_set_cpuid(struct kvm_vcpu *vcpu)
{
	const struct kvm_cpuid2 *host = kvm_get_supported_cpuid();

	vcpu->cpuid = allocate_kvm_cpuid2(host->nent);
	memcpy(vcpu->cpuid, host, kvm_cpuid2_size(host->nent));
	tdx_cpuid_set_width(vcpu->cpuid->entries, vcpu->cpuid->nent);
	vcpu_ioctl(vcpu, KVM_SET_CPUID2, vcpu->cpuid);
}

struct kvm_vcpu *td_vcpu_add(struct td *td, u32 id)
{
	struct kvm_vcpu *vcpu = __vm_vcpu_add(td->vm, id);

	td_vcpu_set_cpuid(vcpu);
	return vcpu;
}

/* Stay on the present CPU; @old is the affinity to restore. */
static int stay_on_cpu(cpu_set_t *old)
{
	cpu_set_t here;

	if (sched_getaffinity(0, sizeof(*old), old))
		return -errno;

	CPU_ZERO(&here);
	CPU_SET(sched_getcpu(), &here);
	return sched_setaffinity(0, sizeof(here), &here) ? -errno : 0;
}

/*
 * TDH.VP.INIT associates the vCPU with a CPU, but up to 7.3.4 KVM flushes a
 * migrated vCPU only after tdx_vcpu_init(): a thread that is moved between its
 * TDH.VP.INIT and its TDH.VP.WRs gets TDX_VCPU_ASSOCIATED, and KVM bugs the VM
 * (tdx_flush_vp() in arch/x86/kvm/vmx/tdx.c).
 */
int __td_init_vcpu(struct td *td, struct kvm_vcpu *vcpu, u64 rcx)
{
	cpu_set_t old;
	int ret;

	ret = stay_on_cpu(&old);
	if (ret)
		return ret;

	ret = __td_cmd(td, vcpu->fd, KVM_TDX_INIT_VCPU, 0, rcx);
	TEST_ASSERT(!sched_setaffinity(0, sizeof(old), &old),
		    "sched_setaffinity: %s", strerror(errno));
	return ret;
}

void td_init_vcpu(struct td *td, struct kvm_vcpu *vcpu, u64 rcx)
{
	td_assert(td, __td_init_vcpu(td, vcpu, rcx), "KVM_TDX_INIT_VCPU");
}

int __td_finalize(struct td *td)
{
	return __td_cmd(td, td->vm->fd, KVM_TDX_FINALIZE_VM, 0, 0);
}

void td_finalize(struct td *td)
{
	int tries = 0;
	int ret;

	/* EBUSY: a lock of the module is held; the module never waits. */
	do {
		ret = __td_finalize(td);
	} while (ret == -EBUSY && ++tries < TD_RETRIES);

	td_assert(td, ret, "KVM_TDX_FINALIZE_VM");
}
