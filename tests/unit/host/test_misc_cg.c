// SPDX-License-Identifier: GPL-2.0-only
/* lib/host/misc_cg.c: one resource among others, or none. */
#include <errno.h>

#include "host/misc_cg.h"
#include "unit.h"

static void found(void)
{
	uint64_t value = 0;

	CHECK_EQ(misc_cg_parse("tdx 63\n", "tdx", &value), 0);
	CHECK_EQ(value, 63);
	CHECK_EQ(misc_cg_parse("sev 509\nsev_es 99\ntdx 0", "tdx", &value), 0);
	CHECK_EQ(value, 0);
	CHECK_EQ(misc_cg_parse("sev_es 99\nsev 509\n", "sev", &value), 0);
	CHECK_EQ(value, 509);
	CHECK_EQ(misc_cg_parse("tdx 18446744073709551615\n", "tdx", &value), 0);
	CHECK_EQ(value, UINT64_MAX);
}

static void not_found(void)
{
	uint64_t value;

	CHECK_EQ(misc_cg_parse("", "tdx", &value), -ENOENT);
	CHECK_EQ(misc_cg_parse("tdx", "tdx", &value), -ENOENT);
	CHECK_EQ(misc_cg_parse("tdx2 1\nxtdx 1\n tdx 1\n", "tdx", &value),
		 -ENOENT);
	CHECK_EQ(misc_cg_read("/nowhere", "misc.current", "tdx", &value),
		 -ENOENT);
}

static void no_number(void)
{
	uint64_t value;

	CHECK_EQ(misc_cg_parse("tdx max\n", "tdx", &value), -EINVAL);
	CHECK_EQ(misc_cg_parse("tdx -1\n", "tdx", &value), -EINVAL);
	CHECK_EQ(misc_cg_parse("tdx \n", "tdx", &value), -EINVAL);
	CHECK_EQ(misc_cg_parse("tdx 63 64\n", "tdx", &value), -EINVAL);
	CHECK_EQ(misc_cg_parse("tdx 18446744073709551616\n", "tdx", &value),
		 -EINVAL);
}

UNIT_MAIN(
	{ "found", found },
	{ "not_found", not_found },
	{ "no_number", no_number },
)
