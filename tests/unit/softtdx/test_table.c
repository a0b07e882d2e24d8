// SPDX-License-Identifier: GPL-2.0-only
/*
 * lab/softtdx: the state table against a second writing of the rules, and
 * against itself: rows that ask for nothing where they must ask for something.
 */
#include <stdbool.h>
#include <stdint.h>

typedef uint64_t u64;
typedef uint16_t u16;
typedef uint8_t u8;

#include "lab/softtdx/include/abi.h"
#include "lab/softtdx/include/leaf.h"
#include "lab/softtdx/include/septe.h"
#include "unit.h"

#define NR 128
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define STUB(fn) u64 fn(struct stx_call *c) { return !c; }
STX_FUNCTIONS(STUB)

static const struct stx_leaf leaves[NR] = {
#define LEAF(nr, leaf_name, ...) [nr] = { .name = leaf_name, __VA_ARGS__ },
#include "lab/softtdx/seamcall/leaves.def"
#undef LEAF
};

/* The leaves that Linux 7.2 and 7.3 can issue, without module updates. */
static const u8 issued[] = {
	0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 16, 17, 18, 19, 20, 21, 22, 24, 26,
	28, 29, 31, 33, 34, 35, 36, 38, 40, 41, 43, 45, 69,
};

static void every_leaf_once(void)
{
	unsigned int i, j, rows = 0;

	for (i = 0; i < ARRAY_SIZE(issued); i++)
		CHECK(leaves[issued[i]].run);
	for (i = 0; i < NR; i++) {
		rows += !!leaves[i].run;
		for (j = 0; leaves[i].name && j < i; j++)
			CHECK(!leaves[j].name ||
			      strcmp(leaves[i].name, leaves[j].name));
	}
	CHECK_EQ(rows, ARRAY_SIZE(issued));
}

/* By operation state: u uninitialized, i initialized, r runnable. */
static const struct {
	u8 leaf;
	const char *op;
} op_states[] = {
	{ 0, "r" }, { 2, "i" }, { 3, "ir" }, { 4, "i" }, { 6, "ir" },
	{ 7, "ir" }, { 10, "i" }, { 11, "ir" }, { 16, "i" }, { 17, "i" },
	{ 21, "u" }, { 22, "i" }, { 26, "ir" }, { 29, "ir" }, { 38, "ir" },
	{ 43, "ir" },
};

static unsigned int op_mask(unsigned int leaf)
{
	unsigned int i, mask = 0;

	for (i = 0; i < ARRAY_SIZE(op_states); i++) {
		if (op_states[i].leaf != leaf)
			continue;
		if (strchr(op_states[i].op, 'u'))
			mask |= 1 << OP_UNINITIALIZED;
		if (strchr(op_states[i].op, 'i'))
			mask |= 1 << OP_INITIALIZED;
		if (strchr(op_states[i].op, 'r'))
			mask |= 1 << OP_RUNNABLE;
	}
	return mask;
}

static void operation_states(void)
{
	unsigned int i;

	for (i = 0; i < NR; i++)
		CHECK_EQ(leaves[i].op, op_mask(i));
}

static void life_cycle(void)
{
	const unsigned int keys = 1 << LIFE_KEYS_CONFIGURED;
	unsigned int i;

	for (i = 0; i < NR; i++) {
		const struct stx_leaf *l = &leaves[i];

		CHECK_EQ(!!l->life, l->td || l->vp);
		CHECK_EQ(!!l->life, !!l->life_err);
		if (l->op || l->vp)
			CHECK_EQ(l->life, keys);
	}
	CHECK_EQ(leaves[8].life, 1 << LIFE_HKID_ASSIGNED);
	CHECK_EQ(leaves[19].life, keys | 1 << LIFE_HKID_ASSIGNED);
	CHECK_EQ(leaves[20].life, 1 << LIFE_BLOCKED);
	CHECK_EQ(leaves[18].life_err, RC_TD_KEYS_NOT_CONFIGURED);
	CHECK_EQ(leaves[20].life_err, RC_LIFECYCLE_STATE_INCORRECT);
}

static void before_the_module_is_ready(void)
{
	const u8 early[] = { 31, 33, 34, 35, 45, 69 };
	unsigned int i, j, found;

	for (i = 0; i < NR; i++) {
		for (found = 0, j = 0; j < ARRAY_SIZE(early); j++)
			found |= early[j] == i;
		CHECK_EQ(!!leaves[i].sys, found);
	}
}

static void exclusive_tdr(void)
{
	const u8 exclusive[] = { 1, 2, 8, 16, 17, 19, 20, 21, 22 };
	unsigned int i, j, want;

	for (i = 0; i < NR; i++) {
		const struct stx_leaf *l = &leaves[i];

		want = l->td || l->vp ? STX_SH : 0;
		for (j = 0; j < ARRAY_SIZE(exclusive); j++)
			want = exclusive[j] == i ? STX_EX : want;
		CHECK_EQ(l->td_lock, want);
		CHECK_EQ(!!l->vp_lock, !!l->vp);
	}
}

static void pages(void)
{
	unsigned int i;

	for (i = 0; i < NR; i++) {
		const struct stx_leaf *l = &leaves[i];

		if (!l->page) {
			CHECK(!l->in && !l->out);
			continue;
		}
		CHECK_EQ(l->in, PGT_NDA);
		CHECK(l->out > PGT_RSVD);
		CHECK(l->page != l->td && l->page != l->vp);
	}
	for (i = 0; i < NR; i++)
		CHECK_EQ(leaves[i].owned, i == 24 || i == 28 ? STX_RCX : 0);
	CHECK_EQ(leaves[9].out, PGT_TDR);
	CHECK_EQ(leaves[1].out, PGT_TDCX);
	CHECK_EQ(leaves[10].out, PGT_TDVPR);
	CHECK_EQ(leaves[4].out, PGT_TDCX);
	CHECK_EQ(leaves[3].out, PGT_EPT);
	CHECK_EQ(leaves[2].out, PGT_REG);
	CHECK_EQ(leaves[6].out, PGT_REG);
}

static void secure_ept(void)
{
	unsigned int i;

	for (i = 0; i < NR; i++) {
		const struct stx_leaf *l = &leaves[i];

		CHECK_EQ(!!l->gpa, !!l->sept);
		if (!l->gpa)
			continue;
		CHECK(l->td && l->op && l->min <= l->max);
		CHECK(l->zero & 1 << STX_RCX && l->zero & 1 << STX_RDX);
	}
	CHECK_EQ(leaves[3].min, 1);
	CHECK_EQ(leaves[2].sept, SEPTB_FREE);
	CHECK_EQ(leaves[3].sept, SEPTB_FREE);
	CHECK_EQ(leaves[6].sept, SEPTB_FREE);
	CHECK_EQ(leaves[16].sept, SEPTB_MAPPED);
	CHECK(!(leaves[7].sept & SEPTB_ANY_BLOCKED));
	CHECK(leaves[7].blocked);
	CHECK(!(leaves[29].sept & (SEPTB_NL_MAPPED | SEPTB_NL_BLOCKED)));
}

static void vcpus(void)
{
	unsigned int i;

	for (i = 0; i < NR; i++) {
		const struct stx_leaf *l = &leaves[i];

		CHECK(!(l->td && l->vp));
		if (l->vcpu || l->vps || l->assoc)
			CHECK(l->vp);
		CHECK_EQ(l->version, i == 22);
	}
	CHECK_EQ(leaves[0].assoc, STX_ASSOC_TAKE);
	CHECK_EQ(leaves[43].assoc, STX_ASSOC_TAKE);
	CHECK_EQ(leaves[18].assoc, STX_ASSOC_HERE);
	CHECK_EQ(leaves[22].vcpu, 1 << VCPU_UNINITIALIZED);
}

static void locks(void)
{
	unsigned int i;

	for (i = 0; i < NR; i++)
		CHECK_EQ(leaves[i].lock, i == 24 ? STX_LOCK_TRY :
			 i == 69 ? STX_LOCK_NONE : STX_LOCK_ONE);
}

UNIT_MAIN({ "every_leaf_once", every_leaf_once },
	  { "operation_states", operation_states },
	  { "life_cycle", life_cycle },
	  { "before_the_module_is_ready", before_the_module_is_ready },
	  { "exclusive_tdr", exclusive_tdr },
	  { "pages", pages },
	  { "secure_ept", secure_ept },
	  { "vcpus", vcpus },
	  { "locks", locks })
