/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What TD_PARAMS says about a new TD, and its check (module/tdparams.c).
 */
#ifndef SOFTTDX_TDPARAMS_H
#define SOFTTDX_TDPARAMS_H

struct stx_td_config {
	u64 attributes, xfam, eptp, config_flags;
	u16 max_vcpus, tsc_frequency;
	int gpaw, root_level;
};

struct stx_td_limits {
	u64 attributes, xfam, xfam_fixed1;
	u16 max_vcpus;
	bool ept5;
	u32 off;		/* checks that are off, TD_PARAMS_RULE() */
};

#define TD_PARAMS_RULE(check)	(1u << ((check) - CHECK_ATTRIBUTES))

/*
 * Check the 1024 bytes at p, without the CPUID table, and fill in cfg.  Returns
 * a status: RC_OPERAND_INVALID with the id of the first operand that is wrong.
 */
u64 stx_td_params(const u8 *p, const struct stx_td_limits *lim,
		  struct stx_td_config *cfg);

#endif
