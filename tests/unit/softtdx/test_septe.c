// SPDX-License-Identifier: GPL-2.0-only
/*
 * lab/softtdx: the secure-EPT entry, its state machine in bits, the index of a
 * GPA, the GPA operand, and the block that enters MRTD.
 */
#include <stdbool.h>
#include <stdint.h>

typedef uint64_t u64;
typedef uint8_t u8;

#include "lab/softtdx/include/mrblock.h"
#include "lab/softtdx/include/septe.h"
#include "unit.h"

#define HPA 0x0000123456789000ULL

/* The raw values that the TDX module has in memory. */
static void raw_values(void)
{
	CHECK_EQ(SEPTE_FREE, 0x80E0000000000000ULL);
	CHECK_EQ(septe_nonleaf(HPA), HPA | 7);
	CHECK_EQ(septe_mapped(HPA), 0x80001234567890F7ULL);
	CHECK_EQ(septe_block(septe_mapped(HPA)), 0x80801234567890F0ULL);
	CHECK_EQ(septe_pending(HPA, true), 0x81001234567890F0ULL);
	CHECK_EQ(septe_pending(HPA, false), 0x01001234567890F0ULL);
	CHECK_EQ(septe_block(septe_pending(HPA, true)), 0x81801234567890F0ULL);
	CHECK_EQ(septe_block(septe_nonleaf(HPA)), 0x8080123456789000ULL);
}

static void states(void)
{
	CHECK_EQ(septe_state(SEPTE_FREE), SEPT_FREE);
	CHECK_EQ(septe_state(septe_nonleaf(HPA)), SEPT_NL_MAPPED);
	CHECK_EQ(septe_state(septe_block(septe_nonleaf(HPA))), SEPT_NL_BLOCKED);
	CHECK_EQ(septe_state(septe_mapped(HPA)), SEPT_MAPPED);
	CHECK_EQ(septe_state(septe_block(septe_mapped(HPA))), SEPT_BLOCKED);
	CHECK_EQ(septe_state(septe_pending(HPA, true)), SEPT_PENDING);
	CHECK_EQ(septe_state(septe_pending(HPA, false)), SEPT_PENDING);
	CHECK_EQ(septe_state(septe_block(septe_pending(HPA, false))),
		 SEPT_PENDING_BLOCKED);
	CHECK_EQ(septe_state(SEPTE_LEAF), SEPT_CORRUPT);
	CHECK_EQ(septe_state(~0ULL), SEPT_CORRUPT);
}

/* A page survives blocking; accessed and dirty bits are no state. */
static void page_kept(void)
{
	u64 e = septe_mapped(HPA) | 0x300;

	CHECK_EQ(septe_state(e), SEPT_MAPPED);
	CHECK_EQ(septe_block(e) & SEPTE_HPA, HPA);
	CHECK_EQ(septe_state(septe_block(e)), SEPT_BLOCKED);
}

/* What a CPU that walks the tables must see. */
static void hardware_view(void)
{
	const u64 absent[] = {
		SEPTE_FREE, septe_pending(HPA, true), septe_pending(HPA, false),
		septe_block(septe_mapped(HPA)), septe_block(septe_nonleaf(HPA)),
		septe_block(septe_pending(HPA, true)),
	};
	unsigned int i;

	for (i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		CHECK_EQ(absent[i] & 7, 0);
	CHECK_EQ(septe_mapped(HPA) & 7, 7);
	CHECK_EQ((septe_mapped(HPA) >> 3) & 7, 6);
	CHECK_EQ(septe_nonleaf(HPA) & 0x78, 0);
	CHECK_EQ(septe_nonleaf(HPA) & 7, 7);
}

static void one_bit_per_state(void)
{
	const enum stx_sept_state all[] = {
		SEPT_FREE, SEPT_BLOCKED, SEPT_PENDING, SEPT_PENDING_BLOCKED,
		SEPT_MAPPED, SEPT_NL_BLOCKED, SEPT_NL_MAPPED,
	};
	unsigned int i, bit, seen = 0;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		bit = septe_state_bit(all[i]);
		CHECK(bit && !(bit & (bit - 1)));
		CHECK(!(seen & bit));
		seen |= bit;
	}
	CHECK_EQ(septe_state_bit(SEPT_CORRUPT), 0);
}

static void shown_to_the_host(void)
{
	CHECK_EQ(septe_arch(SEPTE_FREE), 1ULL << 63);
	CHECK_EQ(septe_arch(septe_mapped(HPA)), 0x80001234567890F7ULL);
	CHECK_EQ(septe_arch(septe_nonleaf(HPA)), 7);
	CHECK_EQ(septe_arch(septe_block(septe_mapped(HPA))),
		 0x80001234567890F0ULL);
	CHECK_EQ(septe_level_state(SEPTE_FREE, 2), 0x002);
	CHECK_EQ(septe_level_state(septe_mapped(HPA), 0), 0x400);
	CHECK_EQ(septe_level_state(septe_nonleaf(HPA), 3), 0x8403);
}

static void indexes(void)
{
	u64 gpa = (1ULL << 48) | (2ULL << 39) | (3ULL << 30) | (4ULL << 21) |
		  (5ULL << 12);

	CHECK_EQ(sept_index(gpa, 4), 1);
	CHECK_EQ(sept_index(gpa, 3), 2);
	CHECK_EQ(sept_index(gpa, 2), 3);
	CHECK_EQ(sept_index(gpa, 1), 4);
	CHECK_EQ(sept_index(gpa, 0), 5);
	CHECK_EQ(sept_index(0x00007ffffffff000ULL, 3), 255);
	CHECK_EQ(sept_index(0x00007ffffffff000ULL, 0), 511);
	CHECK_EQ(sept_level_size(0), 4096);
	CHECK_EQ(sept_level_size(1), 2 << 20);
	CHECK_EQ(sept_level_size(2), 1 << 30);
}

static void operands(void)
{
	CHECK_EQ(sept_operand_level(0x200003), 3);
	CHECK(!sept_operand_reserved(0xffffffffff007ULL));
	CHECK(sept_operand_reserved(0x200008));
	CHECK(sept_operand_reserved(0x200800));
	CHECK(sept_operand_reserved(1ULL << 52));
	CHECK(sept_operand_aligned(0x201000));
	CHECK(sept_operand_aligned(0x200001));
	CHECK(!sept_operand_aligned(0x201001));	/* not aligned to 2M */
	CHECK(!sept_operand_aligned(0x200002));	/* not aligned to 1G */
}

static void private_gpas(void)
{
	CHECK(sept_gpa_private((1ULL << 47) - 4096, 48));
	CHECK(!sept_gpa_private(1ULL << 47, 48));
	CHECK(!sept_gpa_private(1ULL << 48, 48));
	CHECK(sept_gpa_private(1ULL << 48, 52));
	CHECK(!sept_gpa_private(1ULL << 51, 52));
}

static void measured_block(void)
{
	u8 block[MR_BLOCK_SIZE], want[MR_BLOCK_SIZE] = "MEM.PAGE.ADD";
	const u8 gpa[8] = { 0x00, 0x10, 0x32, 0x54, 0x76, 0x98, 0x0a, 0x00 };

	memset(block, 0xff, sizeof(block));
	memcpy(want + 16, gpa, sizeof(gpa));
	mr_block(block, "MEM.PAGE.ADD", 0x000a987654321000ULL);
	CHECK(!memcmp(block, want, sizeof(want)));

	memset(want, 0, 16);
	memcpy(want, "MR.EXTEND", 9);
	want[17] = 0x11;
	mr_block(block, "MR.EXTEND", 0x000a987654321100ULL);
	CHECK(!memcmp(block, want, sizeof(want)));
}

UNIT_MAIN({ "raw_values", raw_values },
	  { "states", states },
	  { "page_kept", page_kept },
	  { "hardware_view", hardware_view },
	  { "one_bit_per_state", one_bit_per_state },
	  { "shown_to_the_host", shown_to_the_host },
	  { "indexes", indexes },
	  { "operands", operands },
	  { "private_gpas", private_gpas },
	  { "measured_block", measured_block })
