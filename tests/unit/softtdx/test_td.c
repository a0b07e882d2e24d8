// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/softtdx/{td,sept,text}.c: TDs, vCPUs and secure EPTs as softtdx writes
 * them, and whatever else; the numbers of leaves beside softtdx' own table.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "softtdx/inject.h"
#include "softtdx/sept.h"
#include "softtdx/stats.h"
#include "softtdx/td.h"
#include "softtdx/text.h"
#include "unit.h"

#define HEX48	"00112233445566778899aabbccddeeff" \
		"00112233445566778899aabbccddeeff" \
		"00112233445566778899aabbccddeeff"

#define TD_2	"td 0x1034000 keyid 65 life KEYS_CONFIGURED op RUNNABLE "  \
	"vcpus 3 assoc 2 children 30 epoch 4 attributes 0x10000000 xfam 0x7 " \
	"gpaw 48 added 16 extended 256 mrtd " HEX48 "\n"
#define TD_1	"td 0x1000000 keyid 64 life BLOCKED op - vcpus - assoc - " \
	"children 3 epoch - attributes - xfam - gpaw - added - extended - " \
	"mrtd -\n"

static void tds(void)
{
	struct softtdx_td *t;
	unsigned int nr;

	CHECK_EQ(softtdx_parse_tds(TD_2 TD_1, &t, &nr), 0);
	CHECK_EQ(nr, 2);
	CHECK_EQ(t[0].pa, 0x1034000);
	CHECK_EQ(t[0].keyid, 65);
	CHECK_STR(t[0].life, "KEYS_CONFIGURED");
	CHECK(t[0].has_tdcs);
	CHECK_STR(t[0].op, "RUNNABLE");
	CHECK_EQ(t[0].vcpus, 3);
	CHECK_EQ(t[0].assoc, 2);
	CHECK_EQ(t[0].children, 30);
	CHECK_EQ(t[0].epoch, 4);
	CHECK_EQ(t[0].attributes, 0x10000000);
	CHECK_EQ(t[0].xfam, 7);
	CHECK_EQ(t[0].gpaw, 48);
	CHECK_EQ(t[0].added, 16);
	CHECK_EQ(t[0].extended, 256);
	CHECK_EQ(t[0].mrtd[0], 0);
	CHECK_EQ(t[0].mrtd[47], 0xff);
	CHECK_EQ(t[0].mrtd[10], 0xaa);
	CHECK_EQ(t[1].pa, 0x1000000);
	CHECK_STR(t[1].life, "BLOCKED");
	CHECK(!t[1].has_tdcs);
	CHECK_EQ(t[1].children, 3);
	CHECK_EQ(t[1].added, 0);
	free(t);

	CHECK_EQ(softtdx_parse_tds("", &t, &nr), 0);
	CHECK(!nr && !t);
}

/* A name is no value: "life added" must not hide the number behind it. */
static void bad_tds(void)
{
	static const char * const bad[] = {
		"td", "td 0x0 keyid 64\n", "no such file\n", TD_2 "\n",
		"tds" " 0x1 keyid 1 life A op - children 0\n",
		"td 0x1 keyid 1 life A children 0\n",
		"td 0x1 keyid 1 life A op B children 0\n",
		"td 0x1 keyid 4294967296 life A op - children 0\n",
		"td 0x1 keyid 1 life A_NAME_THAT_IS_TOO_LONG op - children 0\n",
		"td 0x1 keyid 1 life A op - life children 0\n",
		"td 1 keyid 1 life A op - children -\n",
		"td 0xg keyid 1 life A op - children 0\n",
	};
	struct softtdx_td *t;
	unsigned int i, nr;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (softtdx_parse_tds(bad[i], &t, &nr) == -EINVAL)
			continue;
		printf("# taken: %s\n", bad[i]);
		CHECK(0);
	}
	CHECK_EQ(softtdx_parse_tds("td 0x1 keyid 1 life children op - "
				   "children 7 new 1", &t, &nr), 0);
	CHECK_STR(t[0].life, "children");
	CHECK_EQ(t[0].children, 7);
	free(t);
}

#define VCPUS								\
	"vcpu 0x7d0000 td 0x1034000 index - x2apic - state UNINITIALIZED " \
	"cpu - pages 3 epoch 0\n"					\
	"vcpu 0x7c0000 td 0x1034000 index 1 x2apic 4294967295 state READY " \
	"cpu 5 pages 6 epoch 2\n"

static void vcpus(void)
{
	struct softtdx_vcpu *v;
	unsigned int nr;

	CHECK_EQ(softtdx_parse_vcpus(VCPUS, &v, &nr), 0);
	CHECK_EQ(nr, 2);
	CHECK_EQ(v[0].pa, 0x7d0000);
	CHECK_EQ(v[0].td, 0x1034000);
	CHECK(!v[0].initialized);
	CHECK_EQ(v[0].cpu, -1);
	CHECK_EQ(v[0].pages, 3);
	CHECK(v[1].initialized);
	CHECK_EQ(v[1].index, 1);
	CHECK_EQ(v[1].x2apic, 0xffffffff);
	CHECK_STR(v[1].state, "READY");
	CHECK_EQ(v[1].cpu, 5);
	CHECK_EQ(v[1].epoch, 2);
	free(v);
	CHECK_EQ(softtdx_parse_vcpus(TD_2, &v, &nr), -EINVAL);
	CHECK_EQ(softtdx_parse_vcpus("vcpu 0x1 td 0x2 index 0 x2apic - state A "
				     "cpu 0 pages 1 epoch 0\n", &v, &nr),
		 -EINVAL);
	CHECK_EQ(softtdx_parse_vcpus("vcpu 0x1 td 0x2 index - x2apic - state A "
				     "cpu 4294967295 pages 1 epoch 0\n", &v,
				     &nr), -EINVAL);
}

#define SEPT								\
	"td 0x3000 gpaw - root_level -\n"				\
	"td 0x2000 gpaw 48 root_level 3\n"				\
	"table gpa 0x0 level 3 state NL_MAPPED page 0x300f000\n"	\
	"table gpa 0x100000000 level 2 state NL_BLOCKED page 0x300e000 " \
		"pamt REG owner 0x1000\n"				\
	"page gpa 0x100000000 level 0 state MAPPED page 0x7e7000 sha384 " \
		HEX48 "\n"						\
	"page gpa 0x100001000 level 0 state PENDING_BLOCKED page 0x7e8000 " \
		"sha384 - pamt - owner -\n"				\
	"td 0x1000 gpaw 48 root_level 3\n"

static void sept(void)
{
	struct softtdx_map *m;
	unsigned int nr;

	CHECK_EQ(softtdx_parse_sept(SEPT, 0x2000, &m, &nr), 0);
	CHECK_EQ(nr, 4);
	CHECK(m[0].table && !m[0].pamt_disagrees && !m[0].hashed);
	CHECK_EQ(m[0].gpa, 0);
	CHECK_EQ(m[0].level, 3);
	CHECK_EQ(m[0].hpa, 0x300f000);
	CHECK_STR(m[0].state, "NL_MAPPED");
	CHECK(m[1].table && m[1].pamt_disagrees);
	CHECK(!m[2].table && !m[2].pamt_disagrees && m[2].hashed);
	CHECK_EQ(m[2].gpa, 0x100000000);
	CHECK_EQ(m[2].sha384[1], 0x11);
	CHECK_EQ(m[2].sha384[47], 0xff);
	CHECK(!m[3].table && m[3].pamt_disagrees && !m[3].hashed);
	CHECK_STR(m[3].state, "PENDING_BLOCKED");
	free(m);

	CHECK_EQ(softtdx_parse_sept(SEPT, 0x1000, &m, &nr), 0);
	CHECK(!nr && !m);
	CHECK_EQ(softtdx_parse_sept(SEPT, 0x3000, &m, &nr), -ENODATA);
	CHECK_EQ(softtdx_parse_sept(SEPT, 0x4000, &m, &nr), -ENOENT);
	CHECK_EQ(softtdx_parse_sept("", 0x1000, &m, &nr), -ENOENT);
}

static void bad_sept(void)
{
	static const char * const bad[] = {
		"td 0x1\n", "td x gpaw 48 root_level 3\n",
		"td 0x1 gpaw 48 root_level 3\nnew line\n",
		"td 0x1 gpaw 48 root_level 3\n\n",
		"td 0x1 gpaw 48 root_level 3\ntable gpa 0x0 level 3 page 0x0\n",
		"td 0x1 gpaw 48 root_level 3\n"
			"page gpa 0x0 level 0 state MAPPED page 0x1000\n",
		"td 0x1 gpaw 48 root_level 3\n"
			"page gpa 0x0 level 0 state A page 0x0 sha384 0011\n",
		"td 0x1 gpaw 48 root_level 3\n"
			"page gpa 0x0 level 0 state A page 0x0 sha384 " HEX48
			"0\n",
	};
	struct softtdx_map *m;
	unsigned int i, nr;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (softtdx_parse_sept(bad[i], 1, &m, &nr) == -EINVAL)
			continue;
		printf("# taken: %s\n", bad[i]);
		CHECK(0);
	}
}

/* More elements than an array begins with. */
static void many(void)
{
	const unsigned int lines = 5000;
	struct softtdx_vcpu *v;
	unsigned int i, nr;
	char *text, *p;

	text = p = malloc(lines * 100);
	CHECK(!!text);
	for (i = 0; i < lines; i++)
		p += sprintf(p, "vcpu %#x td 0x1 index - x2apic - state A "
			     "cpu - pages 1 epoch 0\n", i);
	CHECK_EQ(softtdx_parse_vcpus(text, &v, &nr), 0);
	CHECK_EQ(nr, lines);
	for (i = 0; i < nr; i++)
		if (v[i].pa != i || v[i].initialized || v[i].cpu != -1)
			CHECK(0);
	free(v);
	free(text);
}

static void parse_all(const char *text)
{
	struct softtdx_stats stats;
	struct softtdx_injected *r;
	struct softtdx_vcpu *v;
	struct softtdx_map *m;
	struct softtdx_td *t;
	unsigned int nr;

	softtdx_parse_stats(text, &stats);
	if (!softtdx_parse_injected(text, &r, &nr))
		free(r);
	if (!softtdx_parse_vcpus(text, &v, &nr))
		free(v);
	if (!softtdx_parse_tds(text, &t, &nr))
		free(t);
	if (!softtdx_parse_sept(text, 0x2000, &m, &nr))
		free(m);
}

/*
 * Every byte changed to each that the format gives a meaning, and every cut,
 * in a buffer that ends where the text does: the sanitizers watch.
 */
static void mutated(void)
{
	static const char * const texts[] = {
		TD_2 TD_1, VCPUS, SEPT,
		"leaf X nr 3 calls 1 errors 1 last 0x1 injected 0\n"
		"pages REG 1 TDR 2 TDCX 3 TDVPR 4 EPT 5 NDA 6 RSVD 7\n"
		"keyids FREE 12 RESERVED 1 ASSIGNED 2 FLUSHED 3\n",
		"rule 7 leaf TDH.VP.ENTER status 0x8 nth 2 every 3 times 0 "
		"td 0x1034000 seen 5 failed 2 own 0\n",
	};
	const char bytes[] = " \n-x09fA";
	unsigned int i, b;
	size_t at, len;
	char *copy;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		len = strlen(texts[i]);
		for (at = 0; at < len; at++) {
			copy = strndup(texts[i], at);
			parse_all(copy);
			free(copy);
			for (b = 0; b < sizeof(bytes); b++) {
				copy = strdup(texts[i]);
				copy[at] = bytes[b];
				parse_all(copy);
				free(copy);
			}
		}
	}
	CHECK_EQ(i, 5);
}

/* The numbers of leaf.h, and those of softtdx. */
static void leaf_numbers(void)
{
#define LEAF(nr, leaf_name, ...) [nr] = leaf_name,
	static const char * const table[128] = {
#include "lab/softtdx/seamcall/leaves.def"
	};
#undef LEAF
	static const struct {
		const char *name;
		unsigned int nr;
	} leaves[] = {
#define NAME(name, nr) { #name, nr },
		SOFTTDX_LEAVES(NAME)
#undef NAME
	};
	unsigned int i, in_table = 0;
	char name[40], *p;

	for (i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++) {
		snprintf(name, sizeof(name), "TDH.%s", leaves[i].name);
		while ((p = strchr(name, '_')))
			*p = '.';
		CHECK(table[leaves[i].nr] != NULL);
		CHECK_STR(table[leaves[i].nr], name);
	}
	for (i = 0; i < 128; i++)
		in_table += !!table[i];
	CHECK_EQ(in_table, sizeof(leaves) / sizeof(leaves[0]));
}

UNIT_MAIN(
	{ "tds", tds },
	{ "bad_tds", bad_tds },
	{ "vcpus", vcpus },
	{ "sept", sept },
	{ "bad_sept", bad_sept },
	{ "many", many },
	{ "mutated", mutated },
	{ "leaf_numbers", leaf_numbers },
)
