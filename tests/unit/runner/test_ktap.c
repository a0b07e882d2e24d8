// SPDX-License-Identifier: GPL-2.0-only
/* lib/runner/ktap.c: the exact text and the exit code, for each outcome. */
#include <stdlib.h>

#include "runner/ktap.h"
#include "unit.h"

static char *text;
static size_t text_size;
static struct ktap k;

static void begin(unsigned int plan)
{
	free(text);
	ktap_begin(&k, open_memstream(&text, &text_size), plan);
}

static const char *end(void)
{
	fclose(k.out);
	return text;
}

static void passes(void)
{
	begin(2);
	ktap_result(&k, KTAP_PASS, "a", NULL);
	ktap_diag(&k, "said");
	ktap_result(&k, KTAP_PASS, "b", "note");
	ktap_totals(&k);
	CHECK_STR(end(), "KTAP version 1\n1..2\nok 1 a\n# said\nok 2 b # note\n"
		  "# Totals: pass:2 fail:0 xfail:0 xpass:0 skip:0 error:0\n");
	CHECK_EQ(ktap_exit_code(&k), 0);
}

static void failures(void)
{
	begin(3);
	ktap_result(&k, KTAP_PASS, "a", NULL);
	ktap_result(&k, KTAP_FAIL, "b", NULL);
	ktap_result(&k, KTAP_TIMEOUT, "c", "softtdx");
	ktap_totals(&k);
	CHECK_STR(end(), "KTAP version 1\n1..3\nok 1 a\nnot ok 2 b\n"
		  "not ok 3 c # TIMEOUT softtdx\n"
		  "# Totals: pass:1 fail:2 xfail:0 xpass:0 skip:0 error:0\n");
	CHECK_EQ(ktap_exit_code(&k), 1);
}

static void skips(void)
{
	begin(1);
	ktap_result(&k, KTAP_SKIP, "a", "kvm: gone");
	CHECK_EQ(ktap_exit_code(&k), 4);
	ktap_result(&k, KTAP_PASS, "b", NULL);
	CHECK_EQ(ktap_exit_code(&k), 0);
	ktap_result(&k, KTAP_FAIL, "c", NULL);
	CHECK_EQ(ktap_exit_code(&k), 1);
	CHECK_STR(end(), "KTAP version 1\n1..1\nok 1 a # SKIP kvm: gone\nok 2 b\n"
		  "not ok 3 c\n");
}

/* A known bug fails no run, and is no pass. */
static void known_bugs(void)
{
	begin(2);
	ktap_result(&k, KTAP_XFAIL, "a", "known bug: 1: x");
	CHECK_EQ(ktap_exit_code(&k), 0);
	ktap_result(&k, KTAP_SKIP, "b", NULL);
	CHECK_EQ(ktap_exit_code(&k), 0);
	ktap_totals(&k);
	CHECK_STR(end(), "KTAP version 1\n1..2\nok 1 a # XFAIL known bug: 1: x\n"
		  "ok 2 b # SKIP\n"
		  "# Totals: pass:0 fail:0 xfail:1 xpass:0 skip:1 error:0\n");
}

/* No result at all, and an outcome that was not set, are failures. */
static void nothing_passes_by_default(void)
{
	enum ktap_outcome unset = 0;

	begin(0);
	CHECK_EQ(ktap_exit_code(&k), 1);
	ktap_result(&k, unset, "a", NULL);
	CHECK_EQ(ktap_exit_code(&k), 1);
	CHECK_STR(end(), "KTAP version 1\n1..0\nnot ok 1 a\n");
}

static void lines_stay_whole(void)
{
	begin(1);
	ktap_result(&k, KTAP_SKIP, "a", "one\ntwo\r\n");
	ktap_diag(&k, "");
	ktap_diagf(&k, "%d %s", 7, "x");
	CHECK_STR(end(), "KTAP version 1\n1..1\nok 1 a # SKIP one two  \n#\n"
		  "# 7 x\n");
	free(text);
	text = NULL;
}

UNIT_MAIN(
	{ "passes", passes },
	{ "failures", failures },
	{ "skips", skips },
	{ "known_bugs", known_bugs },
	{ "nothing_passes_by_default", nothing_passes_by_default },
	{ "lines_stay_whole", lines_stay_whole },
)
