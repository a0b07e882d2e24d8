// SPDX-License-Identifier: GPL-2.0-only
/* lib/runner/platform.c: softtdx by its directory, and unknown if unsure. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner/platform.h"
#include "unit.h"

static char dir[64];
static char softtdx[80];

static void with_softtdx(void)
{
	CHECK_EQ(mkdir(softtdx, 0700), 0);
	CHECK_STR(platform_detect(dir)->word, "softtdx");
	CHECK(!strncmp(platform_detect(dir)->text, "softtdx: ", 9));
	rmdir(softtdx);
}

/* Neither an empty directory nor none is a debugfs without softtdx. */
static void without_debugfs(void)
{
	CHECK_STR(platform_detect(dir)->word, "TDX module unknown");
	CHECK_STR(platform_detect("/nonexistent")->word, "TDX module unknown");
}

/* The real one, if it can be read and has no softtdx. */
static void with_debugfs(void)
{
	const char *debugfs = "/sys/kernel/debug";
	const char *word = platform_detect(debugfs)->word;
	struct stat st;

	if (!stat("/sys/kernel/debug/softtdx", &st))
		CHECK_STR(word, "softtdx");
	else if (!stat("/sys/kernel/debug/kvm", &st))
		CHECK_STR(word, "TDX hardware");
	else
		CHECK(strcmp(word, "softtdx"));
}

int main(void)
{
	static const struct unit_case cases[] = {
		{ "with_softtdx", with_softtdx },
		{ "without_debugfs", without_debugfs },
		{ "with_debugfs", with_debugfs },
	};
	int ret;

	snprintf(dir, sizeof(dir), "/tmp/test_platform.XXXXXX");
	if (!mkdtemp(dir))
		return 1;

	snprintf(softtdx, sizeof(softtdx), "%s/softtdx", dir);
	ret = unit_run(cases, sizeof(cases) / sizeof(cases[0]));
	rmdir(dir);
	return ret;
}
