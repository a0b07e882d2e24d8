/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The form of a row of the state table (leaves.def, which says what each field
 * means), and the functions that rows name.  Pure, so that the table can be
 * checked outside of a kernel.
 */
#ifndef SOFTTDX_LEAF_H
#define SOFTTDX_LEAF_H

#include "checks.h"

struct stx_call;

enum stx_lock { STX_LOCK_ONE, STX_LOCK_NONE, STX_LOCK_TRY };
enum stx_share { STX_SH = 1, STX_EX };
enum stx_assoc { STX_ASSOC_NO, STX_ASSOC_TAKE, STX_ASSOC_HERE };

/* As a highest level in the table: the level of the TD's root. */
#define STX_ROOT		7

struct stx_leaf {
	const char *name;
	u8 nr;
	u8 version;
	u8 sys, life, op, vcpu;
	u64 sys_err, life_err, blocked;
	u8 td, vp, owned, gpa, source, page;
	u8 td_lock, vp_lock;
	bool vps, to_leaf;
	u8 assoc;
	u8 min, max, sept;
	u8 in, out;
	u16 zero;
	const u8 *checks;
	enum stx_lock lock;
	u64 (*check)(struct stx_call *c);
	u64 (*run)(struct stx_call *c);
};

/* In the table's order; the _check functions before the one they are for. */
#define STX_FUNCTIONS(X) \
	X(stx_sys_init) \
	X(stx_sys_lp_init) \
	X(stx_sys_rd) \
	X(stx_sys_config) \
	X(stx_sys_key_config) \
	X(stx_sys_tdmr_init) \
	X(stx_sys_disable) \
	X(stx_mng_create_check) \
	X(stx_mng_create) \
	X(stx_mng_key_config) \
	X(stx_mng_addcx_check) \
	X(stx_mng_addcx) \
	X(stx_mng_init) \
	X(stx_mng_rd) \
	X(stx_mng_vpflushdone) \
	X(stx_mng_key_freeid) \
	X(stx_vp_create) \
	X(stx_vp_addcx_check) \
	X(stx_vp_addcx) \
	X(stx_vp_init) \
	X(stx_vp_wr) \
	X(stx_vp_rd) \
	X(stx_vp_flush) \
	X(stx_vp_enter) \
	X(stx_mem_sept_add) \
	X(stx_mem_page_add) \
	X(stx_mem_page_aug) \
	X(stx_mem_range_block) \
	X(stx_mem_track) \
	X(stx_mem_page_remove) \
	X(stx_mr_extend) \
	X(stx_mr_finalize) \
	X(stx_phymem_cache_wb) \
	X(stx_phymem_page_reclaim) \
	X(stx_phymem_page_wbinvd) \
	X(stx_phymem_page_rdmd)

#define STX_PROTOTYPE(fn) u64 fn(struct stx_call *c);
STX_FUNCTIONS(STX_PROTOTYPE)
#undef STX_PROTOTYPE

#endif
