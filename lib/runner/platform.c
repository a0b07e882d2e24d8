// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tell a TDX module of hardware from softtdx by the directory that softtdx has
 * in debugfs. The command line has no say in it.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "runner/platform.h"

#define PLATFORM_DEBUGFS_MAGIC	0x64626720

static const struct platform softtdx = {
	.word = "softtdx",
	.text = "softtdx: the TDX module is software, no result is one of TDX hardware",
};

static const struct platform hardware = {
	.word = "TDX hardware",
	.text = "tdx: TDX hardware",
};

static const struct platform unknown = {
	.word = "TDX module unknown",
	.text = "tdx: hardware or softtdx, not known without a readable debugfs",
};

const struct platform *platform_detect(const char *debugfs)
{
	struct statfs fs;
	struct stat st;
	char path[4096];

	snprintf(path, sizeof(path), "%s/softtdx", debugfs);
	if (!stat(path, &st))
		return &softtdx;

	if (errno == ENOENT && !statfs(debugfs, &fs) &&
	    fs.f_type == PLATFORM_DEBUGFS_MAGIC)
		return &hardware;

	return &unknown;
}
