/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The secure-EPT entry: how the module keeps an entry's state in the bits of a
 * real EPT entry, how it shows the entry to the host, and which index a GPA has
 * at a level.  Levels count from 0 (4 KiB PTE), as in the ABI's operands, not
 * from 1 as in KVM.
 *
 * The format is the hardware's where hardware looks: an entry without read,
 * write and execute is not present whatever else it holds, a non-leaf entry has
 * bits 6:3 clear, and bits 52 to 56 are ignored.  So the tables that are built
 * here can be walked by a CPU as they are.
 *
 * Pure: bytes in, value out.
 */
#ifndef SOFTTDX_SEPTE_H
#define SOFTTDX_SEPTE_H

#define SEPTE_RWX		0x7ULL
#define SEPTE_MT_WB		(6ULL << 3)
#define SEPTE_IPAT		(1ULL << 6)
#define SEPTE_LEAF		(1ULL << 7)
#define SEPTE_HPA		0x000ffffffffff000ULL
#define SEPTE_TDEX		(1ULL << 53)
#define SEPTE_TDBW		(1ULL << 54)
#define SEPTE_TDB		(1ULL << 55)
#define SEPTE_TDP		(1ULL << 56)
#define SEPTE_SUPPRESS_VE	(1ULL << 63)

#define SEPTE_STATE_BITS	(SEPTE_IPAT | SEPTE_LEAF | SEPTE_TDEX | \
				 SEPTE_TDBW | SEPTE_TDB | SEPTE_TDP)

/* An entry of a new table. */
#define SEPTE_FREE		(SEPTE_SUPPRESS_VE | SEPTE_TDEX | SEPTE_TDBW | \
				 SEPTE_TDB)

/* Values are those that the level_state output shows in bits 15:8. */
enum stx_sept_state {
	SEPT_FREE = 0x00,
	SEPT_BLOCKED = 0x01,
	SEPT_PENDING = 0x02,
	SEPT_PENDING_BLOCKED = 0x03,
	SEPT_MAPPED = 0x04,
	SEPT_NL_BLOCKED = 0x81,
	SEPT_NL_MAPPED = 0x84,
	SEPT_CORRUPT = 0xff,	/* not a state of the ABI: no such encoding */
};

/* One bit per state, so that a table can say which are allowed. */
enum stx_sept_bit {
	SEPTB_FREE = 1 << 0, SEPTB_BLOCKED = 1 << 1, SEPTB_PENDING = 1 << 2,
	SEPTB_PENDING_BLOCKED = 1 << 3, SEPTB_MAPPED = 1 << 4,
	SEPTB_NL_BLOCKED = 1 << 5, SEPTB_NL_MAPPED = 1 << 6,
	SEPTB_ANY_BLOCKED = SEPTB_BLOCKED | SEPTB_PENDING_BLOCKED |
			    SEPTB_NL_BLOCKED,
};

static inline enum stx_sept_state septe_state(u64 e)
{
	switch (e & SEPTE_STATE_BITS) {
	case SEPTE_TDEX | SEPTE_TDBW | SEPTE_TDB:
		return SEPT_FREE;
	case 0:
		return SEPT_NL_MAPPED;
	case SEPTE_TDB:
		return SEPT_NL_BLOCKED;
	case SEPTE_IPAT | SEPTE_LEAF:
		return SEPT_MAPPED;
	case SEPTE_IPAT | SEPTE_LEAF | SEPTE_TDB:
		return SEPT_BLOCKED;
	case SEPTE_IPAT | SEPTE_LEAF | SEPTE_TDP:
		return SEPT_PENDING;
	case SEPTE_IPAT | SEPTE_LEAF | SEPTE_TDP | SEPTE_TDB:
		return SEPT_PENDING_BLOCKED;
	default:
		return SEPT_CORRUPT;
	}
}

static inline unsigned int septe_state_bit(enum stx_sept_state s)
{
	switch (s) {
	case SEPT_FREE:
		return SEPTB_FREE;
	case SEPT_BLOCKED:
		return SEPTB_BLOCKED;
	case SEPT_PENDING:
		return SEPTB_PENDING;
	case SEPT_PENDING_BLOCKED:
		return SEPTB_PENDING_BLOCKED;
	case SEPT_MAPPED:
		return SEPTB_MAPPED;
	case SEPT_NL_BLOCKED:
		return SEPTB_NL_BLOCKED;
	case SEPT_NL_MAPPED:
		return SEPTB_NL_MAPPED;
	default:
		return 0;
	}
}

static inline u64 septe_nonleaf(u64 hpa)
{
	return (hpa & SEPTE_HPA) | SEPTE_RWX;
}

static inline u64 septe_mapped(u64 hpa)
{
	return (hpa & SEPTE_HPA) | SEPTE_RWX | SEPTE_MT_WB | SEPTE_IPAT |
	       SEPTE_LEAF | SEPTE_SUPPRESS_VE;
}

/* An early access causes #VE; with suppress-#VE, an exit to the host. */
static inline u64 septe_pending(u64 hpa, bool suppress_ve)
{
	return (hpa & SEPTE_HPA) | SEPTE_MT_WB | SEPTE_IPAT | SEPTE_LEAF |
	       SEPTE_TDP | (suppress_ve ? SEPTE_SUPPRESS_VE : 0);
}

/* Blocking takes the permissions away and keeps the page. */
static inline u64 septe_block(u64 e)
{
	return (e & ~SEPTE_RWX) | SEPTE_TDB | SEPTE_SUPPRESS_VE;
}

static inline bool septe_is_leaf(u64 e)
{
	return septe_state(e) != SEPT_FREE && (e & SEPTE_LEAF);
}

/* What RCX shows of an entry when a leaf function fails on it. */
static inline u64 septe_arch(u64 e)
{
	if (septe_state(e) == SEPT_FREE)
		return SEPTE_SUPPRESS_VE;
	if (e & SEPTE_LEAF)
		return e & (SEPTE_RWX | SEPTE_MT_WB | SEPTE_IPAT | SEPTE_LEAF |
			    SEPTE_HPA | SEPTE_SUPPRESS_VE);
	return e & SEPTE_RWX;
}

/* What RDX shows: level in bits 2:0, state in bits 15:8. */
static inline u64 septe_level_state(u64 e, int level)
{
	return (u64)level | ((u64)septe_state(e) << 8);
}

static inline unsigned int sept_index(u64 gpa, int level)
{
	return (gpa >> (12 + 9 * level)) & 511;
}

static inline u64 sept_level_size(int level)
{
	return 1ULL << (12 + 9 * level);
}

/* A GPA operand: level in 2:0, GPA in 51:12 aligned to it, nothing else. */
static inline int sept_operand_level(u64 op)
{
	return op & 7;
}

static inline bool sept_operand_reserved(u64 op)
{
	return op & ~(SEPTE_HPA | 7);
}

static inline bool sept_operand_aligned(u64 op)
{
	return !(op & SEPTE_HPA & (sept_level_size(op & 7) - 1));
}

/* Private: the shared bit, which is the top bit of the width, is clear. */
static inline bool sept_gpa_private(u64 gpa, int width)
{
	return !(gpa >> (width - 1));
}

#endif
