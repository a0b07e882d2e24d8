// SPDX-License-Identifier: GPL-2.0-only
/*
 * One instruction at a time: it is copied into memory, with RET after it. An
 * exception at its own address is recorded, and execution goes on at the RET.
 */
#include "subtests/tdx/guest_code/probe.h"

#define RET		0xc3

/* The guest's data is executable and below 4 GiB. */
static u8 code[PROBE_MAX + 1] __attribute__((aligned(64)));
static struct probe_result *result;
static u64 target;		/* another address for an exception */
static u64 next;

/* libkvm's dispatcher, for all other exceptions. */
void route_exception(struct ex_regs *regs);

static bool is_ours(const struct ex_regs *regs)
{
	return result && (regs->rip == (u64)code || regs->rip == target);
}

static void raised(struct ex_regs *regs)
{
	if (!is_ours(regs))
		GUEST_FAIL("exception %lu, error %#lx at rip %#lx",
			   regs->vector, regs->error_code, regs->rip);
	result->raised = true;
	result->vector = regs->vector;
	result->error = regs->error_code;
	regs->rip = next;
}

static bool raised_ve(const struct tdg_ve *ve, struct ex_regs *regs)
{
	if (!is_ours(regs))
		return false;

	result->ve = true;
	result->info = *ve;
	regs->rip = next;
	return true;
}

void probe_host_init(struct kvm_vm *vm)
{
	static const u8 vectors[] = {
		DE_VECTOR, UD_VECTOR, NM_VECTOR, TS_VECTOR, NP_VECTOR,
		SS_VECTOR, GP_VECTOR, PF_VECTOR, AC_VECTOR,
	};
	unsigned int i;

	for (i = 0; i < sizeof(vectors); i++)
		vm_install_exception_handler(vm, vectors[i], raised);
}

void probe_guest_init(void)
{
	td_on_ve(raised_ve);
}

/* An instruction may jump to RDI and raise an exception there. */
void probe_run(const struct probe *p, struct probe_result *r)
{
	u64 rax = p->rax, rcx = p->rcx, rdx = p->rdx, rdi = p->rdi;
	u64 entry = (u64)code;
	unsigned int i;

	for (i = 0; i < p->len; i++)
		((volatile u8 *)code)[i] = p->insn[i];
	((volatile u8 *)code)[p->len] = RET;

	*r = (struct probe_result) {};
	next = entry + p->len;
	target = p->rdi;
	WRITE_ONCE(result, r);
	asm volatile("call *%[entry]"
		     : "+a" (rax), "+c" (rcx), "+d" (rdx), "+D" (rdi)
		     : [entry] "r" (entry)
		     : "rbx", "rsi", "r8", "r9", "r10", "r11", "memory", "cc");
	WRITE_ONCE(result, NULL);
	r->rax = rax;
}
