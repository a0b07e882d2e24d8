// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guests that do what a TD may not do. Each instruction ends as in the TDX
 * module's ABI (#UD, #GP, #VE), each guest as in KVM's uAPI, and the host is
 * not affected.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "subtests/tdx/guest_code/probe.h"
#include "subtests/tdx/tests.h"
#include "td.h"
#include "tdx/guest_code/boot.h"
#include "tdx/guest.h"
#include "tdx/vm.h"

#define GPA_NOWHERE	0xd0000000ul
#define GPA_TEXT	TD_GPA
#define GPA_OUT		(TD_GPA + 0x40000000)
#define GVA_BEYOND	0x7d0000000000ul
#define GVA_PRIVATE	0x7d0000001000ul
#define GVA_SHARED	0x7d0000002000ul
#define GVA_NOTHING	0x7d0000003000ul
#define GVA_BAD		0x8000000000000000ul
#define BEYOND_BIT	BIT_ULL(50)

#define EXIT_CPUID	10
#define EXIT_HLT	12
#define EXIT_INVD	13
#define EXIT_VMCALL	18
#define EXIT_CR		28
#define EXIT_IO		30
#define EXIT_RDMSR	31
#define EXIT_WRMSR	32
#define EXIT_EPT	48
#define EXIT_WBINVD	54
#define EXIT_PCONFIG	65

#define PF_RSVD		BIT(3)
#define PF_FETCH	BIT(4)

/* ---- one instruction ----------------------------------------------------- */

enum cr { NO_CR, CR0, CR4 };

struct forbidden {
	const char *name;
	struct probe probe;
	/* Allowed results: exceptions, one reason of #VE, nothing. */
	u8 vector, or_vector;
	u32 ve;
	bool nothing;
	u64 error;		/* these bits are in the error code */
	enum cr cr;		/* RAX is this register with @flip changed */
	u64 flip;
};

#define INSN(...)	.probe.insn = { __VA_ARGS__ }, \
			.probe.len = sizeof((u8[]){ __VA_ARGS__ })
#define ECX(v)		.probe.rcx = (v)
#define EAX(v)		.probe.rax = (v)
#define EDX(v)		.probe.rdx = (v)
#define AT(v)		.probe.rdi = (v)
#define UD		.vector = UD_VECTOR
#define GP		.vector = GP_VECTOR
#define PF		.vector = PF_VECTOR
#define VE(reason)	.ve = (reason)

#define RDMSR(msr)	INSN(0x0f, 0x32), ECX(msr)
#define WRMSR(msr, v)	INSN(0x0f, 0x30), ECX(msr), EAX((u32)(v)), \
			EDX((u64)(v) >> 32)
#define XSETBV(i, v)	INSN(0x0f, 0x01, 0xd1), ECX(i), EAX(v)
#define MOV_CR0(bits)	INSN(0x0f, 0x22, 0xc0), .cr = CR0, .flip = (bits)
#define MOV_CR4(bits)	INSN(0x0f, 0x22, 0xe0), .cr = CR4, .flip = (bits)
#define LOAD(va)	INSN(0x8a, 0x07), AT(va)
#define STORE(va)	INSN(0x88, 0x07), AT(va)
#define JUMP(va)	INSN(0xff, 0xe7), AT(va)

static const struct forbidden forbidden[] = {
	/* Controls: the probe detects all three. */
	{ "NOP", INSN(0x90), .nothing = true },
	{ "UD2", INSN(0x0f, 0x0b), UD },
	{ "CPUID of the hypervisor", INSN(0x0f, 0xa2), EAX(0x40000000),
	  VE(EXIT_CPUID) },

	{ "SEAMCALL", INSN(0x66, 0x0f, 0x01, 0xcf), UD },
	{ "SEAMOPS", INSN(0x66, 0x0f, 0x01, 0xce), UD },
	{ "SEAMRET", INSN(0x66, 0x0f, 0x01, 0xcd), UD },
	{ "VMCALL", INSN(0x0f, 0x01, 0xc1), VE(EXIT_VMCALL) },
	{ "VMLAUNCH", INSN(0x0f, 0x01, 0xc2), UD },
	{ "VMRESUME", INSN(0x0f, 0x01, 0xc3), UD },
	{ "VMXOFF", INSN(0x0f, 0x01, 0xc4), UD },
	{ "VMFUNC", INSN(0x0f, 0x01, 0xd4), UD },
	{ "VMXON", INSN(0xf3, 0x0f, 0xc7, 0x37), AT(GPA_TEXT), UD },
	{ "VMCLEAR", INSN(0x66, 0x0f, 0xc7, 0x37), AT(GPA_TEXT), UD },
	{ "VMPTRLD", INSN(0x0f, 0xc7, 0x37), AT(GPA_TEXT), UD },
	{ "VMPTRST", INSN(0x0f, 0xc7, 0x3f), AT(GPA_TEXT), UD },
	{ "VMREAD", INSN(0x0f, 0x78, 0xc8), UD },
	{ "VMWRITE", INSN(0x0f, 0x79, 0xc8), UD },
	{ "INVEPT", INSN(0x66, 0x0f, 0x38, 0x80, 0x0f), AT(GPA_TEXT), UD },
	{ "INVVPID", INSN(0x66, 0x0f, 0x38, 0x81, 0x0f), AT(GPA_TEXT), UD },
	{ "GETSEC", INSN(0x0f, 0x37), UD },
	{ "RSM", INSN(0x0f, 0xaa), UD },
	{ "ENCLS", INSN(0x0f, 0x01, 0xcf), UD },
	{ "ENCLV", INSN(0x0f, 0x01, 0xc0), UD },
	{ "MONITOR", INSN(0x0f, 0x01, 0xc8), UD },
	{ "MWAIT", INSN(0x0f, 0x01, 0xc9), UD },
	{ "PCONFIG", INSN(0x0f, 0x01, 0xc5), UD, VE(EXIT_PCONFIG) },
	{ "INVD", INSN(0x0f, 0x08), VE(EXIT_INVD) },
	{ "WBINVD", INSN(0x0f, 0x09), VE(EXIT_WBINVD) },
	{ "HLT", INSN(0xf4), VE(EXIT_HLT) },
	{ "IN", INSN(0xec), EDX(0x4e8), VE(EXIT_IO) },
	{ "OUT", INSN(0xee), EDX(0x4e8), VE(EXIT_IO) },
	{ "OUT to a fixed port", INSN(0xe6, 0x80), VE(EXIT_IO) },
	{ "INS", INSN(0x6c), EDX(0x4e8), AT(GPA_TEXT), VE(EXIT_IO) },
	{ "RDPMC", INSN(0x0f, 0x33), GP },

	{ "XSETBV of XCR1", XSETBV(1, 1), GP },
	{ "XCR0 without x87", XSETBV(0, 2), GP },
	{ "XCR0 with AVX, without SSE", XSETBV(0, 5), GP },
	{ "XCR0 beyond XFAM", XSETBV(0, 0x200 | 3), GP },
	{ "XCR0 with AVX-512, not in XFAM", XSETBV(0, 0xe7), GP },

	{ "CPUID 2", INSN(0x0f, 0xa2), EAX(2), VE(EXIT_CPUID) },
	/* Depends on the topology that the VMM may have configured. */
	{ "CPUID 0xb", INSN(0x0f, 0xa2), EAX(0xb), VE(EXIT_CPUID),
	  .nothing = true },
	{ "CPUID 0", INSN(0x0f, 0xa2), .nothing = true },
	{ "CPUID of an unknown leaf", INSN(0x0f, 0xa2), EAX(0x12345678),
	  VE(EXIT_CPUID) },

	{ "RDMSR of an unknown MSR", RDMSR(0x12345), VE(EXIT_RDMSR) },
	{ "RDMSR of VMX_BASIC", RDMSR(0x480), GP, VE(EXIT_RDMSR) },
	{ "RDMSR of SGX's key", RDMSR(0x8c), GP },
	{ "RDMSR of MSR 0x800", RDMSR(0x800), GP },
	{ "RDMSR of ICR", RDMSR(0x830), VE(EXIT_RDMSR) },
	{ "WRMSR of an unknown MSR", WRMSR(0x12345, 1), VE(EXIT_WRMSR) },
	{ "WRMSR of the TSC", WRMSR(0x10, 1), VE(EXIT_WRMSR) },
	{ "WRMSR of EFER without LME", WRMSR(MSR_EFER, 1), GP,
	  VE(EXIT_WRMSR) },
	{ "WRMSR of XSS, all bits", WRMSR(MSR_IA32_XSS, ~0ull), GP },
	{ "WRMSR of PAT, a bad type", WRMSR(MSR_IA32_CR_PAT, 2), GP },
	{ "WRMSR of LSTAR, not canonical", WRMSR(MSR_LSTAR, 1ull << 63), GP },
	{ "WRMSR of MSR 0x831", WRMSR(0x831, 0), GP },

	{ "CR0.PE", MOV_CR0(X86_CR0_PE), GP, VE(EXIT_CR) },
	{ "CR0.NE", MOV_CR0(X86_CR0_NE), GP, VE(EXIT_CR) },
	{ "CR0.NW", MOV_CR0(X86_CR0_NW), GP, VE(EXIT_CR) },
	{ "CR0.CD and CR0.NW", MOV_CR0(X86_CR0_CD | X86_CR0_NW), GP,
	  VE(EXIT_CR) },
	{ "CR0.PG", MOV_CR0(X86_CR0_PG), GP, VE(EXIT_CR) },
	{ "CR0, bit 40", MOV_CR0(1ull << 40), GP, VE(EXIT_CR) },
	{ "CR4.VMXE", MOV_CR4(X86_CR4_VMXE), GP, VE(EXIT_CR) },
	{ "CR4.SMXE", MOV_CR4(X86_CR4_SMXE), GP, VE(EXIT_CR) },
	{ "CR4.MCE", MOV_CR4(X86_CR4_MCE), GP, VE(EXIT_CR) },
	{ "CR4.PAE", MOV_CR4(X86_CR4_PAE), GP, VE(EXIT_CR) },
	{ "CR4, bit 31", MOV_CR4(1ull << 31), GP, VE(EXIT_CR) },

	{ "load of an unmapped address", LOAD(GVA_NOTHING), PF },
	{ "load of a non-canonical address", LOAD(GVA_BAD), GP },
	{ "load beyond the guest's width", LOAD(GVA_BEYOND), PF,
	  .error = PF_RSVD },
	{ "store beyond the guest's width", STORE(GVA_BEYOND), PF,
	  .error = PF_RSVD },
	{ "code beyond the guest's width", JUMP(GVA_BEYOND), PF,
	  .error = PF_RSVD },
	{ "load of shared memory without a memslot", LOAD(GVA_SHARED),
	  VE(EXIT_EPT) },
	{ "store to shared memory without a memslot", STORE(GVA_SHARED),
	  VE(EXIT_EPT) },
	{ "code in shared memory", JUMP(GPA_OUT | TD_SHARED_ALIAS), PF,
	  .error = PF_FETCH },
	{ "code in shared memory without a memslot", JUMP(GVA_SHARED), PF,
	  .error = PF_FETCH },
};

static u64 read_cr(enum cr cr)
{
	u64 value = 0;

	if (cr == CR0)
		asm volatile("mov %%cr0, %0" : "=r" (value));
	else if (cr == CR4)
		asm volatile("mov %%cr4, %0" : "=r" (value));
	return value;
}

static bool as_told(const struct forbidden *f, const struct probe_result *r)
{
	if (r->raised)
		return f->vector && (r->vector == f->vector ||
				     r->vector == f->or_vector) &&
		       (r->error & f->error) == f->error;
	if (r->ve)
		return f->ve && r->info.reason == f->ve &&
		       (f->ve == EXIT_EPT || r->info.insn_len == f->probe.len);
	return f->nothing;
}

/* Each row is reported, so that one run shows all that is wrong. */
static void guest_forbidden(void)
{
	struct probe_result r;
	u64 i, bad = 0;

	probe_guest_init();
	for (i = 0; i < ARRAY_SIZE(forbidden); i++) {
		const struct forbidden *f = &forbidden[i];
		struct probe p = f->probe;

		if (f->cr)
			p.rax = read_cr(f->cr) ^ f->flip;
		probe_run(&p, &r);
		if (as_told(f, &r))
			continue;
		bad++;
		GUEST_PRINTF("%s: %s %u, error %#lx, #VE %u: reason %lu, length %u\n",
			     f->name, r.raised ? "exception" : "no exception",
			     r.vector, r.error, r.ve, r.info.reason,
			     r.info.insn_len);
	}
	GUEST_ASSERT_EQ(bad, 0ul);
	GUEST_DONE();
}

/* libkvm maps only memslots, so the address is put in afterwards. */
static void map_nowhere(struct kvm_vm *vm, gva_t gva, u64 bits)
{
	u64 *pte;

	virt_map(vm, gva, TD_RESET_GPA, 1);
	pte = vm_get_pte(vm, gva);
	*pte = (*pte & ~PHYSICAL_PAGE_MASK) | GPA_NOWHERE | bits;
}

static void map_bad_addresses(struct td_vm *tv)
{
	map_nowhere(tv->vm, GVA_BEYOND, BEYOND_BIT);
	map_nowhere(tv->vm, GVA_PRIVATE, 0);
	map_nowhere(tv->vm, GVA_SHARED, TD_SHARED);
}

/* Control: each result outside of a row is rejected. */
static void wrong_results_are_found(void)
{
	const struct forbidden ud = { UD }, nop = { .nothing = true },
			       pf = { PF, .error = PF_RSVD },
			       hlt = { INSN(0xf4), VE(EXIT_HLT) };
	const struct probe_result gp = { .raised = true, .vector = GP_VECTOR },
				  pf_0 = { .raised = true,
					   .vector = PF_VECTOR },
				  none = {},
				  ve_long = { .ve = true, .info = {
					.reason = EXIT_HLT, .insn_len = 2 } },
				  ve_other = { .ve = true, .info = {
					.reason = EXIT_IO, .insn_len = 1 } };

	TEST_ASSERT(!as_told(&ud, &gp) && !as_told(&ud, &none) &&
		    !as_told(&ud, &ve_long) && !as_told(&nop, &gp) &&
		    !as_told(&nop, &ve_long) && !as_told(&pf, &pf_0) &&
		    !as_told(&hlt, &none) && !as_told(&hlt, &ve_long) &&
		    !as_told(&hlt, &ve_other),
		    "a wrong result is accepted");
}

static void bad_instructions(void)
{
	struct td_vm *tv = td_new(1, guest_forbidden, NULL);
	struct td_area text, out;

	td_area_add(tv, &text, GPA_TEXT, 1, TD_AREA_INIT);
	td_area_add(tv, &out, GPA_OUT, 1, TD_AREA_SHARED);
	map_bad_addresses(tv);
	probe_host_init(tv->vm);
	td_load(tv);
	td_finalize(tv->td);
	td_run_until_done(tv, 0);
	printf("%zu instructions\n", ARRAY_SIZE(forbidden));
	td_end(tv);
}

/* ---- guests that end ----------------------------------------------------- */

static void guest_triple_fault(void)
{
	struct desc_ptr none = {};

	asm volatile("lidt %0; ud2" : : "m" (none));
}

static void guest_stack_gone(void)
{
	asm volatile("xor %%esp, %%esp; push %%rax" : : : "memory");
}

static void guest_touches_nowhere(void)
{
	*(volatile u64 *)GVA_PRIVATE = 1;
	GUEST_DONE();
}

static void guest_loops(void)
{
	cli();
	GUEST_SYNC(0);
	for (;;)
		cpu_relax();
}

static void guest_loops_in_ve(void)
{
	u32 a, b, c, d;

	cli();
	GUEST_SYNC(0);
	for (;;)
		cpuid(0x40000000, &a, &b, &c, &d);
}

static void guest_sleeps_for_good(void)
{
	cli();
	GUEST_SYNC(0);
	for (;;)
		asm volatile("hlt");
}

/* A #VE before the information about the last one was read. */
static void ve_again(struct ex_regs *regs)
{
	u32 a, b, c, d;

	cpuid(0x40000000, &a, &b, &c, &d);
	GUEST_FAIL("#VE twice, and no #DF");
}

static void double_fault(struct ex_regs *regs)
{
	struct tdg_ve ve;

	GUEST_ASSERT_EQ(regs->vector, (u64)DF_VECTOR);
	GUEST_ASSERT_EQ(regs->error_code, 0ul);
	GUEST_ASSERT_EQ(tdg_vp_veinfo_get(&ve), 0ul);
	GUEST_ASSERT_EQ(ve.reason, (u64)EXIT_CPUID);
	GUEST_ASSERT_EQ(tdx_status(tdg_vp_veinfo_get(&ve)),
			TDX_NO_VALID_VE_INFO);
	GUEST_DONE();
}

static void guest_second_ve(void)
{
	u32 a, b, c, d;

	cpuid(0x40000000, &a, &b, &c, &d);
	GUEST_FAIL("no #VE");
}

static struct td_vm *start(void *guest)
{
	struct td_vm *tv = td_new(1, guest, NULL);

	map_bad_addresses(tv);
	td_load(tv);
	td_finalize(tv->td);
	return tv;
}

/* No second KVM_RUN: up to 7.3.4 it would WARN. */
static void shuts_down(void *guest)
{
	struct td_vm *tv = start(guest);
	struct td_exit e;

	td_run_until_exit(tv, 0, KVM_EXIT_SHUTDOWN, 0, &e);
	TEST_ASSERT(td_alive(tv->td), "the guest's end killed the VM");
	td_end(tv);
}

static void is_nowhere(void)
{
	struct td_vm *tv = start(guest_touches_nowhere);
	struct kvm_run *run = tv->vcpus[0].vcpu->run;
	struct td_exit e;
	int i;

	for (i = 0; i < 3; i++) {
		td_run_until_exit(tv, 0, KVM_EXIT_MEMORY_FAULT, EFAULT, &e);
		TEST_ASSERT_EQ(run->memory_fault.gpa, (u64)GPA_NOWHERE);
		TEST_ASSERT_EQ(run->memory_fault.flags,
			       KVM_MEMORY_EXIT_FLAG_PRIVATE);
	}
	td_end(tv);
}

static void double_faults(void)
{
	struct td_vm *tv = td_new(1, guest_second_ve, NULL);

	vm_install_exception_handler(tv->vm, VE_VECTOR, ve_again);
	vm_install_exception_handler(tv->vm, DF_VECTOR, double_fault);
	td_load(tv);
	td_finalize(tv->td);
	td_run_until_done(tv, 0);
	td_end(tv);
}

void bad_guests(const struct subtest_args *args)
{
	struct module_counts before;

	module_counts_read(&before);
	wrong_results_are_found();
	bad_instructions();
	shuts_down(guest_triple_fault);
	shuts_down(guest_stack_gone);
	is_nowhere();
	td_kicked_out(start(guest_loops));
	td_kicked_out(start(guest_loops_in_ve));
	td_kicked_out(start(guest_sleeps_for_good));
	double_faults();
	assert_module_counts(&before, "after all of them");
}
