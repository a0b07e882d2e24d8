// SPDX-License-Identifier: GPL-2.0-only
/*
 * lab/softtdx: TD_PARAMS as the lab's CPU cannot have them, and the CPUID
 * configuration list.  The self-test has the rest (param.def).
 */
#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t u64;
typedef uint32_t u32;
typedef uint16_t u16;
typedef uint8_t u8;

#include "lab/softtdx/include/abi.h"
#include "lab/softtdx/include/checks.h"
#include "lab/softtdx/include/tdparams.h"
#include "unit.h"

static u64 get_unaligned_le64(const u8 *p)
{
	u64 v;

	memcpy(&v, p, sizeof(v));
	return le64toh(v);
}

static u16 get_unaligned_le16(const u8 *p)
{
	return p[0] | p[1] << 8;
}

static const void *memchr_inv(const void *p, int c, size_t n)
{
	const u8 *b = p;

	for (; n; n--, b++)
		if (*b != c)
			return b;
	return NULL;
}

#include "lab/softtdx/module/tdparams.c"

static const struct stx_td_limits limits = {
	.attributes = ATTR_SEPT_VE_DISABLE,
	.xfam = 0x6dbe7,
	.xfam_fixed1 = 3,
	.max_vcpus = 576,
	.ept5 = true,
};

static u8 params[TD_PARAMS_SIZE];

static void put(unsigned int at, u64 v, unsigned int bytes)
{
	while (bytes--) {
		params[at++] = v;
		v >>= 8;
	}
}

/* What KVM makes of the least that user space can ask for. */
static void fresh(void)
{
	memset(params, 0, sizeof(params));
	put(8, 3, 8);
	put(16, 2, 2);
	put(24, EPTP_4_LEVEL, 8);
	put(32, CONFIG_FLAG_NO_RBP_MOD, 8);
	put(40, 40, 2);
}

static u64 check(struct stx_td_config *cfg)
{
	struct stx_td_config unused;

	return stx_td_params(params, &limits, cfg ? cfg : &unused);
}

static void good(void)
{
	struct stx_td_config cfg;

	fresh();
	CHECK_EQ(check(&cfg), RC_SUCCESS);
	CHECK_EQ(cfg.gpaw, 48);
	CHECK_EQ(cfg.root_level, 3);
	CHECK_EQ(cfg.max_vcpus, 2);
	CHECK_EQ(cfg.tsc_frequency, 40);

	put(0, ATTR_SEPT_VE_DISABLE, 8);
	put(8, 0x602e7, 8);
	put(24, EPTP_5_LEVEL, 8);
	put(32, CONFIG_FLAG_GPAW52 | CONFIG_FLAG_NO_RBP_MOD, 8);
	put(80, ~0ULL, 8);
	put(215, 0xff, 1);
	CHECK_EQ(check(&cfg), RC_SUCCESS);
	CHECK_EQ(cfg.gpaw, 52);
	CHECK_EQ(cfg.root_level, 4);
}

/* State components that only go together, on a CPU that has them all. */
static const u64 halves[] = {
	0xe3,		/* AVX-512 without AVX */
	0x27,		/* a third of AVX-512 */
	0x803,		/* half of CET */
	0x20003,	/* half of AMX */
};

static void xfam_groups(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(halves) / sizeof(halves[0]); i++) {
		fresh();
		put(8, halves[i], 8);
		CHECK_EQ(check(NULL), RC_OPERAND_INVALID | OPID_XFAM);
	}
	fresh();
	put(8, 0x103, 8);
	CHECK_EQ(check(NULL), RC_SUCCESS);
}

#define NONE 0xffffffffu
#define DIRECT(...) { __VA_ARGS__ }
#define ALLOW(...) { __VA_ARGS__ }

static const struct {
	u32 leaf, sub, direct[4], allow[4];
} configs[] = {
#define CONFIG(l, s, d, a) { .leaf = l, .sub = s, .direct = d, .allow = a },
#include "lab/softtdx/include/cpuid.def"
};

static const struct {
	u32 leaf, sub;
} natives[] = {
#define NATIVE(l, s) { l, s },
#include "lab/softtdx/include/cpuid.def"
};

#define NR_CONFIGS (sizeof(configs) / sizeof(configs[0]))
#define NR_NATIVES (sizeof(natives) / sizeof(natives[0]))

static void cpuid_list(void)
{
	unsigned int i, j, r, gpaw = 0;

	CHECK_EQ(NR_CONFIGS, 18);
	for (i = 0; i < NR_CONFIGS; i++) {
		for (r = 0; r < 4; r++)
			CHECK_EQ(configs[i].direct[r] & configs[i].allow[r], 0);
		for (j = 0; j < i; j++)
			CHECK(configs[i].leaf != configs[j].leaf ||
			      configs[i].sub != configs[j].sub);
		for (j = 0; j < NR_NATIVES; j++)
			CHECK(configs[i].leaf != natives[j].leaf ||
			      configs[i].sub != natives[j].sub);
		gpaw += configs[i].leaf == 0x80000008;
	}
	/* Without it KVM_TDX_INIT_VM can never succeed. */
	CHECK_EQ(gpaw, 1);
}

/* KVM_TDX_GET_CPUID must be able to read these, or it fails. */
static void cpuid_first_leaves(void)
{
	unsigned int i, found = 0;

	for (i = 0; i < NR_NATIVES; i++)
		found += natives[i].sub == NONE &&
			 (natives[i].leaf & ~0x80000000) == 0;
	CHECK_EQ(found, 2);
}

UNIT_MAIN({ "good", good },
	  { "xfam_groups", xfam_groups },
	  { "cpuid_list", cpuid_list },
	  { "cpuid_first_leaves", cpuid_first_leaves })
