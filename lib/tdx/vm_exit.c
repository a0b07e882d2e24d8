// SPDX-License-Identifier: GPL-2.0-only
/* A TD's exit as text for messages, and a fatal error's text for tests. */
#include <errno.h>

#include "tdx/vm.h"

/* Indexes in run->system_event.data: general registers in CPU order. */
#define GPR_RDX		2
#define GPR_RBX		3
#define GPR_RSI		6
#define GPR_RDI		7
#define GPR_R8		8
#define GPR_R9		9
#define GPR_R12		12
#define GPR_R13		13
#define GPR_R14		14
#define GPR_R15		15
#define NR_GPRS		16

static const struct kvm_run *run_of(struct td_vm *tv, unsigned int vcpu)
{
	return tv->vcpus[vcpu].vcpu->run;
}

bool td_exit_fatal(struct td_vm *tv, unsigned int vcpu,
		   const struct td_exit *e, struct td_fatal *f)
{
	static const u8 words[] = {
		GPR_R14, GPR_R15, GPR_RBX, GPR_RDI,
		GPR_RSI, GPR_R8, GPR_R9, GPR_RDX,
	};
	const struct kvm_run *run = run_of(tv, vcpu);
	unsigned int i;

	*f = (struct td_fatal) {};
	if (e->error || e->reason != KVM_EXIT_SYSTEM_EVENT ||
	    run->system_event.type != KVM_SYSTEM_EVENT_TDX_FATAL ||
	    run->system_event.ndata < NR_GPRS)
		return false;

	f->code = run->system_event.data[GPR_R12];
	f->gpa = run->system_event.data[GPR_R13];
	for (i = 0; i < sizeof(f->text) - 1; i++)
		f->text[i] = run->system_event.data[words[i / 8]] >> i % 8 * 8;
	return true;
}

static void ucall_text(const struct td_exit *e, char *text, size_t size)
{
	switch (e->cmd) {
	case UCALL_SYNC:
		snprintf(text, size, "GUEST_SYNC(%#lx)", td_sync_value(&e->uc));
		break;
	case UCALL_DONE:
		snprintf(text, size, "GUEST_DONE()");
		break;
	case UCALL_ABORT:
		snprintf(text, size, "GUEST_ASSERT(): %s:%lu: %s",
			 (const char *)e->uc.args[GUEST_FILE],
			 (unsigned long)e->uc.args[GUEST_LINE], e->uc.buffer);
		break;
	default:
		snprintf(text, size, "ucall %lu", (unsigned long)e->cmd);
	}
}

static void event_text(struct td_vm *tv, unsigned int vcpu,
		       const struct td_exit *e, char *text, size_t size)
{
	struct td_fatal f;

	if (td_exit_fatal(tv, vcpu, e, &f))
		snprintf(text, size, "fatal error %#lx: %s",
			 (unsigned long)f.code, f.text);
	else
		snprintf(text, size, "SYSTEM_EVENT of type %u",
			 run_of(tv, vcpu)->system_event.type);
}

static void reason_text(struct td_vm *tv, unsigned int vcpu,
			const struct td_exit *e, char *text, size_t size)
{
	const struct kvm_run *run = run_of(tv, vcpu);

	switch (e->reason) {
	case KVM_EXIT_IO:
		snprintf(text, size, "IO: %s port %#x, size %u",
			 run->io.direction ? "OUT to" : "IN from", run->io.port,
			 run->io.size);
		break;
	case KVM_EXIT_MMIO:
		snprintf(text, size, "MMIO: %s gpa %#llx, size %u",
			 run->mmio.is_write ? "write to" : "read of",
			 run->mmio.phys_addr, run->mmio.len);
		break;
	case KVM_EXIT_MEMORY_FAULT:
		snprintf(text, size, "MEMORY_FAULT: %s access to gpa %#llx",
			 run->memory_fault.flags &
			 KVM_MEMORY_EXIT_FLAG_PRIVATE ? "private" : "shared",
			 run->memory_fault.gpa);
		break;
	case KVM_EXIT_TDX:
		snprintf(text, size, "TDVMCALL %#llx", run->tdx.nr);
		break;
	case KVM_EXIT_SYSTEM_EVENT:
		event_text(tv, vcpu, e, text, size);
		break;
	case KVM_EXIT_INTERNAL_ERROR:
		snprintf(text, size, "INTERNAL_ERROR: suberror %u, %#llx",
			 run->internal.suberror, run->internal.data[0]);
		break;
	default:
		snprintf(text, size, "exit %u (%s)", e->reason,
			 exit_reason_str(e->reason));
	}
}

const char *td_exit_text(struct td_vm *tv, unsigned int vcpu,
			 const struct td_exit *e, char *text, size_t size)
{
	int n = 0;

	if (e->error)
		n = snprintf(text, size, "KVM_RUN: %s, ", strerror(-e->error));
	if (n < 0 || (size_t)n >= size)
		return text;
	if (e->cmd != UCALL_NONE)
		ucall_text(e, text + n, size - n);
	else
		reason_text(tv, vcpu, e, text + n, size - n);
	return text;
}
