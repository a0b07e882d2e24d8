// SPDX-License-Identifier: GPL-2.0-only
/*
 * One SEAMCALL: check RAX, take the lock that the leaf needs, apply injections,
 * then do the leaf by its row of the state table (table.c).
 */
#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "softtdx.h"

#define RAX_LEAF		GENMASK_ULL(15, 0)
#define RAX_VERSION		GENMASK_ULL(23, 16)
#define RAX_SEAMLDR		BIT_ULL(63)

static bool stx_trace;
module_param_named(trace, stx_trace, bool, 0644);
MODULE_PARM_DESC(trace, "Print every SEAMCALL with its operands and status");

static u64 stx_do_or_fail(struct stx_call *c)
{
	u64 status;

	return stx_injected(c, &status) ? status : stx_do(c);
}

/* Injections need the lock.  A caller that cannot get it has none. */
static u64 stx_do_unlocked(struct stx_call *c)
{
	u64 status = RC_SUCCESS;

	if (stx_have_injects() && stx_lock_try()) {
		stx_injected(c, &status);
		stx_lock_drop();
	}
	return c->injected ? status : stx_do(c);
}

static u64 stx_do_locked(struct stx_call *c)
{
	unsigned long flags;
	u64 status;

	switch (c->leaf->lock) {
	case STX_LOCK_NONE:
		return stx_do_unlocked(c);
	case STX_LOCK_TRY:
		/* Any failure reads as "not private" in the #MC handler. */
		if (!stx_lock_try())
			return stx_err(RC_OPERAND_BUSY, STX_RCX);
		status = stx_do_or_fail(c);
		stx_lock_drop();
		return status;
	default:
		stx_lock(&flags);
		status = stx_do_or_fail(c);
		stx_unlock(flags);
		return status;
	}
}

static void stx_trace_call(const char *name, const u64 *in, const u64 *out)
{
	pr_info("softtdx: cpu%d %s rax %llx rcx %llx rdx %llx r8 %llx r9 %llx -> %llx rcx %llx rdx %llx r8 %llx\n",
		raw_smp_processor_id(), name, in[STX_RAX], in[STX_RCX],
		in[STX_RDX], in[STX_R8], in[STX_R9], out[STX_RAX],
		out[STX_RCX], out[STX_RDX], out[STX_R8]);
}

bool stx_seamcall(u64 *regs)
{
	u64 in[STX_NR_REGS], rax = regs[STX_RAX];
	unsigned int nr = rax & RAX_LEAF, i;
	struct stx_call c = {
		.leaf = stx_leaf(nr),
		.version = FIELD_GET(RAX_VERSION, rax),
		.in = in,
		.out = regs,
	};
	u64 status;

	/* There is no P-SEAMLDR to call: VMfailInvalid. */
	if (rax & RAX_SEAMLDR)
		return false;

	memcpy(in, regs, sizeof(in));
	if (!c.leaf ||
	    ((rax & ~(RAX_LEAF | RAX_VERSION)) &&
	     stx_checks(&c, CHECK_RESERVED)) ||
	    (c.version > c.leaf->version && stx_checks(&c, CHECK_VERSION))) {
		status = stx_err(RC_OPERAND_INVALID, STX_RAX);
	} else {
		for (i = 0; i < STX_NR_REGS; i++)
			if (c.leaf->zero & BIT(i))
				regs[i] = 0;
		status = stx_do_locked(&c);
	}
	regs[STX_RAX] = status;
	stx_count(c.leaf ? nr : STX_NR_LEAVES, status, c.injected);
	if (unlikely(stx_trace))
		stx_trace_call(c.leaf ? c.leaf->name : "unknown", in, regs);
	return true;
}
