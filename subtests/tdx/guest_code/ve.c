// SPDX-License-Identifier: GPL-2.0-only
/* Guest code: #VE of EPT violations. No SSE, see ve.h and the Makefile. */
#include "subtests/tdx/guest_code/ve.h"

#define SIZE_2M		(512ul * PAGE_SIZE)

static u64 accepted, seen;
static struct tdg_ve last;

u64 ve_accepted(void)
{
	return __atomic_load_n(&accepted, __ATOMIC_RELAXED);
}

u64 ve_seen(void)
{
	return __atomic_load_n(&seen, __ATOMIC_RELAXED);
}

const struct tdg_ve *ve_last(void)
{
	return &last;
}

/* A #VE at peek_insn continues at peek_failed. */
u64 peek(const void *p, u64 *failed);
extern const u8 peek_insn[], peek_failed[];

asm(".pushsection .text\n"
    ".globl peek\n"
    "peek:\n"
    "peek_insn:\n"
    "	mov (%rdi), %rax\n"
    "	ret\n"
    "peek_failed:\n"
    "	movq $1, (%rsi)\n"
    "	ret\n"
    ".popsection\n");

bool ve_peek(const void *p, u64 *value)
{
	u64 failed = 0;

	*value = peek(p, &failed);
	return !failed;
}

static void accept(gpa_t gpa)
{
	u64 status = td_accept_page(gpa, TDX_LEVEL_4K);

	/* KVM has mapped a large page. */
	if (tdx_status(status) == TDX_PAGE_SIZE_MISMATCH)
		status = td_accept_page(gpa & ~(SIZE_2M - 1), TDX_LEVEL_2M);
	if (!status)
		__atomic_fetch_add(&accepted, 1, __ATOMIC_RELAXED);
	else if (tdx_status(status) != TDX_PAGE_ALREADY_ACCEPTED)
		GUEST_FAIL("accept of gpa %#lx in #VE: status %#lx", gpa,
			   status);
}

bool ve_accept(const struct tdg_ve *ve, struct ex_regs *regs)
{
	if (ve->reason != EXIT_EPT_VIOLATION)
		return false;

	last = *ve;
	__atomic_fetch_add(&seen, 1, __ATOMIC_RELAXED);
	if (!(ve->gpa & TD_SHARED)) {
		accept(ve->gpa & PAGE_MASK);
		return true;
	}
	if (regs->rip != (u64)peek_insn)
		return false;

	regs->rip = (u64)peek_failed;
	return true;
}
