// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDH.MNG.INIT: each value of TD_PARAMS that it must refuse, which of two it
 * reports, and the TD's CPUID (param.def).
 */
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/mm.h>
#include <linux/unaligned.h>

#include "selftest.h"

#define NONE		0xffffffffu
#define F_CONFIG_LEAVES	0x9900000300000400ULL
#define F_CONFIG_BITS	0x9900000300000500ULL
#define F_NR_CONFIGS	0x9900000100000004ULL

static const struct {
	unsigned int at, bytes;
	u64 value;
	unsigned int operand;
} st_bad_params[] = {
#define PARAM(...) { __VA_ARGS__ },
#define CPUID(...)
#include "param.def"
#undef PARAM
#undef CPUID
};

static const struct {
	u32 leaf, sub, bits[4];
} st_configs[] = {
#define PARAM(...)
#define CPUID(leaf, sub, ...) { leaf, sub, { __VA_ARGS__ } },
#include "param.def"
#undef PARAM
#undef CPUID
};

static void st_put(u8 *p, unsigned int i)
{
	unsigned int at = st_bad_params[i].at, n;

	for (n = 0; n < st_bad_params[i].bytes; n++)
		p[at + n] = st_bad_params[i].value >> (8 * n);
}

static bool st_init(struct st *t, u64 status, u64 *regs)
{
	struct st_td *td = st_build(t, TD_UNINIT);

	if (!td)
		return false;
	regs[RCX] = td->tdr;
	regs[RDX] = t->params;
	return st_says(t, L_MNG_INIT, regs, td, status);
}

static void st_init_with(struct st *t, unsigned int i, int also)
{
	u64 regs[STX_NR_REGS];
	u8 *p = st_params(t);

	if (also >= 0)
		st_put(p, also);
	st_put(p, i);
	st_init(t, S_OPERAND_INVALID | st_bad_params[i].operand, regs);
}

static void st_accepts(struct st *t, const char *what, unsigned int at,
		       unsigned int bytes, u64 value)
{
	u64 regs[STX_NR_REGS];
	u8 *p = st_params(t);
	unsigned int n;

	t->column = what;
	for (n = 0; n < bytes; n++)
		p[at + n] = value >> (8 * n);
	st_init(t, S_SUCCESS, regs);
}

void st_td_params(struct st *t)
{
	unsigned int i, j;
	u64 regs[STX_NR_REGS];
	u8 *p;

	for (i = 0; i < ARRAY_SIZE(st_bad_params); i++) {
		t->column = "a wrong value";
		st_init_with(t, i, -1);
		t->column = "two wrong values";
		for (j = i + 1; j < ARRAY_SIZE(st_bad_params); j++)
			if (st_bad_params[j].at != st_bad_params[i].at)
				st_init_with(t, i, j);
	}

	/* 52 bits of GPA need 5 levels. */
	t->column = "a width of 52 with 4 levels";
	p = st_params(t);
	p[32] = P_GPAW52 | P_NO_RBP_MOD;
	st_init(t, S_OPERAND_INVALID | OP_EPTP, regs);

	st_accepts(t, "the least", 0, 0, 0);
	st_accepts(t, "SEPT_VE_DISABLE", 0, 8, BIT_ULL(28));
	st_accepts(t, "576 vCPUs", 16, 2, 576);
	st_accepts(t, "400 units of TSC", 40, 2, 400);
	st_accepts(t, "MRCONFIGID to MROWNERCONFIG", 80, 8, ~0ULL);
	st_accepts(t, "the end of MROWNERCONFIG", 216, 8, ~0ULL);
}

/* Element 0 is EBX:EAX, 1 is EDX:ECX. */
static u64 st_cpuid_field(u32 leaf, u32 sub, unsigned int element)
{
	return F_CPUID | (u64)(leaf >> 31) << 16 | (leaf & 0x7f) << 9 |
	       (sub == NONE ? 0x1fe : sub << 1) | element;
}

static u64 st_read(struct st *t, enum st_leaf_id id, struct st_td *td,
		   u64 field, u64 status)
{
	u64 regs[STX_NR_REGS] = { [RCX] = td ? td->tdr : 0, [RDX] = field };

	st_says(t, id, regs, td, status);
	return regs[R8];
}

/* The list, as SYS.RD gives it. */
static void st_config_list(struct st *t)
{
	unsigned int i, r;
	u64 v;

	t->column = "the list";
	st_check(t, "number", st_read(t, L_SYS_RD, NULL, F_NR_CONFIGS, 0),
		 P_NR_CPUID);
	for (i = 0; i < P_NR_CPUID; i++) {
		v = st_read(t, L_SYS_RD, NULL, F_CONFIG_LEAVES + i, 0);
		st_check(t, "leaf", v,
			 st_configs[i].leaf | (u64)st_configs[i].sub << 32);
		for (r = 0; r < 4; r += 2) {
			v = st_read(t, L_SYS_RD, NULL,
				    F_CONFIG_BITS + 2 * i + r / 2, 0);
			st_check(t, "bits", v, st_configs[i].bits[r] |
				 (u64)st_configs[i].bits[r + 1] << 32);
		}
	}
	t->column = "past the list's end";
	st_read(t, L_SYS_RD, NULL, F_CONFIG_LEAVES + P_NR_CPUID,
		S_METADATA_FIELD_ID_INCORRECT);
}

/* One bit more than can be configured, in each register of each leaf. */
static void st_config_bits(struct st *t)
{
	u64 regs[STX_NR_REGS];
	unsigned int i, r;
	u8 *p;

	t->column = "a bit that cannot be configured";
	for (i = 0; i < P_NR_CPUID; i++) {
		for (r = 0; r < 4; r++) {
			u32 extra = ~st_configs[i].bits[r];

			if (!extra)
				continue;
			p = st_params(t);
			put_unaligned_le32(extra & -extra,
					   p + P_CPUID + 16 * i + 4 * r);
			if (st_init(t, S_OPERAND_INVALID | OP_CPUID, regs))
				st_check(t, "RCX", regs[RCX],
					 st_configs[i].leaf |
					 (u64)st_configs[i].sub << 32);
		}
	}
	t->column = "a value behind the list";
	p = st_params(t);
	p[P_CPUID + 16 * P_NR_CPUID] = 1;
	st_init(t, S_OPERAND_INVALID | RDX, regs);
}

/* Configured: all bits of a leaf that are as configured, and nothing else. */
static void st_config_effect(struct st *t)
{
	u64 regs[STX_NR_REGS], v;
	struct st_td *td;
	u8 *p;

	t->column = "configured CPUID";
	p = st_params(t);
	put_unaligned_le32(0x3f, p + P_CPUID + 16 * 1 + 8);	/* 4.0 ECX */
	put_unaligned_le32(0x34, p + P_CPUID + 16 * 9);		/* 0x80000008 */
	put_unaligned_le32(0x12345, p + P_CPUID + 16 * 12 + 4);	/* bit 16 */
	if (!st_init(t, S_OPERAND_INVALID | OP_CPUID, regs))
		return;
	put_unaligned_le32(0x2345, p + P_CPUID + 16 * 12 + 4);	/* 0x1f.0 */
	if (!st_init(t, S_SUCCESS, regs))
		return;
	td = &t->td[TD_UNINIT];
	v = st_read(t, L_MNG_RD, td, st_cpuid_field(4, 0, 1), 0);
	st_check(t, "4.0 ECX", v & 0xffffffff, 0x3f);
	/* Only used with a virtual MAXPA, which CONFIG_FLAGS cannot enable. */
	v = st_read(t, L_MNG_RD, td, st_cpuid_field(0x80000008, NONE, 0), 0);
	st_check(t, "0x80000008 EAX 7:0", v & 0xff,
		 boot_cpu_data.x86_phys_bits);
	v = st_read(t, L_MNG_RD, td, st_cpuid_field(0x1f, 0, 0), 0);
	st_check(t, "0x1f.0 EBX 15:0", v >> 32 & 0xffff, 0x2345);
	v = st_read(t, L_MNG_RD, td, st_cpuid_field(7, 0, 0), 0);
	st_check(t, "7.0 EBX, configurable", v >> 32 & 0xDC2B9B18, 0);
	v = st_read(t, L_MNG_RD, td, st_cpuid_field(4, 3, 1), 0);
	st_check(t, "4.3 ECX", v & 0xffffffff, 0);
	td->built = false;
}

/* What KVM_TDX_GET_CPUID reads must exist, and end. */
static void st_read_cpuid(struct st *t)
{
	struct st_td *td = st_build(t, TD_INIT);
	u64 max;

	if (!td)
		return;
	t->column = "a TD's fields";
	max = st_read(t, L_MNG_RD, td, st_cpuid_field(0, NONE, 0), 0);
	st_check(t, "highest leaf", (u32)max >= 0x1f, true);
	st_read(t, L_MNG_RD, td, st_cpuid_field(0, NONE, 1), 0);
	max = st_read(t, L_MNG_RD, td, st_cpuid_field(0x80000000, NONE, 0), 0);
	st_check(t, "highest extended leaf", (u32)max, 0x80000008);
	st_check(t, "TSC multiplier",
		 st_read(t, L_MNG_RD, td, F_TSC_MULTIPLIER, 0), BIT_ULL(48));
	t->column = "a CPUID leaf that there is not";
	st_read(t, L_MNG_RD, td, st_cpuid_field(0x7f, NONE, 0),
		S_METADATA_FIELD_NOT_READABLE);
	st_read(t, L_MNG_RD, td, st_cpuid_field(4, 0x7f, 0),
		S_METADATA_FIELD_NOT_READABLE);
	st_read(t, L_MNG_RD, td, st_cpuid_field(4, NONE, 0),
		S_METADATA_FIELD_NOT_READABLE);
	t->column = "a field that there is not";
	st_read(t, L_MNG_RD, td, F_TSC_OFFSET + 0x1000,
		S_METADATA_FIELD_ID_INCORRECT);
	st_read(t, L_SYS_RD, NULL, 0x0800000100000013ULL,
		S_METADATA_FIELD_ID_INCORRECT);
}

void st_cpuid(struct st *t)
{
	st_config_list(t);
	st_config_bits(t);
	st_config_effect(t);
	st_read_cpuid(t);
}
