// SPDX-License-Identifier: GPL-2.0-only
/*
 * #VE in guest code: an operation that a TD may not do raises it, and the
 * handler has the VMM do it instead. Compiled without SSE: libkvm's exception
 * entry does not save what the interrupted code has there.
 */
#include "tdx/abi/cpuid.h"
#include "tdx/guest_code/tdvmcall.h"
#include "tdx/guest_code/ve.h"
#include "ucall_common.h"

#define EXIT_CPUID		10
#define EXIT_HLT		12
#define EXIT_IO			30
#define EXIT_RDMSR		31
#define EXIT_WRMSR		32

/* Qualification of a port I/O exit. */
#define IO_SIZE(qual)		(((qual) & 7) + 1)
#define IO_IN			BIT(3)
#define IO_STRING		BIT(4)
#define IO_PORT(qual)		((u16)((qual) >> 16))

#define RFLAGS_IF		BIT(9)

/* libkvm's dispatcher: a handler of the test, a fixup, or the end. */
void route_exception(struct ex_regs *regs);

static td_ve_fn ve_fn;
static u64 ve_count;

void td_on_ve(td_ve_fn fn)
{
	WRITE_ONCE(ve_fn, fn);
}

u64 td_ve_count(void)
{
	return READ_ONCE(ve_count);
}

static u64 emulate_cpuid(struct ex_regs *regs)
{
	struct tdvmcall_cpuid c = { .eax = regs->rax, .ecx = regs->rcx };
	u64 ret = tdvmcall_cpuid(&c);

	if (ret)
		return ret;

	regs->rax = c.eax;
	regs->rbx = c.ebx;
	regs->rcx = c.ecx;
	regs->rdx = c.edx;
	return 0;
}

/* The low part of RAX, as an instruction of that size would change it. */
static void set_rax(struct ex_regs *regs, unsigned int size, u32 value)
{
	if (size == 4)
		regs->rax = value;
	else if (size == 2)
		regs->rax = (regs->rax & ~0xffffull) | (u16)value;
	else
		regs->rax = (regs->rax & ~0xffull) | (u8)value;
}

static u64 emulate_io(struct ex_regs *regs, const struct tdg_ve *ve)
{
	unsigned int size = IO_SIZE(ve->qual);
	u32 value;
	u64 ret;

	if (ve->qual & IO_STRING)
		GUEST_FAIL("INS or OUTS at %#lx: not emulated", regs->rip);

	if (!(ve->qual & IO_IN))
		return tdvmcall_out(IO_PORT(ve->qual), size, regs->rax);

	ret = tdvmcall_in(IO_PORT(ve->qual), size, &value);
	if (!ret)
		set_rax(regs, size, value);
	return ret;
}

static u64 emulate_rdmsr(struct ex_regs *regs)
{
	u64 value, ret;

	ret = tdvmcall_rdmsr(regs->rcx, &value);
	if (!ret) {
		regs->rax = (u32)value;
		regs->rdx = value >> 32;
	}
	return ret;
}

static u64 emulate_wrmsr(struct ex_regs *regs)
{
	return tdvmcall_wrmsr(regs->rcx, (u32)regs->rax | regs->rdx << 32);
}

static u64 emulate(struct ex_regs *regs, const struct tdg_ve *ve)
{
	switch (ve->reason) {
	case EXIT_CPUID:
		return emulate_cpuid(regs);
	case EXIT_HLT:
		return tdvmcall_hlt(!(regs->rflags & RFLAGS_IF));
	case EXIT_IO:
		return emulate_io(regs, ve);
	case EXIT_RDMSR:
		return emulate_rdmsr(regs);
	case EXIT_WRMSR:
		return emulate_wrmsr(regs);
	}
	GUEST_FAIL("#VE at rip %#lx: reason %lu, qual %#lx, gla %#lx, gpa %#lx",
		   regs->rip, ve->reason, ve->qual, ve->gla, ve->gpa);
	return 0;
}

void td_handle_ve(struct ex_regs *regs)
{
	td_ve_fn fn = READ_ONCE(ve_fn);
	struct tdg_ve ve;
	u64 status;

	/* First: another #VE before this is a double fault. */
	status = tdg_vp_veinfo_get(&ve);
	GUEST_ASSERT_EQ(status, 0ul);
	__atomic_fetch_add(&ve_count, 1, __ATOMIC_RELAXED);

	if (fn && fn(&ve, regs))
		return;

	/* What the VMM refuses is #GP, as on bare metal. */
	if (emulate(regs, &ve)) {
		regs->vector = GP_VECTOR;
		regs->error_code = 0;
		route_exception(regs);
		return;
	}
	regs->rip += ve.insn_len;
}
