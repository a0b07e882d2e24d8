// SPDX-License-Identifier: GPL-2.0-only
/* Rows of ioctl_errors for a vCPU: INIT_VCPU, GET_CPUID, KVM_RUN, registers. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "errors.h"
#include "tdx/abi/cpuid.h"

#define CPUID_MAX	256		/* KVM_MAX_CPUID_ENTRIES */
#define X2APIC		(1u << 21)	/* CPUID 1 ECX */
#define VCPUS_MAX	64		/* ... at most, for the time it takes */
#define BUFFER_SIZE	65536		/* more than any state of a vCPU */

static int init_vcpu(struct fixture *s, const struct row *r)
{
	return __td_cmd(s->td, s->vcpu->fd, KVM_TDX_INIT_VCPU, r->cmd.flags, 0);
}

static void set_cpuid(struct fixture *s, bool x2apic)
{
	struct kvm_cpuid_entry2 *e = vcpu_get_cpuid_entry(s->vcpu, 1);

	e->ecx = x2apic ? e->ecx | X2APIC : e->ecx & ~X2APIC;
	vcpu_ioctl(s->vcpu, KVM_SET_CPUID2, s->vcpu->cpuid);
}

static int init_vcpu_xapic(struct fixture *s, const struct row *r)
{
	int ret;

	set_cpuid(s, false);
	ret = init_vcpu(s, r);
	set_cpuid(s, true);
	return ret;
}

static int get_cpuid_with(struct fixture *s, void *data)
{
	struct kvm_tdx_cmd cmd = {
		.id = KVM_TDX_GET_CPUID, .data = (unsigned long)data,
	};

	return ioctl(s->vcpu->fd, KVM_MEMORY_ENCRYPT_OP, &cmd) ? -errno : 0;
}

/* With room for @nent entries; @nent as KVM writes it. */
static int get_cpuid_n(struct fixture *s, u32 *nent)
{
	struct kvm_cpuid2 *cpuid = allocate_kvm_cpuid2(CPUID_MAX);
	int ret;

	cpuid->nent = *nent;
	ret = get_cpuid_with(s, cpuid);
	*nent = cpuid->nent;
	free(cpuid);
	return ret;
}

/*
 * With one entry too few: KVM writes the number that is needed, and with that
 * the call succeeds.
 */
static int get_cpuid_few(struct fixture *s, const struct row *r)
{
	u32 needed = CPUID_MAX, nent;
	int ret;

	ret = get_cpuid_n(s, &needed);
	if (ret)
		return ret;

	nent = needed - 1;
	ret = get_cpuid_n(s, &nent);
	s->wrote = nent - needed;
	return ret ?: get_cpuid_n(s, &nent);
}

static int get_cpuid(struct fixture *s, const struct row *r)
{
	u32 nent = CPUID_MAX;

	return get_cpuid_n(s, &nent);
}

static int get_cpuid_unreadable(struct fixture *s, const struct row *r)
{
	void *page = page_unreadable();
	int ret = get_cpuid_with(s, page);

	kvm_munmap(page, PAGE_SIZE);
	return ret;
}

/* The memory for the entries is not mapped. */
static int get_cpuid_entries(struct fixture *s, const struct row *r)
{
	u8 *map = kvm_mmap(2 * PAGE_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1);
	struct kvm_cpuid2 *cpuid;
	int ret;

	kvm_munmap(map + PAGE_SIZE, PAGE_SIZE);
	cpuid = (void *)(map + PAGE_SIZE -
			 offsetof(struct kvm_cpuid2, entries));
	cpuid->nent = CPUID_MAX;
	ret = get_cpuid_with(s, cpuid);
	kvm_munmap(map, PAGE_SIZE);
	return ret;
}

static int cmd_unreadable(struct fixture *s, const struct row *r)
{
	void *page = page_unreadable();
	int ret = ioctl(s->vcpu->fd, KVM_MEMORY_ENCRYPT_OP, page);

	ret = ret ? -errno : 0;
	kvm_munmap(page, PAGE_SIZE);
	return ret;
}

static int run(struct fixture *s, const struct row *r)
{
	return __vcpu_run(s->vcpu) ? -errno : 0;
}

/* Any ioctl that gets or sets state, @arg, with a buffer of zeroes. */
static int state(struct fixture *s, const struct row *r)
{
	void *buffer = calloc(1, BUFFER_SIZE);
	int ret;

	TEST_ASSERT(buffer, "no memory for a vCPU's state");
	ret = ioctl(s->vcpu->fd, r->arg, buffer) < 0 ? -errno : 0;
	free(buffer);
	return ret;
}

/* The frequency is the argument itself. */
static int set_tsc_khz(struct fixture *s, const struct row *r)
{
	return ioctl(s->vcpu->fd, KVM_SET_TSC_KHZ, 1000000ul) ? -errno : 0;
}

/* As many as are allowed, then one more. */
static int one_too_many(struct fixture *s, const struct row *r)
{
	int max = vm_check_cap(s->td->vm, KVM_CAP_MAX_VCPUS), id, ret;

	for (id = 1; id < max; id++)
		td_vcpu_add(s->td, id);
	ret = __vm_ioctl(s->td->vm, KVM_CREATE_VCPU, (void *)(long)max);
	return ret < 0 ? -errno : 0;
}

static const char *unfit_many_vcpus(struct fixture *s)
{
	return vm_check_cap(s->td->vm, KVM_CAP_MAX_VCPUS) <= VCPUS_MAX ?
	       NULL : "too many vCPUs to create them all";
}

static int pre_fault(struct fixture *s, const struct row *r)
{
	struct kvm_pre_fault_memory range = {
		.gpa = s->mem.gpa + r->arg, .size = r->cmd.data,
		.flags = r->cmd.flags,
	};
	int ret = ioctl(s->vcpu->fd, KVM_PRE_FAULT_MEMORY, &range) ? -errno : 0;

	s->wrote = r->cmd.data - range.size;
	return ret;
}

static const char *unfit_pre_fault(struct fixture *s)
{
	return kvm_has_cap(KVM_CAP_PRE_FAULT_MEMORY) ?
	       NULL : "no KVM_CAP_PRE_FAULT_MEMORY";
}

#define NOT_FINAL	(AT(VCPU) | AT(INIT_VCPU))
#define STATE(_ioctl) \
	ROW(HAS_VCPU, #_ioctl, state, EINVAL, .arg = (_ioctl))

static const struct row rows[] = {
	ROW(AT(NO_TD), "INIT_VCPU of no TD", row_vcpu_cmd, EINVAL,
	    .cmd = { .id = KVM_TDX_INIT_VCPU }),
	ROW(AT(NO_TD), "GET_CPUID of no TD", row_vcpu_cmd, EINVAL,
	    .cmd = { .id = KVM_TDX_GET_CPUID }),

	/* The command itself */
	ROW(HAS_VCPU, "command of a vCPU cannot be read", cmd_unreadable,
	    EFAULT),
	ROW(HAS_VCPU, "INIT_VCPU, hw_error is not 0", row_vcpu_cmd, EINVAL,
	    .cmd = { .id = KVM_TDX_INIT_VCPU, .hw_error = 1 }),
	ROW(HAS_VCPU, "GET_CPUID, hw_error is not 0", row_vcpu_cmd, EINVAL,
	    .cmd = { .id = KVM_TDX_GET_CPUID, .hw_error = 1 }),
	ROW(HAS_VCPU, "unknown command of a vCPU", row_vcpu_cmd, EINVAL,
	    .cmd = { .id = KVM_TDX_GET_CPUID + 1 }),
	ROW(HAS_VCPU, "CAPABILITIES on a vCPU", row_vcpu_cmd, EINVAL,
	    .cmd = { .id = KVM_TDX_CAPABILITIES }),
	ROW(HAS_VCPU, "INIT_VM on a vCPU", row_vcpu_cmd, EINVAL,
	    .cmd = { .id = KVM_TDX_INIT_VM }),
	ROW(HAS_VCPU, "FINALIZE on a vCPU", row_vcpu_cmd, EINVAL,
	    .cmd = { .id = KVM_TDX_FINALIZE_VM }),

	/* INIT_VCPU */
	ROW(AT(VCPU), "INIT_VCPU, flags", init_vcpu, EINVAL,
	    .cmd = { .flags = 1 }),
	ROW(AT(VCPU), "INIT_VCPU without x2APIC in CPUID", init_vcpu_xapic,
	    EINVAL),
	ROW(AT(INIT_VCPU), "INIT_VCPU again", init_vcpu, EINVAL),
	ROW(AT(FINALIZED), "INIT_VCPU after FINALIZE", init_vcpu, EINVAL),

	/* GET_CPUID */
	ROW(NOT_FINAL, "GET_CPUID", get_cpuid, 0),
	ROW(NOT_FINAL, "GET_CPUID, one entry too few, then enough",
	    get_cpuid_few, E2BIG),
	ROW(NOT_FINAL, "GET_CPUID cannot be read", get_cpuid_unreadable,
	    EFAULT),
	ROW(NOT_FINAL, "GET_CPUID, entries cannot be written",
	    get_cpuid_entries, EFAULT),
	ROW(AT(FINALIZED), "GET_CPUID after FINALIZE", get_cpuid, EINVAL),

	/*
	 * KVM_RUN. Only of vCPU 0: others wait for a SIPI before INIT_VCPU, as
	 * in any VM.
	 */
	ROW(AT(VCPU), "KVM_RUN before INIT_VCPU", run, EINVAL),
	ROW(AT(INIT_VCPU), "KVM_RUN before FINALIZE", run, EINVAL),

	/* A vCPU's state is hidden, except for VCPU_EVENTS. */
	STATE(KVM_GET_REGS), STATE(KVM_SET_REGS),
	STATE(KVM_GET_SREGS), STATE(KVM_SET_SREGS),
	STATE(KVM_GET_SREGS2), STATE(KVM_SET_SREGS2),
	STATE(KVM_GET_FPU), STATE(KVM_SET_FPU),
	STATE(KVM_GET_XSAVE), STATE(KVM_SET_XSAVE), STATE(KVM_GET_XSAVE2),
	STATE(KVM_GET_XCRS), STATE(KVM_SET_XCRS),
	STATE(KVM_GET_DEBUGREGS), STATE(KVM_SET_DEBUGREGS),
	STATE(KVM_SET_GUEST_DEBUG),
	STATE(KVM_GET_LAPIC), STATE(KVM_SET_LAPIC),
	ROW(HAS_VCPU, "KVM_SET_TSC_KHZ", set_tsc_khz, EINVAL),

	ROW(AT(INIT_VCPU), "CREATE_VCPU, one more than KVM_CAP_MAX_VCPUS",
	    one_too_many, EINVAL, .unfit = unfit_many_vcpus),

	/* KVM_PRE_FAULT_MEMORY */
	ROW(NOT_FINAL, "PRE_FAULT_MEMORY before FINALIZE", pre_fault,
	    EOPNOTSUPP, .cmd = { .data = PAGE_SIZE }, .unfit = unfit_pre_fault),
	ROW(AT(FINALIZED), "PRE_FAULT_MEMORY, flags", pre_fault, EINVAL,
	    .cmd = { .data = PAGE_SIZE, .flags = 1 }, .unfit = unfit_pre_fault),
	ROW(AT(FINALIZED), "PRE_FAULT_MEMORY, gpa not aligned", pre_fault,
	    EINVAL, .arg = 8, .cmd = { .data = PAGE_SIZE },
	    .unfit = unfit_pre_fault),
	ROW(AT(FINALIZED), "PRE_FAULT_MEMORY, size not aligned", pre_fault,
	    EINVAL, .cmd = { .data = PAGE_SIZE + 8 }, .unfit = unfit_pre_fault),
	ROW(AT(FINALIZED), "PRE_FAULT_MEMORY, size 0", pre_fault, EINVAL,
	    .unfit = unfit_pre_fault),
	ROW(AT(FINALIZED), "PRE_FAULT_MEMORY, gpa in the shared half",
	    pre_fault, EINVAL, .arg = BIT_ULL(TDX_GPA_WIDTH - 1),
	    .cmd = { .data = PAGE_SIZE }, .unfit = unfit_pre_fault),
	ROW(AT(FINALIZED), "PRE_FAULT_MEMORY, no memslot", pre_fault, ENOENT,
	    .arg = FIXTURE_PAGES * PAGE_SIZE, .cmd = { .data = PAGE_SIZE },
	    .unfit = unfit_pre_fault),
};

const struct rows errors_vcpu = { rows, ARRAY_SIZE(rows) };
