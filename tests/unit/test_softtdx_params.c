// SPDX-License-Identifier: GPL-2.0-only
/*
 * lab/softtdx: the checks of TD_PARAMS and their order (the operand id of the
 * first that fails is what user space sees), and the CPUID configuration list.
 */
#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t u64;
typedef uint32_t u32;
typedef uint16_t u16;
typedef uint8_t u8;

#include "../../lab/softtdx/abi.h"
#include "../../lab/softtdx/ask.h"
#include "../../lab/softtdx/tdparams.h"
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

#include "../../lab/softtdx/tdparams.c"

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

/* One operand wrong at a time: where, value, size, id. */
static const struct {
	unsigned int at;
	u64 value;
	unsigned int bytes, id;
} wrong[] = {
	{ 0, 1, 8, OPID_ATTRIBUTES },
	{ 8, 1, 8, OPID_XFAM },			/* SSE must be there */
	{ 8, 0x13, 8, OPID_XFAM },		/* not bit 4 */
	{ 8, 0xe3, 8, OPID_XFAM },		/* AVX-512 without AVX */
	{ 8, 0x27, 8, OPID_XFAM },		/* a third of AVX-512 */
	{ 8, 0x803, 8, OPID_XFAM },		/* half of CET */
	{ 8, 0x20003, 8, OPID_XFAM },		/* half of AMX */
	{ 16, 0, 2, OPID_MAX_VCPUS },
	{ 16, 577, 2, OPID_MAX_VCPUS },
	{ 18, 1, 1, OPID_NUM_L2_VMS },
	{ 20, 1, 1, STX_RDX },
	{ 23, 1, 1, STX_RDX },
	{ 32, 0x10, 8, OPID_CONFIG_FLAGS },
	{ 32, CONFIG_FLAG_GPAW52, 8, OPID_EPTP },	/* with 4 levels */
	{ 24, 0, 8, OPID_EPTP },
	{ 24, EPTP_4_LEVEL | 1ULL << 12, 8, OPID_EPTP },
	{ 40, 401, 2, OPID_TSC_FREQUENCY },
	{ 42, 1, 1, STX_RDX },
	{ 79, 1, 1, STX_RDX },
	{ 19, 1, 1, STX_RDX },
	{ 224, 1, 1, STX_RDX },
	{ 255, 1, 1, STX_RDX },
};

static void each_wrong(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		fresh();
		put(wrong[i].at, wrong[i].value, wrong[i].bytes);
		if (check(NULL) != (RC_OPERAND_INVALID | wrong[i].id))
			printf("# byte %u\n", wrong[i].at);
		CHECK_EQ(check(NULL), RC_OPERAND_INVALID | wrong[i].id);
	}
	fresh();
	put(8, 0x103, 8);
	CHECK_EQ(check(NULL), RC_SUCCESS);
}

/* Everything wrong; mended from the front, the next id must show. */
static void order(void)
{
	fresh();
	put(0, 1, 8);
	put(8, 0, 8);
	put(16, 0, 2);
	put(18, 1, 1);
	put(20, 1, 1);
	put(32, 0x10, 8);
	put(24, 0, 8);
	put(40, 401, 2);
	put(42, 1, 1);

	CHECK_EQ(check(NULL), RC_OPERAND_INVALID | OPID_ATTRIBUTES);
	put(0, 0, 8);
	CHECK_EQ(check(NULL), RC_OPERAND_INVALID | OPID_XFAM);
	put(8, 3, 8);
	CHECK_EQ(check(NULL), RC_OPERAND_INVALID | OPID_MAX_VCPUS);
	put(16, 1, 2);
	CHECK_EQ(check(NULL), RC_OPERAND_INVALID | OPID_NUM_L2_VMS);
	put(18, 0, 1);
	CHECK_EQ(check(NULL), RC_OPERAND_INVALID | STX_RDX);
	put(20, 0, 1);
	CHECK_EQ(check(NULL), RC_OPERAND_INVALID | OPID_CONFIG_FLAGS);
	put(32, 0, 8);
	CHECK_EQ(check(NULL), RC_OPERAND_INVALID | OPID_EPTP);
	put(24, EPTP_4_LEVEL, 8);
	CHECK_EQ(check(NULL), RC_OPERAND_INVALID | OPID_TSC_FREQUENCY);
	put(40, 0, 2);
	CHECK_EQ(check(NULL), RC_OPERAND_INVALID | STX_RDX);
	put(42, 0, 1);
	CHECK_EQ(check(NULL), RC_SUCCESS);
}

#define NONE 0xffffffffu
#define DIRECT(...) { __VA_ARGS__ }
#define ALLOW(...) { __VA_ARGS__ }

static const struct {
	u32 leaf, sub, direct[4], allow[4];
} configs[] = {
#define CONFIG(l, s, d, a) { .leaf = l, .sub = s, .direct = d, .allow = a },
#include "../../lab/softtdx/cpuid.def"
};

static const struct {
	u32 leaf, sub;
} natives[] = {
#define NATIVE(l, s) { l, s },
#include "../../lab/softtdx/cpuid.def"
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
	  { "each_wrong", each_wrong },
	  { "order", order },
	  { "cpuid_list", cpuid_list },
	  { "cpuid_first_leaves", cpuid_first_leaves })
