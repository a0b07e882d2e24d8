/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers of the TDX module's host-side leaf functions that softtdx knows, the
 * same as in the module's ABI. The names are those of the ABI with "TDH." in
 * front and points instead of underscores.
 */
#ifndef SOFTTDX_LEAF_H
#define SOFTTDX_LEAF_H

#define SOFTTDX_LEAVES(X)						\
	X(VP_ENTER, 0) X(MNG_ADDCX, 1) X(MEM_PAGE_ADD, 2)		\
	X(MEM_SEPT_ADD, 3) X(VP_ADDCX, 4) X(MEM_PAGE_AUG, 6)		\
	X(MEM_RANGE_BLOCK, 7) X(MNG_KEY_CONFIG, 8) X(MNG_CREATE, 9)	\
	X(VP_CREATE, 10) X(MNG_RD, 11) X(MR_EXTEND, 16)			\
	X(MR_FINALIZE, 17) X(VP_FLUSH, 18) X(MNG_VPFLUSHDONE, 19)	\
	X(MNG_KEY_FREEID, 20) X(MNG_INIT, 21) X(VP_INIT, 22)		\
	X(PHYMEM_PAGE_RDMD, 24) X(VP_RD, 26) X(PHYMEM_PAGE_RECLAIM, 28)	\
	X(MEM_PAGE_REMOVE, 29) X(SYS_KEY_CONFIG, 31) X(SYS_INIT, 33)	\
	X(SYS_RD, 34) X(SYS_LP_INIT, 35) X(SYS_TDMR_INIT, 36)		\
	X(MEM_TRACK, 38) X(PHYMEM_CACHE_WB, 40)				\
	X(PHYMEM_PAGE_WBINVD, 41) X(VP_WR, 43) X(SYS_CONFIG, 45)	\
	X(SYS_DISABLE, 69)

enum tdh_leaf {
#define TDH_LEAF(name, nr) TDH_##name = (nr),
	SOFTTDX_LEAVES(TDH_LEAF)
#undef TDH_LEAF
};

#endif
