// SPDX-License-Identifier: GPL-2.0-only
/*
 * The self-test's frame: one case, and how its failure is reported.  See
 * selftest.h.
 */
#include <linux/array_size.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "selftest.h"

#define LIFE(state)	.life = LIFE_##state + 1
#define OP(state)	.op = OP_##state + 1
#define STATE(state)	.vcpu = VCPU_##state + 1
#define ENTRY(state)	.entry = E_##state + 1
#define TAKES(t)	.takes = true, .type = T_##t
#define VP(reg, id)	.vp = reg, .good_vp = VP_##id
#define GPA(reg, place)	.gpa = reg, .good_gpa = place
#define ENDS_MODULE	.ends_module = true
#define READS		.reads = true
#define LEAF(id, nr, leaf_name, ...) \
	[L_##id] = { .name = leaf_name, .rax = nr, __VA_ARGS__ },
const struct st_leaf st_leaves[ST_NR_LEAVES] = {
#include "leaf.def"
};
#undef LEAF

static const struct {
	u64 status;
	const char *name;
} st_statuses[] = {
#define STATUS(id, ...) { S_##id, #id },
#include "status.def"
#undef STATUS
};

void st_say(struct st *t, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	t->len += vscnprintf(t->text + t->len, t->size - t->len, fmt, args);
	va_end(args);
}

static void st_say_status(struct st *t, u64 status)
{
	const char *name = NULL;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(st_statuses); i++)
		if (st_statuses[i].status == (status & GENMASK_ULL(63, 32)))
			name = st_statuses[i].name;
	if (!name)
		st_say(t, "%#llx", status);
	else if ((u32)status)
		st_say(t, "%s|%u", name, (u32)status);
	else
		st_say(t, "%s", name);
}

/* "failed PART LEAF on COLUMN: WHAT: got X, wanted Y" */
void st_fail(struct st *t, const char *leaf, const char *what, u64 got,
	     u64 want)
{
	bool status = !strcmp(what, "status") || !strcmp(what, "set-up");

	t->failed++;
	st_say(t, "failed %s %s on %s: %s: got ", t->part, leaf, t->column,
	       what);
	if (status) {
		st_say_status(t, got);
		st_say(t, ", wanted ");
		st_say_status(t, want);
	} else {
		st_say(t, "%#llx, wanted %#llx", got, want);
	}
	st_say(t, "\n");
}

/* A case that is one value. */
void st_check(struct st *t, const char *what, u64 got, u64 want)
{
	t->cases++;
	if (got != want)
		st_fail(t, "-", what, got, want);
}

struct st_remote {
	bool (*seamcall)(u64 *regs);
	u64 *regs;
	bool done;
};

static void st_call_here(void *arg)
{
	struct st_remote *call = arg;

	call->done = call->seamcall(call->regs);
}

/* ~0 for VMfailInvalid. */
u64 st_call_on(struct st *t, int cpu, enum st_leaf_id id, u64 *regs)
{
	struct st_remote call = {
		.seamcall = t->seamcall ?: stx_seamcall, .regs = regs,
	};

	regs[RAX] = st_leaves[id].rax;
	if (cpu == raw_smp_processor_id())
		st_call_here(&call);
	else
		smp_call_function_single(cpu, st_call_here, &call, 1);
	return call.done ? regs[RAX] : ~0ULL;
}

/* Operands with which the leaf would do its work if the TD is one for it. */
void st_good(struct st *t, enum st_leaf_id id, const struct st_td *td,
	     u64 *regs)
{
	const struct st_leaf *l = &st_leaves[id];

	memset(regs, 0, STX_NR_REGS * sizeof(*regs));
	if (l->td)
		regs[l->td] = td->tdr;
	if (l->vp)
		regs[l->vp] = td->vp[l->good_vp].vpr;
	if (l->gpa)
		regs[l->gpa] = st_gpa(l->good_gpa);
	if (l->page && l->page != BEHIND_GPA)
		regs[l->page] = st_fresh(t);
	if (l->source)
		regs[l->source] = t->source;

	switch (id) {
	case L_SYS_INIT:
		regs[RCX] = 1;
		break;
	case L_SYS_RD:
		regs[RDX] = F_TDCS_SIZE;
		break;
	case L_MNG_CREATE:
		regs[RDX] = t->last_key - ST_NR_TDS;
		break;
	case L_MNG_INIT:
		st_params(t);
		regs[RDX] = t->params;
		break;
	case L_MNG_RD:
		regs[RDX] = F_TSC_OFFSET;
		break;
	case L_VP_INIT:
		regs[R8] = ST_NR_VPS;
		break;
	case L_VP_WR:
		regs[R8] = t->source;
		regs[R9] = ~0ULL;
		fallthrough;
	case L_VP_RD:
		regs[RDX] = F_SHARED_EPTP;
		break;
	case L_PHYMEM_PAGE_RECLAIM:
		regs[RCX] = td->tdcx[1];
		break;
	default:
		break;
	}
}

/* A status with which a leaf has done its work. */
static bool st_done(u64 status)
{
	return !status || (status >> 32) == (S_NON_RECOVERABLE_VCPU >> 32);
}

bool st_do(struct st *t, enum st_leaf_id id, u64 *regs, struct st_td *td,
	   struct st_want want)
{
	const struct st_leaf *l = &st_leaves[id];
	struct st_view before, after;
	struct st_target at;
	bool same;
	u64 got;

	t->cases++;
	st_aim(l, regs, td, &at);
	st_look(l, &at, &before);
	got = st_call_on(t, t->here, id, regs);
	st_look(l, &at, &after);
	if (st_done(want.status))
		st_effect(&before, t, l, &at, &want);

	if (got != want.status)
		st_fail(t, l->name, "status", got, want.status);
	same = got == want.status && st_compare(t, l, &after, &before);
	if (td && (!same || (st_done(got) && (!l->reads || want.assoc))))
		td->built = false;
	return same;
}
