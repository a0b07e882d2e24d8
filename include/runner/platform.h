/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tell a TDX module of hardware from softtdx, the lab's TDX module in software,
 * so that no result of the one passes for the other.
 */
#ifndef RUNNER_PLATFORM_H
#define RUNNER_PLATFORM_H

struct platform {
	const char *word;	/* for the line of each result */
	const char *text;	/* for the head of the output */
};

/*
 * Look for softtdx/ in @debugfs, e.g. /sys/kernel/debug. Without a debugfs that
 * can be read the answer is "unknown", never hardware.
 */
const struct platform *platform_detect(const char *debugfs);

#endif
