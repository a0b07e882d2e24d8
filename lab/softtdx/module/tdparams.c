// SPDX-License-Identifier: GPL-2.0-only
/*
 * TD_PARAMS, the 1024 bytes that describe a new TD: the checks that come before
 * the CPUID table, in the module's order, because the operand id of the first
 * one that fails is what user space gets in hw_error.
 *
 * Pure: bytes in, struct out.
 */
#ifdef __KERNEL__
#include <linux/string.h>
#include <linux/unaligned.h>
#include "softtdx.h"
#endif

#define P_ATTRIBUTES		0
#define P_XFAM			8
#define P_MAX_VCPUS		16
#define P_NUM_L2_VMS		18
#define P_MSR_CTLS		19
#define P_RESERVED0		20	/* 4 bytes */
#define P_EPTP			24
#define P_CONFIG_FLAGS		32
#define P_TSC_FREQUENCY		40
#define P_RESERVED1		42	/* 38 bytes */
#define P_RESERVED2		224	/* 32 bytes */

#define TSC_MAX			400	/* in units of 25 MHz */

#define XFAM_AVX		(1ULL << 2)
#define XFAM_AVX512		(7ULL << 5)
#define XFAM_CET		(3ULL << 11)
#define XFAM_AMX		(3ULL << 17)

static bool all_or_none(u64 v, u64 mask)
{
	return (v & mask) == 0 || (v & mask) == mask;
}

static bool xfam_ok(u64 xfam, const struct stx_td_limits *lim)
{
	if ((xfam & ~lim->xfam) || (~xfam & lim->xfam_fixed1))
		return false;
	if ((xfam & XFAM_AVX512) && !(xfam & XFAM_AVX))
		return false;
	return all_or_none(xfam, XFAM_AVX512) && all_or_none(xfam, XFAM_CET) &&
	       all_or_none(xfam, XFAM_AMX);
}

/* 4 or 5 levels, write-back, nothing else; a width of 52 needs 5 levels. */
static bool eptp_ok(u64 eptp, u64 config_flags, bool ept5)
{
	if (eptp == EPTP_4_LEVEL)
		return !(config_flags & CONFIG_FLAG_GPAW52);
	return eptp == EPTP_5_LEVEL && ept5;
}

static bool zero(const u8 *p, size_t n)
{
	return !memchr_inv(p, 0, n);
}

static bool checks(const struct stx_td_limits *lim, enum stx_check check)
{
	return !(lim->off & TD_PARAMS_RULE(check));
}

/*
 * The module wants a TSC of 100 MHz or more.  An emulator's is often slower and
 * KVM passes it on unchecked, so only the upper limit is checked.
 */
u64 stx_td_params(const u8 *p, const struct stx_td_limits *lim,
		  struct stx_td_config *cfg)
{
	cfg->attributes = get_unaligned_le64(p + P_ATTRIBUTES);
	cfg->xfam = get_unaligned_le64(p + P_XFAM);
	cfg->max_vcpus = get_unaligned_le16(p + P_MAX_VCPUS);
	cfg->eptp = get_unaligned_le64(p + P_EPTP);
	cfg->config_flags = get_unaligned_le64(p + P_CONFIG_FLAGS);
	cfg->tsc_frequency = get_unaligned_le16(p + P_TSC_FREQUENCY);
	cfg->gpaw = cfg->config_flags & CONFIG_FLAG_GPAW52 ? 52 : 48;
	cfg->root_level = cfg->eptp == EPTP_5_LEVEL ? 4 : 3;

	if ((cfg->attributes & ~lim->attributes) &&
	    checks(lim, CHECK_ATTRIBUTES))
		return RC_OPERAND_INVALID | OPID_ATTRIBUTES;
	if (!xfam_ok(cfg->xfam, lim) && checks(lim, CHECK_XFAM))
		return RC_OPERAND_INVALID | OPID_XFAM;
	if ((!cfg->max_vcpus || cfg->max_vcpus > lim->max_vcpus) &&
	    checks(lim, CHECK_MAX_VCPUS))
		return RC_OPERAND_INVALID | OPID_MAX_VCPUS;
	if (p[P_NUM_L2_VMS] && checks(lim, CHECK_L2_VMS))
		return RC_OPERAND_INVALID | OPID_NUM_L2_VMS;
	if (!zero(p + P_RESERVED0, 4) && checks(lim, CHECK_PARAMS_ZERO))
		return RC_OPERAND_INVALID | STX_RDX;
	if ((cfg->config_flags & ~CONFIG_FLAGS_ALLOWED) &&
	    checks(lim, CHECK_CONFIG_FLAGS))
		return RC_OPERAND_INVALID | OPID_CONFIG_FLAGS;
	if (!eptp_ok(cfg->eptp, cfg->config_flags, lim->ept5) &&
	    checks(lim, CHECK_EPTP))
		return RC_OPERAND_INVALID | OPID_EPTP;
	if (cfg->tsc_frequency > TSC_MAX && checks(lim, CHECK_TSC))
		return RC_OPERAND_INVALID | OPID_TSC_FREQUENCY;
	if ((!zero(p + P_RESERVED1, 38) || p[P_MSR_CTLS] ||
	     !zero(p + P_RESERVED2, 32)) && checks(lim, CHECK_PARAMS_ZERO))
		return RC_OPERAND_INVALID | STX_RDX;
	return RC_SUCCESS;
}
