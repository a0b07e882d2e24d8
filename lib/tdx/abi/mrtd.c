// SPDX-License-Identifier: GPL-2.0-only
/* MRTD: the running SHA-384 over a TD's build. */
#include <string.h>

#include "tdx/abi/mrtd.h"

/* Each event begins with its name, the gpa and zeroes. */
#define BLOCK_SIZE	128
#define BLOCK_GPA	16

static void add_block(struct mrtd *m, const char *name, uint64_t gpa)
{
	uint8_t block[BLOCK_SIZE] = {};
	int i;

	memcpy(block, name, strlen(name));
	for (i = 0; i < 8; i++)
		block[BLOCK_GPA + i] = gpa >> 8 * i;
	sha384_add(&m->sha, block, sizeof(block));
}

void mrtd_init(struct mrtd *m)
{
	*m = (struct mrtd){};
	sha384_start(&m->sha);
}

void mrtd_page_added(struct mrtd *m, uint64_t gpa)
{
	add_block(m, "MEM.PAGE.ADD", gpa);
	m->added++;
}

void mrtd_extended(struct mrtd *m, uint64_t gpa, const void *chunk)
{
	add_block(m, "MR.EXTEND", gpa);
	sha384_add(&m->sha, chunk, MRTD_CHUNK);
	m->extended++;
}

static void extend_page(struct mrtd *m, uint64_t gpa, const uint8_t *page)
{
	int i;

	for (i = 0; i < MRTD_PAGE; i += MRTD_CHUNK)
		mrtd_extended(m, gpa + i, page + i);
}

void mrtd_region_added(struct mrtd *m, uint64_t gpa, const void *source,
		       uint64_t pages, bool measured)
{
	const uint8_t *page = source;
	uint64_t i;

	for (i = 0; i < pages; i++) {
		mrtd_page_added(m, gpa);
		if (measured)
			extend_page(m, gpa, page);
		gpa += MRTD_PAGE;
		page += MRTD_PAGE;
	}
}

void mrtd_value(const struct mrtd *m, uint8_t *value)
{
	sha384_now(&m->sha, value);
}
