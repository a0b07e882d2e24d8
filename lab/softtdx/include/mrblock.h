/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The 128-byte block by which a build-time event enters MRTD: the name of the
 * leaf function at offset 0, the GPA at offset 16, zero elsewhere.  PAGE.ADD
 * hashes such a block and nothing of the page; MR.EXTEND hashes one and then
 * the 256 bytes of the page at that GPA.
 *
 * Pure: bytes in, bytes out.
 */
#ifndef SOFTTDX_MRBLOCK_H
#define SOFTTDX_MRBLOCK_H

#define MR_BLOCK_SIZE		128
#define MR_BLOCK_GPA		16
#define MR_CHUNK_SIZE		256

static inline void mr_block(u8 *block, const char *name, u64 gpa)
{
	int i;

	for (i = 0; i < MR_BLOCK_SIZE; i++)
		block[i] = 0;
	for (i = 0; name[i] && i < MR_BLOCK_GPA; i++)
		block[i] = name[i];
	for (i = 0; i < 8; i++)
		block[MR_BLOCK_GPA + i] = gpa >> (8 * i);
}

#endif
