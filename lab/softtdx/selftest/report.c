// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the self-test knows of each leaf and status, how it makes a call and how
 * it reports a failure.  See selftest.h.
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
