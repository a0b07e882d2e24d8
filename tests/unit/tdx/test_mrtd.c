// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/tdx/abi/mrtd.c against independent values: some computed with another
 * SHA-384 (the recipe is beside each), and two published ones, with the image
 * they belong to.
 */
#include <stdlib.h>

#include "tdvf.h"
#include "unit.h"

#define PAGE		MRTD_PAGE

static void check_value(const struct mrtd *m, const char *want, int line)
{
	uint8_t value[SHA384_SIZE];
	char hex[SHA384_HEX];

	mrtd_value(m, value);
	sha384_hex(value, hex);
	if (strcmp(hex, want)) {
		printf("# %s:%d: %s, not %s\n", __FILE__, line, hex, want);
		unit_failures++;
	}
}

#define CHECK_MRTD(m, want)	check_value(m, want, __LINE__)

/* SHA-384 of nothing: MRTD of a TD without pages by the module's ABI. */
static void empty(void)
{
	struct mrtd m;

	mrtd_init(&m);
	CHECK_MRTD(&m,
		   "38b060a751ac96384cd9327eb1b1e36a21fdb71114be0743"
		   "4c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b");
}

/*
 * The vectors below are by python3, with
 *
 *	def block(n, g):
 *		return n.ljust(16, b'\0') + struct.pack('<Q', g) + bytes(104)
 *	def add(g):
 *		return block(b'MEM.PAGE.ADD', g)
 *	def ext(g, p):
 *		return b''.join(block(b'MR.EXTEND', g + i) + p[i:i + 256]
 *				for i in range(0, 4096, 256))
 *	def page(n):
 *		return bytes(i * 7 + i // 256 + n & 255 for i in range(4096))
 *
 * and hashlib.sha384(...).hexdigest() of what each test names.
 */
static void fill(uint8_t *page, int n)
{
	int i;

	for (i = 0; i < PAGE; i++)
		page[i] = i * 7 + i / 256 + n;
}

/* add(0x100000000) */
static void one_unmeasured(void)
{
	struct mrtd m;

	mrtd_init(&m);
	mrtd_page_added(&m, 0x100000000);
	CHECK_MRTD(&m,
		   "e81d1e338f0ca7b89664fac503d9931775041d1717b1225c"
		   "0a1401c15ba45ba824a638e05258fdf7b6aa55975d4f9ecf");
	CHECK_EQ(m.added, 1);
	CHECK_EQ(m.extended, 0);
}

/* add(0x7ffffffff000) + ext(0x7ffffffff000, page(0)): every byte of a gpa */
static void one_measured(void)
{
	uint8_t page[PAGE];
	struct mrtd m;

	fill(page, 0);
	mrtd_init(&m);
	mrtd_region_added(&m, 0x7ffffffff000, page, 1, true);
	CHECK_MRTD(&m,
		   "efc0a2f5c65f206f12c85d01a85e315caa02f437ed66871c"
		   "cf00072ca16e75fc4666207eab7eb1735a3598a37be9d3ee");
	CHECK_EQ(m.added, 1);
	CHECK_EQ(m.extended, 16);
}

/*
 * add(0x2000) + add(0x3000), then add(g) + ext(g, page(i)) for i in 0, 1, 2 and
 * g = 0x1000000000 + 4096 * i, then add(0x1000) + ext(0x1000, page(9))
 */
static void mixed(void)
{
	uint8_t pages[3 * PAGE];
	struct mrtd m;
	int i;

	for (i = 0; i < 3; i++)
		fill(pages + i * PAGE, i);
	mrtd_init(&m);
	mrtd_region_added(&m, 0x2000, pages, 2, false);
	mrtd_region_added(&m, 0x1000000000, pages, 3, true);
	fill(pages, 9);
	mrtd_region_added(&m, 0x1000, pages, 1, true);
	CHECK_MRTD(&m,
		   "cc122e7af70fead830ae31ebc16b7cc384f05edf620b774b"
		   "aa7919c2f37802b84a4122371172d7e00bb4641c8a134107");
	CHECK_EQ(m.added, 6);
	CHECK_EQ(m.extended, 64);
}

/* The two blocks byte by byte, as in the ABI. */
static void blocks(void)
{
	uint8_t bytes[2 * 128 + MRTD_CHUNK] = {}, want[SHA384_SIZE];
	uint8_t *extend = bytes + 128, *chunk = bytes + 256;
	char hex[SHA384_HEX];
	struct mrtd m;

	memcpy(bytes, "MEM.PAGE.ADD", 12);
	memcpy(bytes + 16, "\x00\x60\x55\x44\x33\x22\x11\x00", 8);
	memcpy(extend, "MR.EXTEND", 9);
	memcpy(extend + 16, "\x00\x6f\x55\x44\x33\x22\x11\x00", 8);
	memset(chunk, 0x5a, MRTD_CHUNK);
	sha384_of(bytes, sizeof(bytes), want);
	sha384_hex(want, hex);

	mrtd_init(&m);
	mrtd_page_added(&m, 0x0011223344556000);
	mrtd_extended(&m, 0x0011223344556f00, chunk);
	CHECK_MRTD(&m, hex);
}

/* Reading the value at any step changes nothing. */
static void running(void)
{
	uint8_t page[PAGE], value[SHA384_SIZE];
	struct mrtd asked, quiet;
	char hex[SHA384_HEX];
	int i;

	fill(page, 3);
	mrtd_init(&asked);
	mrtd_init(&quiet);
	for (i = 0; i < 5; i++) {
		mrtd_region_added(&asked, i * PAGE, page, 1, i & 1);
		mrtd_region_added(&quiet, i * PAGE, page, 1, i & 1);
		mrtd_value(&asked, value);
		mrtd_value(&asked, value);
	}
	mrtd_value(&quiet, value);
	sha384_hex(value, hex);
	CHECK_MRTD(&asked, hex);
}

/* The value depends on the order, the flag, the gpa and each byte. */
static void differs(void)
{
	uint8_t page[PAGE], value[6][SHA384_SIZE];
	struct mrtd m[6];
	int i, j;

	fill(page, 0);
	for (i = 0; i < 6; i++)
		mrtd_init(&m[i]);
	mrtd_region_added(&m[0], 0x1000, page, 1, true);
	mrtd_region_added(&m[1], 0x1000, page, 1, false);
	mrtd_region_added(&m[2], 0x2000, page, 1, true);
	page[PAGE - 1] ^= 1;
	mrtd_region_added(&m[3], 0x1000, page, 1, true);
	page[PAGE - 1] ^= 1;

	mrtd_region_added(&m[4], 0x1000, page, 1, true);
	mrtd_page_added(&m[4], 0x2000);
	mrtd_page_added(&m[5], 0x2000);
	mrtd_region_added(&m[5], 0x1000, page, 1, true);

	for (i = 0; i < 6; i++)
		mrtd_value(&m[i], value[i]);
	for (i = 0; i < 6; i++)
		for (j = 0; j < i; j++)
			CHECK(memcmp(value[i], value[j], SHA384_SIZE));
}

/*
 * The example image of github.com/google/gce-tcb-verifier, from which Google's
 * signed endorsements of its TDs' firmware come: CleanExample() of
 * testing/fakeovmf, 2 MiB. Only the last page of it has measured bytes other
 * than zero, those of the GUIDed table.
 */
#define EXAMPLE_SIZE	0x200000
#define EXAMPLE_META	0x110	/* descriptor, 16 bytes of GUID before it */

static uint8_t *put_le(uint8_t *p, uint64_t v, int bytes)
{
	for (; bytes; bytes--, v >>= 8)
		*p++ = v;
	return p;
}

/* An entry before @at; the table grows downwards. */
static uint8_t *put_entry(uint8_t *at, uint32_t data, const uint8_t *guid)
{
	put_le(at - TDVF_ENTRY - 4, data, 4);
	put_le(at - TDVF_ENTRY, TDVF_ENTRY + 4, 2);
	memcpy(at - 16, guid, 16);
	return at - TDVF_ENTRY - 4;
}

static void put_table(uint8_t *fw)
{
	static const uint8_t sev_es_reset[16] = {
		0xde, 0x71, 0xf7, 0x00, 0x7e, 0x1a, 0xcb, 0x4f,
		0x89, 0x0e, 0x68, 0xc7, 0x7e, 0x2f, 0xb4, 0x4e,
	};
	static const uint8_t sev_metadata[16] = {
		0x66, 0x65, 0x88, 0xdc, 0x4a, 0x98, 0x98, 0x47,
		0xa7, 0x5e, 0x55, 0x85, 0xa7, 0xbf, 0x67, 0xcc,
	};
	uint8_t *at = fw + EXAMPLE_SIZE - TDVF_AFTER_TABLE;

	put_le(at - TDVF_ENTRY, TDVF_ENTRY + 3 * (TDVF_ENTRY + 4), 2);
	memcpy(at - 16, tdvf_guid_footer, 16);
	at = put_entry(at - TDVF_ENTRY, 0xff0000ff, sev_es_reset);
	at = put_entry(at, EXAMPLE_SIZE, sev_metadata);
	put_entry(at, EXAMPLE_SIZE - EXAMPLE_META, tdvf_guid_metadata);
}

static void put_metadata(uint8_t *p)
{
	static const struct tdvf_section sections[] = {
		{ 0x20000, 0x1e0000, 0xffe20000, 0x1e0000, 0, TDVF_MR_EXTEND },
		{ 0, 0x20000, 0xffe00000, 0x20000, 1, 0 },
		{ 0, 0, 0x810000, 0x10000, TDVF_TEMP_MEM, 0 },
		{ 0, 0, 0x80b000, 0x2000, TDVF_TEMP_MEM, 0 },
		{ 0, 0, 0x809000, 0x2000, 2, 0 },
		{ 0, 0, 0x800000, 0x6000, TDVF_TEMP_MEM, 0 },
	};
	const struct tdvf_section *s;

	memcpy(p, "TDVF", 4);
	p = put_le(p + 4, 208, 4);
	p = put_le(p, 1, 4);
	p = put_le(p, 6, 4);
	for (s = sections; s < sections + 6; s++) {
		p = put_le(p, s->offset, 4);
		p = put_le(p, s->size, 4);
		p = put_le(p, s->gpa, 8);
		p = put_le(p, s->bytes, 8);
		p = put_le(p, s->type, 4);
		p = put_le(p, s->attributes, 4);
	}
}

static uint8_t *example(struct tdvf_section *sections)
{
	uint8_t *fw = calloc(1, EXAMPLE_SIZE);

	CHECK(fw);
	put_table(fw);
	put_metadata(fw + EXAMPLE_META);
	CHECK_EQ(tdvf_parse(fw, EXAMPLE_SIZE, sections, 6), 6);
	return fw;
}

static void measure(struct mrtd *m, const uint8_t *fw,
		    const struct tdvf_section *sections, bool temp_mem)
{
	int i;

	mrtd_init(m);
	for (i = 0; i < 6; i++)
		if (temp_mem || sections[i].type != TDVF_TEMP_MEM)
			tdvf_measure(m, fw, &sections[i]);
}

/*
 * CleanTdxExampleMeasurement of verify/verifytest in that repository. The first
 * value includes temporary memory, which every launcher on KVM adds; the second
 * one is that of commit 4f59856ae773, without it. Both are for the order of
 * KVM: each page extended as soon as it is added.
 */
static void published(void)
{
	struct tdvf_section sections[6];
	uint8_t *fw = example(sections);
	struct mrtd m;

	measure(&m, fw, sections, true);
	CHECK_MRTD(&m,
		   "6e540be4917f24f74cc3292b59803d06dc7c38eb4a3c1fd6"
		   "be9c735ba74bb7a23e25f98da94779d17508b243e4fb582b");
	CHECK_EQ(m.added, 0x200 + 0x1a);
	CHECK_EQ(m.extended, 0x1e00);

	measure(&m, fw, sections, false);
	CHECK_MRTD(&m,
		   "69a06a9d7e18490bafaf7427734d7f199dc1a4790a1e42be"
		   "0c184ba7fc6ca3be1f60c0c18969e9acd53a0d0174c2b2b9");
	free(fw);
}

/* The published values depend only on the image's measured part. */
static void published_depends(void)
{
	uint8_t value[3][SHA384_SIZE];
	struct tdvf_section sections[6];
	uint8_t *fw = example(sections);
	struct mrtd m;

	measure(&m, fw, sections, true);
	mrtd_value(&m, value[0]);
	fw[0x800] = 'L';
	measure(&m, fw, sections, true);
	mrtd_value(&m, value[1]);
	fw[EXAMPLE_SIZE - 100] ^= 1;
	measure(&m, fw, sections, true);
	mrtd_value(&m, value[2]);
	CHECK(!memcmp(value[0], value[1], SHA384_SIZE));
	CHECK(memcmp(value[0], value[2], SHA384_SIZE));
	free(fw);
}

/* An image that is cut or changed at any place is refused. */
static void broken_images(void)
{
	static const struct {
		size_t at;
		uint8_t value;
	} bends[] = {
		{ EXAMPLE_META, 'X' },			/* signature */
		{ EXAMPLE_META + 8, 2 },		/* version */
		{ EXAMPLE_META + 12, 7 },		/* sections */
		{ EXAMPLE_META + 15, 0x80 },
		{ EXAMPLE_META + 16 + 3, 0xff },	/* first offset */
		{ EXAMPLE_META + 16 + 8, 1 },		/* its gpa */
		{ EXAMPLE_META + 16 + 17, 0xf0 },	/* its bytes */
		{ EXAMPLE_SIZE - 33, 0 },		/* footer GUID */
		{ EXAMPLE_SIZE - 50, 0 },		/* size of the table */
		{ EXAMPLE_SIZE - 68, 0 },		/* size of an entry */
		{ EXAMPLE_SIZE - 114, 0x11 },		/* descriptor's place */
	};
	struct tdvf_section sections[6];
	uint8_t *fw = example(sections);
	unsigned int i;

	for (i = 0; i < sizeof(bends) / sizeof(bends[0]); i++) {
		uint8_t old = fw[bends[i].at];

		fw[bends[i].at] = bends[i].value;
		if (tdvf_parse(fw, EXAMPLE_SIZE, sections, 6) >= 0) {
			printf("# byte %#zx as %#x was accepted\n", bends[i].at,
			       bends[i].value);
			unit_failures++;
		}
		fw[bends[i].at] = old;
	}
	CHECK_EQ(tdvf_parse(fw, EXAMPLE_SIZE, sections, 6), 6);
	CHECK_EQ(tdvf_parse(fw, EXAMPLE_SIZE, sections, 5), -EINVAL);
	for (i = 0; i < 200; i++)
		CHECK_EQ(tdvf_parse(fw, i, sections, 6), -EINVAL);
	free(fw);
}

UNIT_MAIN({ "empty", empty }, { "one_unmeasured", one_unmeasured },
	  { "one_measured", one_measured }, { "mixed", mixed },
	  { "blocks", blocks }, { "running", running },
	  { "differs", differs }, { "published", published },
	  { "published_depends", published_depends },
	  { "broken_images", broken_images })
