// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walks the state table (leaves.def): finds the leaf, checks what its row says
 * in the order in which the TDX module checks, then lets the leaf's function do
 * the work.  Also the one lock, and what was counted per leaf.
 */
#include <linux/atomic.h>
#include <linux/bitfield.h>
#include <linux/irqflags.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "softtdx.h"

#define RAX_LEAF		GENMASK_ULL(15, 0)
#define RAX_VERSION		GENMASK_ULL(23, 16)
#define RAX_SEAMLDR		BIT_ULL(63)

/* How often a caller that may have interrupted the holder tries. */
#define TRY_LOCK_LOOPS		100000

#define LEAF(leaf_nr, leaf_name, ...) \
	[leaf_nr] = { .name = leaf_name, .nr = leaf_nr, __VA_ARGS__ },
static const struct stx_leaf stx_leaves[STX_NR_LEAVES] = {
#include "leaves.def"
};
#undef LEAF

static struct {
	atomic64_t calls, errors, last, injected;
} stx_stats[STX_NR_LEAVES + 1];

static bool stx_trace;
module_param_named(trace, stx_trace, bool, 0644);
MODULE_PARM_DESC(trace, "Print every SEAMCALL with its operands and status");

static arch_spinlock_t stx_the_lock = __ARCH_SPIN_LOCK_UNLOCKED;

void stx_lock(unsigned long *flags)
{
	local_irq_save(*flags);
	arch_spin_lock(&stx_the_lock);
}

void stx_unlock(unsigned long flags)
{
	arch_spin_unlock(&stx_the_lock);
	local_irq_restore(flags);
}

/* For TDH.VP.ENTER, which has the lock and interrupts off. */
void stx_lock_drop(void)
{
	arch_spin_unlock(&stx_the_lock);
}

void stx_lock_retake(void)
{
	arch_spin_lock(&stx_the_lock);
}

const struct stx_leaf *stx_leaf(unsigned int nr)
{
	if (nr >= STX_NR_LEAVES || !stx_leaves[nr].run)
		return NULL;
	return &stx_leaves[nr];
}

/* Index STX_NR_LEAVES counts leaves that are not in the table. */
void stx_leaf_stats(unsigned int nr, struct stx_leaf_stats *stats)
{
	*stats = (struct stx_leaf_stats) {
		.calls = atomic64_read(&stx_stats[nr].calls),
		.errors = atomic64_read(&stx_stats[nr].errors),
		.last = atomic64_read(&stx_stats[nr].last),
		.injected = atomic64_read(&stx_stats[nr].injected),
	};
}

static void stx_count(unsigned int nr, u64 status, bool injected)
{
	if (nr > STX_NR_LEAVES)
		nr = STX_NR_LEAVES;
	atomic64_inc(&stx_stats[nr].calls);
	if (injected)
		atomic64_inc(&stx_stats[nr].injected);
	if (!status)
		return;
	atomic64_inc(&stx_stats[nr].errors);
	atomic64_set(&stx_stats[nr].last, status);
}

static u64 stx_check_sys(struct stx_call *c)
{
	enum stx_sys sys = stx_sys_state();
	u8 allowed = c->leaf->sys ?: BIT(SYS_READY);

	if ((allowed & BIT(sys)) || !stx_checks(c, CHECK_SYS))
		return RC_SUCCESS;
	if (sys == SYS_SHUTDOWN)
		return RC_SYS_SHUTDOWN;
	return c->leaf->sys_err ?: RC_SYS_NOT_READY;
}

/* The TD: named by its TDR, or as the owner of the TDVPR that is named. */
static u64 stx_check_td(struct stx_call *c)
{
	const struct stx_leaf *l = c->leaf;
	struct stx_pamt *entry;
	u64 pa, err;

	if (!l->td && !l->vp)
		return RC_SUCCESS;

	pa = c->in[l->td ?: l->vp];
	err = stx_page_check(c, pa, l->td ?: l->vp,
			     l->td ? CHECK_TD_ADDRESS : CHECK_VP_ADDRESS,
			     l->td ? PGT_TDR : PGT_TDVPR, &entry);
	if (err)
		return err;

	if (l->vp) {
		c->vp = stx_tdvps(pa);
		pa = stx_page_owner(entry);
	}
	c->tdr = stx_tdr(pa);
	if (!c->tdr || (l->vp && !c->vp))
		return RC_TD_FATAL;
	return RC_SUCCESS;
}

static u64 stx_check_states(struct stx_call *c)
{
	const struct stx_leaf *l = c->leaf;

	if (!c->tdr)
		return RC_SUCCESS;
	if (l->life && !(l->life & BIT(c->tdr->life)) && stx_checks(c, CHECK_LIFE))
		return l->life_err;

	if (c->tdr->nr_tdcx == STX_TDCS_PAGES) {
		c->tdcs = stx_tdcs(c->tdr);
		if (!c->tdcs && c->tdr->life != LIFE_TEARDOWN)
			return RC_TD_FATAL;
	}
	if (!l->op)
		return RC_SUCCESS;
	if (!c->tdcs)
		return stx_refuse(c, CHECK_TDCS, RC_TDCS_NOT_ALLOCATED);
	if (l->op & BIT(c->tdcs->op))
		return RC_SUCCESS;
	/* Nothing is known yet about the secure EPT and the vCPUs. */
	if (c->tdcs->op == OP_UNINITIALIZED)
		return stx_refuse(c, CHECK_OP, RC_OP_STATE_INCORRECT);
	return stx_checks(c, CHECK_OP) ? RC_OP_STATE_INCORRECT : RC_SUCCESS;
}

static u64 stx_check_vcpu(struct stx_call *c)
{
	const struct stx_leaf *l = c->leaf;

	if (!c->vp)
		return RC_SUCCESS;
	if (l->vps && c->vp->nr_pages < STX_TDVPS_PAGES &&
	    stx_checks(c, CHECK_VPS))
		return RC_TDCX_NUM_INCORRECT;
	if (l->vcpu && !(l->vcpu & BIT(c->vp->state)) && stx_checks(c, CHECK_VCPU))
		return RC_VCPU_STATE_INCORRECT | c->vp->state;
	if (l->assoc)
		return stx_vp_associate(c);
	return RC_SUCCESS;
}

/*
 * Only with a rule off: the page is somebody's, who loses it.  Not so what the
 * call itself stands on.
 */
static u64 stx_take_away(struct stx_call *c, struct stx_pamt *entry)
{
	enum stx_page_type type = stx_page_type(entry);
	u64 owner = type == PGT_TDR ? c->page : stx_page_owner(entry);
	struct stx_tdr *tdr;

	if (c->tdr && c->tdr->pa == owner && type != PGT_REG)
		return RC_TD_FATAL;
	if (type == PGT_TDR) {
		stx_td_unlink(__va(c->page));
		return RC_SUCCESS;
	}
	tdr = stx_tdr(owner);
	if (tdr)
		tdr->children--;
	return RC_SUCCESS;
}

static u64 stx_check_pages(struct stx_call *c)
{
	const struct stx_leaf *l = c->leaf;
	struct stx_pamt *entry;
	u64 err;

	if (l->source) {
		err = stx_source_check(c, c->in[l->source], PAGE_SIZE,
				       l->source);
		if (err)
			return err;
	}
	if (!l->page)
		return RC_SUCCESS;
	c->page = c->in[l->page];
	err = stx_page_check(c, c->page, l->page, CHECK_PAGE_ADDRESS, l->in,
			     &entry);
	if (!err && stx_page_type(entry) != PGT_NDA)
		err = stx_take_away(c, entry);
	return err;
}

/* A page changed hands: record its type and owner, count it. */
static void stx_commit(struct stx_call *c)
{
	const struct stx_leaf *l = c->leaf;

	if (!l->page || l->in == l->out)
		return;
	stx_page_set(stx_pamt(c->page), l->out, c->tdr ? c->tdr->pa : 0);
	if (c->tdr)
		c->tdr->children++;
}

static u64 stx_do(struct stx_call *c)
{
	const struct stx_leaf *l = c->leaf;
	u64 err;

	err = stx_check_sys(c) ?: stx_check_td(c) ?: stx_check_states(c) ?:
	      stx_check_vcpu(c);
	if (!err && l->check)
		err = l->check(c);
	if (!err && l->gpa)
		err = stx_gpa_operand(c);
	if (!err)
		err = stx_check_pages(c);
	if (!err)
		err = l->run(c);
	if (!err)
		stx_commit(c);
	return err;
}

static bool stx_try_lock(void)
{
	int i;

	for (i = 0; i < TRY_LOCK_LOOPS; i++) {
		if (arch_spin_trylock(&stx_the_lock))
			return true;
		cpu_relax();
	}
	return false;
}

static u64 stx_do_or_fail(struct stx_call *c)
{
	u64 status;

	return stx_injected(c, &status) ? status : stx_do(c);
}

/* Rules want the lock; a caller that cannot have it goes without them. */
static u64 stx_do_unlocked(struct stx_call *c)
{
	u64 status = RC_SUCCESS;

	if (stx_have_injects() && stx_try_lock()) {
		stx_injected(c, &status);
		arch_spin_unlock(&stx_the_lock);
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
		if (!stx_try_lock())
			return stx_err(RC_OPERAND_BUSY, STX_RCX);
		status = stx_do_or_fail(c);
		arch_spin_unlock(&stx_the_lock);
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
	    ((rax & ~(RAX_LEAF | RAX_VERSION)) && stx_checks(&c, CHECK_RESERVED)) ||
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
