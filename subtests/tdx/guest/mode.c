// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDCALL where it is not allowed: in ring 3, and in 32-bit code. The guest
 * switches there itself, and returns by the exception.
 */
#include <stdio.h>
#include <string.h>

#include "subtests/tdx/tests.h"
#include "tdx/guest_code/boot.h"
#include "tdx/guest.h"
#include "tdx/vm.h"

/* As SYSRET derives them from STAR, without the GDT. */
#define STAR_BASE	0x10ull
#define USER_CS		(STAR_BASE + 16 + 3)
#define CS_32		0x28
#define CODE_32		0x00cf9b000000ffffull
#define TSS_RSP0	4

/* One page for ring 3, at the same address in guest and host. */
static u8 foreign[4096] __attribute__((aligned(4096)));
static u64 gdt[TD_GDT_ENTRIES + 1];
static u8 stack[4096] __attribute__((aligned(16)));

/* ---- there and back ------------------------------------------------------ */

static struct {
	u64 vector, error, cs, rip;
} got;
static u64 way_back, stack_back;

/* The frame goes on after struct ex_regs: RSP and SS, for IRETQ. */
static void come_back(struct ex_regs *regs)
{
	u64 *frame = &regs->rflags;

	got.vector = regs->vector;
	got.error = regs->error_code;
	got.cs = regs->cs;
	got.rip = regs->rip;
	regs->rip = way_back;
	regs->cs = TD_CS;
	frame[1] = stack_back;
	frame[2] = TD_DS;
}

#define LEAVE	"leaq 1f(%%rip), %%rax\n\t"				\
		"movq %%rax, %[back]\n\t"				\
		"movq %%rsp, %[stack]\n\t"

#define CLOBBERS "rax", "rcx", "rdx", "r11", "memory", "cc"

static void to_ring_3(void)
{
	asm volatile(LEAVE
		     "movq %[ip], %%rcx\n\t"
		     "movl $2, %%r11d\n\t"
		     "sysretq\n\t"
		     "1:"
		     : [back] "=m" (way_back), [stack] "=m" (stack_back)
		     : [ip] "r" (foreign) : CLOBBERS);
}

static void to_32_bits(void)
{
	asm volatile(LEAVE
		     "pushq %[cs]\n\t"
		     "pushq %[ip]\n\t"
		     "lretq\n\t"
		     "1:"
		     : [back] "=m" (way_back), [stack] "=m" (stack_back)
		     : [cs] "r" ((u64)CS_32), [ip] "r" (foreign) : CLOBBERS);
}

/* ---- guest --------------------------------------------------------------- */

/* The stack for exceptions from ring 3. */
static void set_ring_0_stack(void)
{
	const struct desc64 *d = (void *)&gdt[TD_TSS / 8];
	u64 tss = d->base0 | d->base1 << 16 | (u64)d->base2 << 24 |
		  (u64)d->base3 << 32;

	memcpy((void *)(tss + TSS_RSP0), &(u64){ (u64)stack + sizeof(stack) },
	       sizeof(u64));
}

static void set_segments(void)
{
	struct desc_ptr old, new = { .size = sizeof(gdt) - 1,
				     .address = (u64)gdt };

	asm volatile("sgdt %0" : "=m" (old));
	memcpy(gdt, (void *)old.address, sizeof(gdt) - sizeof(gdt[0]));
	gdt[CS_32 / 8] = CODE_32;
	asm volatile("lgdt %0" : : "m" (new));
	wrmsr(MSR_STAR, STAR_BASE << 48 | (u64)TD_CS << 32);
}

static void comes_to_grief(void (*go)(void), const u8 *insn, u32 len,
			   u64 vector, u64 cs)
{
	memset(&got, 0, sizeof(got));
	memcpy(foreign, insn, len);
	go();
	GUEST_ASSERT_EQ(got.cs, cs);
	GUEST_ASSERT_EQ(got.rip, (u64)foreign);
	GUEST_ASSERT_EQ(got.vector, vector);
	GUEST_ASSERT_EQ(got.error, 0ul);
}

static void guest_other_modes(void)
{
	static const u8 tdcall[] = { 0x66, 0x0f, 0x01, 0xcc };
	static const u8 seamcall[] = { 0x66, 0x0f, 0x01, 0xcf };
	static const u8 ud2[] = { 0x0f, 0x0b };

	set_segments();
	set_ring_0_stack();
	/* UD2 first, as a control. */
	comes_to_grief(to_ring_3, ud2, sizeof(ud2), UD_VECTOR, USER_CS);
	comes_to_grief(to_ring_3, tdcall, sizeof(tdcall), GP_VECTOR, USER_CS);
	comes_to_grief(to_32_bits, ud2, sizeof(ud2), UD_VECTOR, CS_32);
	comes_to_grief(to_32_bits, tdcall, sizeof(tdcall), GP_VECTOR, CS_32);
	comes_to_grief(to_32_bits, seamcall, sizeof(seamcall), UD_VECTOR,
		       CS_32);
	GUEST_DONE();
}

/* ---- host ---------------------------------------------------------------- */

/* Each level of page tables has to permit it. */
static void let_ring_3(struct kvm_vm *vm, const void *page)
{
	u64 gva = (u64)page, *table = addr_gpa2hva(vm, vm->mmu.pgd), *e;
	int shift;

	for (shift = 39; shift >= 12; shift -= 9) {
		e = &table[gva >> shift & 511];
		*e |= PTE_USER_MASK(&vm->mmu);
		if (shift > 12)
			table = addr_gpa2hva(vm, PTE_GET_PA(*e));
	}
}

void tdcall_elsewhere(const struct subtest_args *args)
{
	struct td_vm *tv = td_new(1, guest_other_modes, NULL);

	let_ring_3(tv->vm, foreign);
	vm_install_exception_handler(tv->vm, UD_VECTOR, come_back);
	vm_install_exception_handler(tv->vm, GP_VECTOR, come_back);
	td_load(tv);
	td_finalize(tv->td);
	td_run_until_done(tv, 0);
	td_end(tv);
}
