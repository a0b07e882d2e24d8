// SPDX-License-Identifier: GPL-2.0-only
/* TDVMCALLs for guest code: calls of a TD to its VMM, through registers. */
#include "tdx/guest_code/tdvmcall.h"

u64 tdvmcall(struct tdcall_regs *regs)
{
	return tdcall(TDG_VP_VMCALL, regs);
}

/* A standard one: R10 is 0 in the call and the VMM's answer after it. */
static u64 standard(struct tdcall_regs *r, u64 nr)
{
	u64 status;

	r->r10 = 0;
	r->r11 = nr;
	status = tdvmcall(r);
	return status ? status : r->r10;
}

u64 tdvmcall_in(u16 port, unsigned int size, u32 *value)
{
	struct tdcall_regs r = {
		.rcx = TDVMCALL_R10_R15, .r12 = size, .r14 = port,
	};
	u64 ret = standard(&r, TDVMCALL_IO);

	*value = r.r11;
	return ret;
}

u64 tdvmcall_out(u16 port, unsigned int size, u32 value)
{
	struct tdcall_regs r = {
		.rcx = TDVMCALL_R10_R15, .r12 = size, .r13 = 1, .r14 = port,
		.r15 = value,
	};

	return standard(&r, TDVMCALL_IO);
}

u64 tdvmcall_mmio_read(u64 gpa, unsigned int size, u64 *value)
{
	struct tdcall_regs r = {
		.rcx = TDVMCALL_R10_R15, .r12 = size, .r14 = gpa,
	};
	u64 ret = standard(&r, TDVMCALL_MMIO);

	*value = r.r11;
	return ret;
}

u64 tdvmcall_mmio_write(u64 gpa, unsigned int size, u64 value)
{
	struct tdcall_regs r = {
		.rcx = TDVMCALL_R10_R15, .r12 = size, .r13 = 1, .r14 = gpa,
		.r15 = value,
	};

	return standard(&r, TDVMCALL_MMIO);
}

u64 tdvmcall_map_gpa(u64 gpa, u64 size, u64 *next)
{
	struct tdcall_regs r = {
		.rcx = TDVMCALL_R10_R15, .r12 = gpa, .r13 = size,
	};
	u64 ret = standard(&r, TDVMCALL_MAP_GPA);

	if (next)
		*next = ret ? r.r11 : gpa + size;
	return ret;
}

u64 tdvmcall_hlt(bool irqs_off)
{
	struct tdcall_regs r = {
		.rcx = TDVMCALL_R10_R15, .r12 = irqs_off,
	};

	return standard(&r, TDVMCALL_HLT);
}

u64 tdvmcall_cpuid(struct tdvmcall_cpuid *c)
{
	struct tdcall_regs r = {
		.rcx = TDVMCALL_R10_R15, .r12 = c->eax, .r13 = c->ecx,
	};
	u64 ret = standard(&r, TDVMCALL_CPUID);

	*c = (struct tdvmcall_cpuid) {
		.eax = r.r12, .ebx = r.r13, .ecx = r.r14, .edx = r.r15,
	};
	return ret;
}

u64 tdvmcall_rdmsr(u32 msr, u64 *value)
{
	struct tdcall_regs r = { .rcx = TDVMCALL_R10_R15, .r12 = msr };
	u64 ret = standard(&r, TDVMCALL_RDMSR);

	*value = r.r11;
	return ret;
}

u64 tdvmcall_wrmsr(u32 msr, u64 value)
{
	struct tdcall_regs r = {
		.rcx = TDVMCALL_R10_R15, .r12 = msr, .r13 = value,
	};

	return standard(&r, TDVMCALL_WRMSR);
}

u64 tdvmcall_get_info(u64 leaf, u64 info[4])
{
	struct tdcall_regs r = { .rcx = TDVMCALL_R10_R15, .r12 = leaf };
	u64 ret = standard(&r, TDVMCALL_GET_INFO);

	info[0] = r.r11;
	info[1] = r.r12;
	info[2] = r.r13;
	info[3] = r.r14;
	return ret;
}

u64 tdvmcall_get_quote(u64 gpa, u64 size)
{
	struct tdcall_regs r = {
		.rcx = TDVMCALL_R10_R15, .r12 = gpa, .r13 = size,
	};

	return standard(&r, TDVMCALL_GET_QUOTE);
}

u64 tdvmcall_event_notify(u8 vector)
{
	struct tdcall_regs r = { .rcx = TDVMCALL_R10_R15, .r12 = vector };

	return standard(&r, TDVMCALL_EVENT_NOTIFY);
}

/* Registers of the text, eight characters each, the first one lowest. */
static void put_text(struct tdcall_regs *r, const char *text)
{
	u64 *const words[] = {
		&r->r14, &r->r15, &r->rbx, &r->rdi,
		&r->rsi, &r->r8, &r->r9, &r->rdx,
	};
	unsigned int i;

	for (i = 0; i < 64 && text[i]; i++)
		*words[i / 8] |= (u64)(u8)text[i] << i % 8 * 8;
}

void tdvmcall_fatal(u64 code, const char *text, u64 gpa)
{
	struct tdcall_regs r = {
		.rcx = TDVMCALL_ALL, .r12 = code, .r13 = gpa,
	};

	put_text(&r, text);
	standard(&r, TDVMCALL_FATAL_ERROR);
}
