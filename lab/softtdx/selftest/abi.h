/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The TDX module's ABI for the self-test: written a second time, independently
 * of include/abi.h and leaves.def, so that a mistake in one shows against the
 * other.  Pure.
 */
#ifndef SOFTTDX_SELFTEST_ABI_H
#define SOFTTDX_SELFTEST_ABI_H

/* Registers, by their encoding, which is also their operand id. */
enum st_reg {
	RAX = 0, RCX = 1, RDX = 2, R8 = 8, R9 = 9,
	BEHIND_GPA = 16,	/* the page that the entry of the GPA maps */
};

enum st_opid {
	OP_ATTRIBUTES = 64, OP_XFAM = 65, OP_CONFIG_FLAGS = 66, OP_EPTP = 67,
	OP_MAX_VCPUS = 68, OP_CPUID = 69, OP_TSC = 70, OP_L2_VMS = 71,
};

/* What RAX holds: S_NAME, with an operand id S_NAME | RCX. */
enum st_status {
#define STATUS(name, high) S_##name = (high ## ULL) << 32,
#include "status.def"
#undef STATUS
};

enum st_leaf_id {
#define LEAF(id, nr, ...) L_##id,
#include "leaf.def"
#undef LEAF
	ST_NR_LEAVES,
};

enum st_page_type {
	T_NDA = 0, T_RSVD = 1, T_REG = 3, T_TDR = 4, T_TDCX = 5, T_TDVPR = 6,
	T_EPT = 8, ST_NR_TYPES = 9,
};

/* A secure-EPT entry's state, as it is shown in bits 15:8 of RDX. */
enum st_entry {
	E_FREE = 0x00, E_BLOCKED = 0x01, E_PENDING = 0x02,
	E_PENDING_BLOCKED = 0x03, E_MAPPED = 0x04, E_NL_BLOCKED = 0x81,
	E_NL_MAPPED = 0x84,
};

#define LEVEL_STATE(level, entry)	((level) | (entry) << 8)

/* Metadata fields. */
#define F_TSC_OFFSET			0x110000000000000AULL
#define F_TSC_MULTIPLIER		0x110000000000000BULL
#define F_CPUID				0x9410000300000000ULL
#define F_TDCS_SIZE			0x9800000100000100ULL
#define F_TDVPS_SIZE			0x9800000100000200ULL
#define F_SHARED_EPTP			0x203CULL
#define F_POSTED_NV			0x0002ULL
#define F_POSTED_DESC			0x2016ULL
#define F_PIN				0x4000ULL
#define F_PROC2				0x401EULL
#define F_NOTIFY_WINDOW			0x4024ULL
#define F_PEND_NMI			0x200000000000000BULL
#define F_VCPU_DETAILS			0x9100000000000100ULL

/* TD_PARAMS. */
#define P_SIZE				1024
#define P_CPUID				256
#define P_NR_CPUID			18
#define P_EPTP_4			0x1EULL
#define P_EPTP_5			0x26ULL
#define P_GPAW52			1ULL
#define P_NO_RBP_MOD			4ULL

#endif
