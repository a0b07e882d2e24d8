// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of softtdx as text, and its controls: the files in
 * /sys/kernel/debug/softtdx/.  The format is stable: a line is a word and "name
 * value" pairs separated by blanks; new pairs are added at a line's end.
 *
 *   version	softtdx 2
 *   stats	leaf NAME nr N calls N errors N last STATUS injected N
 *		leaf unknown nr - calls N errors N last STATUS injected N
 *		pages REG N TDR N TDCX N TDVPR N EPT N NDA N RSVD N
 *		keyids FREE N RESERVED N ASSIGNED N FLUSHED N
 *   inject	rule N leaf NAME status STATUS nth N every N times N td PA
 *		seen N failed N own N REG X in_REG X
 *   forget	(written) PA
 *   misbehave	misbehave N kind NAME gpa X nth N times N byte N seen N done N
 *		own N
 *   tds	td PA keyid N life STATE op STATE vcpus N assoc N children N
 *		epoch N attributes X xfam X gpaw N added N extended N mrtd HEX
 *   vcpus	vcpu PA td PA index N x2apic N state STATE cpu N pages N epoch N
 *   sept	td PA gpaw N root_level N
 *		table gpa X level N state STATE page PA
 *		page gpa X level N state STATE page PA sha384 HEX
 *		... pamt TYPE owner PA
 *   checks, selftest	see selftest/debugfs.c
 *   hash	see view/hash_debugfs.c
 *
 * Numbers are decimal; PA, STATUS and X hexadecimal with 0x; "-" stands for a
 * value that does not exist.  TDs and vCPUs come newest first.
 *
 * stats: injected counts the calls that a rule made fail.
 *
 * inject: each write adds one rule, in the format of seamcall/inject.c.  A read
 * shows all rules; own is 1 for those that were written through the file that
 * is read.  They are removed when it is closed.  REG X: each register that the
 * rule sets; in_REG X: each register on entry to the last call that it made
 * fail, once there was one.
 *
 * forget: takes the TDR of a TD that softtdx is to forget, see
 * control/forget.c.
 *
 * misbehave: as inject, in the format of misbehave/misbehave.c; gpa is "-" for
 * any GPA.
 *
 * tds: mrtd is the final value in a TD that is RUNNABLE, before that the value
 * if the TD were made final now.  added and extended count what entered MRTD:
 * pages by PAGE.ADD, 256-byte chunks by MR.EXTEND, 16 of them for a page that
 * is measured whole.
 *
 * vcpus: those of each TD that is not in TEARDOWN, where their pages go one by
 * one.  Index and x2apic are known once it is not UNINITIALIZED; cpu is the one
 * that it is associated with; epoch is the TD's at the last entry.
 *
 * sept: below the line of each TD the entries of its secure EPT that are not
 * FREE, a table before its entries, otherwise by gpa; none where gpaw is "-":
 * there is no secure EPT yet, or the TD is in TEARDOWN.  Levels are those of
 * the entry, counted as in the ABI: 0 for 4 KiB.  sha384 is of the page's
 * contents, whether the guest can see them or not.  pamt and owner follow only
 * on a mismatch: the page does not have the type that the entry implies, or is
 * not this TD's.  Then it is not hashed, and a table's entries are not shown.
 *
 * Each line is consistent in itself; TDs, pages and vCPUs may come and go
 * between two lines.
 */
#include <linux/debugfs.h>
#include <linux/init.h>

#include "misbehave.h"
#include "softtdx.h"

static int __init stx_debugfs_init(void)
{
	struct dentry *dir = debugfs_create_dir("softtdx", NULL);

	stx_module_debugfs(dir);
	stx_misbehave_debugfs(dir);
	stx_td_debugfs(dir);
	stx_selftest_debugfs(dir);
	stx_hash_debugfs(dir);
	return 0;
}
late_initcall(stx_debugfs_init);
