/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tell a TDX module of hardware from softtdx, the TDX module in software of
 * the lab, so that no result of the one passes for the other; and KVM from KVM
 * with the lab's stand-in for in-place conversion.
 */
#ifndef PLATFORM_H
#define PLATFORM_H

struct platform {
	const char *word;	/* for the line of each result */
	const char *text;	/* for the head of the output */
};

/*
 * Look for softtdx/ in @debugfs, e.g. /sys/kernel/debug. Without a debugfs to
 * look at, the answer is that nobody knows, not that it is hardware.
 */
const struct platform *platform_detect(const char *debugfs);

/*
 * The same for the lab's stand-in for in-place conversion, which is in KVM
 * itself: NULL, or that all results are the stand-in's. Where @debugfs cannot
 * be looked at there is no lab.
 */
const struct platform *platform_stand_in(const char *debugfs);

#endif
