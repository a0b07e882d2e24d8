/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A TDX virtual firmware image as its launcher sees it: which parts of the
 * image go to which gpa, and which of them are measured. From the TDX Virtual
 * Firmware Design Guide, chapter on the metadata, and OVMF's GUIDed table,
 * which ends 32 bytes before the image does and is read backwards.
 */
#ifndef TDVF_H
#define TDVF_H

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "tdx/abi/mrtd.h"

#define TDVF_AFTER_TABLE	32	/* bytes: the reset vector */
#define TDVF_ENTRY		18	/* size, GUID; data is before it */
#define TDVF_DESCRIPTOR		16
#define TDVF_SECTION		32

#define TDVF_TEMP_MEM		3	/* a type */
#define TDVF_MR_EXTEND		1	/* attributes */
#define TDVF_PAGE_AUG		2

struct tdvf_section {
	uint32_t offset;	/* in the image */
	uint32_t size;
	uint64_t gpa;
	uint64_t bytes;
	uint32_t type;
	uint32_t attributes;
};

/* 96b582de-1fb2-45f7-baea-a366c55a082d, the last entry, with the total size */
static const uint8_t tdvf_guid_footer[16] = {
	0xde, 0x82, 0xb5, 0x96, 0xb2, 0x1f, 0xf7, 0x45,
	0xba, 0xea, 0xa3, 0x66, 0xc5, 0x5a, 0x08, 0x2d,
};

/* e47a6535-984a-4798-865e-4685a7bf8ec2: bytes from the descriptor to the end */
static const uint8_t tdvf_guid_metadata[16] = {
	0x35, 0x65, 0x7a, 0xe4, 0x4a, 0x98, 0x98, 0x47,
	0x86, 0x5e, 0x46, 0x85, 0xa7, 0xbf, 0x8e, 0xc2,
};

static inline uint64_t tdvf_le(const uint8_t *p, int bytes)
{
	uint64_t v = 0;

	while (bytes--)
		v = v << 8 | p[bytes];
	return v;
}

/* Where the descriptor begins, or 0. */
static inline size_t tdvf_descriptor(const uint8_t *fw, size_t size)
{
	size_t at = size - TDVF_AFTER_TABLE, start, len;

	if (size < TDVF_AFTER_TABLE + TDVF_ENTRY ||
	    memcmp(fw + at - 16, tdvf_guid_footer, 16))
		return 0;

	len = tdvf_le(fw + at - TDVF_ENTRY, 2);
	if (len < TDVF_ENTRY || len > at)
		return 0;

	start = at - len;
	for (at -= TDVF_ENTRY; at >= start + TDVF_ENTRY; at -= len) {
		len = tdvf_le(fw + at - TDVF_ENTRY, 2);
		if (len < TDVF_ENTRY || len > at - start)
			return 0;
		if (!memcmp(fw + at - 16, tdvf_guid_metadata, 16) &&
		    len == TDVF_ENTRY + 4) {
			len = tdvf_le(fw + at - len, 4);
			return len <= size ? size - len : 0;
		}
	}
	return 0;
}

static inline int tdvf_section(const uint8_t *p, size_t size,
			       struct tdvf_section *s)
{
	s->offset = tdvf_le(p, 4);
	s->size = tdvf_le(p + 4, 4);
	s->gpa = tdvf_le(p + 8, 8);
	s->bytes = tdvf_le(p + 16, 8);
	s->type = tdvf_le(p + 24, 4);
	s->attributes = tdvf_le(p + 28, 4);

	if (s->gpa % MRTD_PAGE || s->bytes % MRTD_PAGE ||
	    s->size > size || s->offset > size - s->size)
		return -EINVAL;
	/* Measured bytes must be in the image. */
	if (s->attributes & TDVF_MR_EXTEND && s->size != s->bytes)
		return -EINVAL;
	return 0;
}

/* Number of sections, at most @max, in the order of the image, or -EINVAL. */
static inline int tdvf_parse(const uint8_t *fw, size_t size,
			     struct tdvf_section *out, unsigned int max)
{
	size_t at = tdvf_descriptor(fw, size);
	unsigned int i, nr;

	if (!at || size - at < TDVF_DESCRIPTOR || memcmp(fw + at, "TDVF", 4) ||
	    tdvf_le(fw + at + 8, 4) != 1)
		return -EINVAL;

	nr = tdvf_le(fw + at + 12, 4);
	if (nr > max || nr * TDVF_SECTION > size - at - TDVF_DESCRIPTOR)
		return -EINVAL;

	for (i = 0; i < nr; i++)
		if (tdvf_section(fw + at + TDVF_DESCRIPTOR + i * TDVF_SECTION,
				 size, &out[i]))
			return -EINVAL;
	return nr;
}

/* As KVM adds a section: pages that are for PAGE.AUG come later. */
static inline void tdvf_measure(struct mrtd *m, const uint8_t *fw,
				const struct tdvf_section *s)
{
	if (!(s->attributes & TDVF_PAGE_AUG))
		mrtd_region_added(m, s->gpa, fw + s->offset,
				  s->bytes / MRTD_PAGE,
				  s->attributes & TDVF_MR_EXTEND);
}

#endif
