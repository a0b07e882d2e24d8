// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's side of state_fill.h between loading registers and reading them:
 * compiled without SSE, so that only exits can change those.
 */
#include "subtests/tdx/guest_code/state_fill.h"
#include "tdx/guest.h"

#define MSR_SYSENTER_CS		0x174
#define MSR_SYSENTER_ESP	0x175
#define MSR_SYSENTER_EIP	0x176

static const u32 msrs[] = {
	[R_STAR] = MSR_STAR, [R_LSTAR] = MSR_LSTAR,
	[R_FMASK] = MSR_SYSCALL_MASK,
	[R_KERNEL_GS_BASE] = MSR_KERNEL_GS_BASE,
	[R_FS_BASE] = MSR_FS_BASE, [R_GS_BASE] = MSR_GS_BASE,
	[R_TSC_AUX] = MSR_TSC_AUX, [R_SYSENTER_CS] = MSR_SYSENTER_CS,
	[R_SYSENTER_ESP] = MSR_SYSENTER_ESP,
	[R_SYSENTER_EIP] = MSR_SYSENTER_EIP, [R_PAT] = MSR_IA32_CR_PAT,
};

#define SET(reg, value)	asm volatile("mov %0, %%" #reg : : "r" (value))
#define GET(reg, value)	asm volatile("mov %%" #reg ", %0" : "=r" (value))

static void regs_load(const struct state_regs *s)
{
	const u64 *r = s->r;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(msrs); i++)
		wrmsr(msrs[i], r[i]);
	SET(cr2, r[R_CR2]);
	SET(db0, r[R_DR0]);
	SET(db1, r[R_DR1]);
	SET(db2, r[R_DR2]);
	SET(db3, r[R_DR3]);
	SET(db6, r[R_DR6]);
	SET(cr8, r[R_CR8]);
	xsetbv(0, r[R_XCR0]);
}

static void regs_store(struct state_regs *s)
{
	u64 *r = s->r;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(msrs); i++)
		r[i] = rdmsr(msrs[i]);
	GET(cr2, r[R_CR2]);
	GET(db0, r[R_DR0]);
	GET(db1, r[R_DR1]);
	GET(db2, r[R_DR2]);
	GET(db3, r[R_DR3]);
	GET(db6, r[R_DR6]);
	GET(cr8, r[R_CR8]);
	r[R_XCR0] = xgetbv(0);
}

void state_irq(struct ex_regs *regs)
{
	wrmsr(APIC_BASE_MSR + (APIC_EOI >> 4), 0);
}

/* Exits that KVM or user space handles. */
static u64 calls(const struct state_exits *e)
{
	u64 value, info[4], ret;
	u32 a, b, c, d;

	ret = tdvmcall_out(STATE_PORT, 4, 0x12345678);
	ret |= tdvmcall_in(STATE_PORT, 4, &a);
	ret |= tdvmcall_mmio_write(e->mmio | TD_SHARED, 8, ~0ull);
	ret |= tdvmcall_mmio_read(e->mmio | TD_SHARED, 8, &value);
	ret |= tdvmcall_rdmsr(MSR_IA32_CR_PAT, &value);
	ret |= tdvmcall_get_info(0, info);
	ret |= tdvmcall_get_info(1, info);
	/* A #VE first. */
	cpuid(0x40000000, &a, &b, &c, &d);
	return ret;
}

/* Pages that are faulted, freed and converted. */
static u64 pages(const struct state_exits *e)
{
	u64 ret = tdg_mem_page_accept(e->fresh, TDX_LEVEL_4K);

	*(volatile u64 *)td_private(e->fresh) = 1;
	*(volatile u64 *)td_shared(e->shared) = 1;
	ret |= __td_share(e->fresh, PAGE_SIZE);
	*(volatile u64 *)td_shared(e->fresh) = 1;
	ret |= __td_unshare(e->fresh, PAGE_SIZE);
	return ret | tdg_mem_page_accept(e->fresh, TDX_LEVEL_4K);
}

/* HLT until the timer's interrupt. */
static void sleeps(void)
{
	u64 timer = APIC_LVT_TIMER_ONESHOT | STATE_VECTOR;

	wrmsr(APIC_BASE_MSR + (APIC_LVTT >> 4), timer);
	wrmsr(APIC_BASE_MSR + (APIC_TMICT >> 4), 100000);
	safe_halt();
	cli();
}

/* Exits by the host's own interrupts. */
static void spins(u64 times)
{
	while (times--)
		cpu_relax();
}

static u64 exits(const struct state_exits *e)
{
	u64 ret = calls(e);

	ret |= pages(e);
	sleeps();
	spins(e->spins);
	return ret;
}

u64 state_round(struct state_round *r)
{
	u64 ret;

	regs_load(&r->regs_want);
	xstate_load(&r->want, r->mask);
	ret = exits(&r->exits);
	xstate_store(&r->got, r->mask);
	regs_store(&r->regs_got);
	return ret;
}
