// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUID of a TD: checks the configuration in TD_PARAMS against cpuid.def, works
 * out what the TD sees, and reads it back by metadata field.  The host uses the
 * latter (KVM_TDX_GET_CPUID) to learn what the module made of its request.
 */
#include <linux/array_size.h>
#include <linux/bitfield.h>
#include <linux/build_bug.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <asm/cpuid/api.h>
#include <asm/processor.h>

#include "softtdx.h"

#define NONE			CPUID_NO_SUB
#define DIRECT(...)		{ __VA_ARGS__ }
#define ALLOW(...)		{ __VA_ARGS__ }

/* The configuration list comes first, in its order. */
static const struct stx_cpuid stx_cpuid[] = {
#define CONFIG(l, s, d, a) { .leaf = l, .sub = s, .direct = d, .allow = a },
#include "cpuid.def"
#define NATIVE(l, s) { .leaf = l, .sub = s },
#include "cpuid.def"
};

static_assert(STX_NR_CPUID_CONFIGS <= TD_PARAMS_MAX_CPUID);
static_assert(ARRAY_SIZE(stx_cpuid) * 4 * sizeof(u32) <= PAGE_SIZE);

/* Field code of a value: leaf 31 and 6:0, sub-leaf 6:0 or none, half. */
#define CODE_LEAF_31		BIT_ULL(16)
#define CODE_LEAF		GENMASK_ULL(15, 9)
#define CODE_NO_SUB		BIT_ULL(8)
#define CODE_SUB		GENMASK_ULL(7, 1)
#define CODE_HALF		BIT_ULL(0)

#define LEAF_0_MAX		0x23
#define LEAF_EXT_MAX		0x80000008
#define CRYSTAL_HZ		25000000
#define LA57			BIT(16)	/* of leaf 7.0, ECX */

static void stx_cpuid_native(const struct stx_cpuid *row, u32 *v)
{
	u32 sub = row->sub == CPUID_NO_SUB ? 0 : row->sub;

	cpuid_count(row->leaf, sub, &v[0], &v[1], &v[2], &v[3]);
}

const struct stx_cpuid *stx_cpuid_config(unsigned int i)
{
	return &stx_cpuid[i];
}

/* XCR0 and XSS components that the CPU has. */
u64 stx_xfam_native(void)
{
	u32 a, b, c, d, a1, b1, c1, d1;

	cpuid_count(0xd, 0, &a, &b, &c, &d);
	cpuid_count(0xd, 1, &a1, &b1, &c1, &d1);
	return a | c1 | (u64)(d | d1) << 32;
}

static void stx_cpuid_requested(const u8 *td_params, unsigned int i, u32 *v)
{
	const u8 *p = td_params + TD_PARAMS_CPUID + i * 4 * sizeof(u32);
	unsigned int r;

	for (r = 0; r < 4; r++)
		v[r] = get_unaligned_le32(p + r * sizeof(u32));
}

/* Bits of the request that are in neither mask. */
static bool stx_cpuid_bits(const struct stx_cpuid *row, const u32 *v)
{
	unsigned int r;

	for (r = 0; r < 4; r++)
		if (v[r] & ~(row->direct[r] | row->allow[r]))
			return true;
	return false;
}

/* The family of another CPU; 0 stands for the native one. */
static bool stx_cpuid_family(const struct stx_cpuid *row, const u32 *v)
{
	u32 native[4];

	if (row->leaf != 1 || !v[0])
		return false;
	stx_cpuid_native(row, native);
	return v[0] != (native[0] & row->direct[0]);
}

/* *bad gets the leaf and sub-leaf that were refused. */
u64 stx_cpuid_check(const struct stx_call *c, const u8 *td_params, u64 *bad)
{
	unsigned int i;
	u32 v[4];

	for (i = 0; i < STX_NR_CPUID_CONFIGS; i++) {
		const struct stx_cpuid *row = &stx_cpuid[i];

		stx_cpuid_requested(td_params, i, v);
		if ((stx_cpuid_bits(row, v) &&
		     stx_checks(c, CHECK_CPUID_BITS)) ||
		    (stx_cpuid_family(row, v) &&
		     stx_checks(c, CHECK_CPUID_FAMILY))) {
			*bad = row->leaf | (u64)row->sub << 32;
			return stx_err(RC_OPERAND_INVALID, OPID_CPUID_CONFIG);
		}
	}
	return RC_SUCCESS;
}

/* What no configuration decides. */
static void stx_cpuid_fix(const struct stx_cpuid *row, u32 *v, bool la57,
			  u16 tsc_frequency)
{
	switch (row->leaf) {
	case 0:
		v[0] = LEAF_0_MAX;
		break;
	case 0x15:
		v[0] = 1;
		v[1] = tsc_frequency;
		v[2] = CRYSTAL_HZ;
		break;
	case 0x21:
		v[0] = 0;
		memcpy(&v[1], "Inte", 4);
		memcpy(&v[3], "lTDX", 4);
		memcpy(&v[2], "    ", 4);
		break;
	case 0x80000000:
		v[0] = LEAF_EXT_MAX;
		break;
	case 0x80000008:
		v[0] = boot_cpu_data.x86_phys_bits | (la57 ? 57 : 48) << 8;
		break;
	}
}

void stx_cpuid_build(u32 *table, const u8 *td_params, u16 tsc_frequency)
{
	bool la57 = false;
	unsigned int i, r;
	u32 want[4];

	for (i = 0; i < ARRAY_SIZE(stx_cpuid); i++) {
		const struct stx_cpuid *row = &stx_cpuid[i];
		u32 *v = &table[4 * i];

		stx_cpuid_native(row, v);
		if (row->leaf == 1)
			v[0] &= row->direct[0];
		if (i < STX_NR_CPUID_CONFIGS) {
			stx_cpuid_requested(td_params, i, want);
			if (row->leaf == 1 && !want[0])
				want[0] = v[0];
			for (r = 0; r < 4; r++)
				v[r] = (v[r] & ~(row->direct[r] |
						 row->allow[r])) |
				       (want[r] & row->direct[r]) |
				       (v[r] & want[r] & row->allow[r]);
		}
		if (row->leaf == 7 && !row->sub)
			la57 = v[2] & LA57;
		stx_cpuid_fix(row, v, la57, tsc_frequency);
	}
}

bool stx_cpuid_read(const u32 *table, u64 code, u64 *value)
{
	u32 leaf = FIELD_GET(CODE_LEAF, code) |
		   (code & CODE_LEAF_31 ? BIT(31) : 0);
	u32 sub = code & CODE_NO_SUB ? CPUID_NO_SUB : FIELD_GET(CODE_SUB, code);
	unsigned int i, half = code & CODE_HALF ? 2 : 0;

	for (i = 0; i < ARRAY_SIZE(stx_cpuid); i++) {
		if (stx_cpuid[i].leaf != leaf || stx_cpuid[i].sub != sub)
			continue;
		*value = table[4 * i + half] |
			 (u64)table[4 * i + half + 1] << 32;
		return true;
	}
	return false;
}

/* As CPUID does: a leaf without sub-leaves whatever the sub-leaf. */
bool stx_cpuid_lookup(const u32 *table, u32 leaf, u32 sub, u32 *v)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(stx_cpuid); i++) {
		const struct stx_cpuid *row = &stx_cpuid[i];

		if (row->leaf != leaf ||
		    (row->sub != sub && row->sub != CPUID_NO_SUB))
			continue;
		memcpy(v, &table[4 * i], 4 * sizeof(u32));
		return true;
	}
	return false;
}
