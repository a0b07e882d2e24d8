// SPDX-License-Identifier: GPL-2.0-only
/*
 * What softtdx holds, as text in /sys/kernel/debug/softtdx/.  Stable: a line is
 * a word and "name value" pairs separated by blanks, new pairs are added at a
 * line's end.
 *
 *   version	softtdx 2
 *   stats	leaf NAME nr N calls N errors N last STATUS injected N
 *		leaf unknown nr - calls N errors N last STATUS injected N
 *		pages REG N TDR N TDCX N TDVPR N EPT N NDA N RSVD N
 *		keyids FREE N RESERVED N ASSIGNED N FLUSHED N
 *   fail	rule N leaf NAME status STATUS nth N every N times N td PA
 *		seen N failed N own N REG X in_REG X
 *   forget	(written) PA
 *   lie		lie N kind NAME gpa X nth N times N byte N seen N told N own N
 *   tds	td PA keyid N life STATE op STATE vcpus N assoc N children N
 *		epoch N attributes X xfam X gpaw N added N extended N mrtd HEX
 *   vcpus	vcpu PA td PA index N x2apic N state STATE cpu N pages N epoch N
 *   sept	td PA gpaw N root_level N
 *		table gpa X level N state STATE page PA
 *		page gpa X level N state STATE page PA sha384 HEX
 *		... pamt TYPE owner PA
 *
 * Numbers are decimal; PA, STATUS and X hexadecimal with 0x; "-" stands for
 * what is not there.  TDs and vCPUs come newest first.
 *
 * stats: told counts the calls that a rule made fail.
 *
 * fail: a rule is written, one a write, as inject.c says.  A read shows all
 * rules; own is 1 for those that were written through the file that is read.
 * They are gone when it is closed.  REG X: each register that the rule gives;
 * in_REG X: each that the last call came with which it made fail, once there
 * was one.
 *
 * forget: takes the TDR of a TD that softtdx is to forget, see forget.c.
 *
 * lie: as fail, for lies, as misbehave.c says; gpa is "-" for a lie about any.
 *
 * tds: mrtd is the final value in a TD that is RUNNABLE, before that what it
 * would be if made final now.  added and extended count what entered MRTD:
 * pages by PAGE.ADD, 256-byte chunks by MR.EXTEND, 16 of them for a page that
 * is measured whole.
 *
 * vcpus: those of each TD that is not in TEARDOWN, when their pages go one by
 * one.  Index and x2apic are known once it is not UNINITIALIZED; cpu is the one
 * that it is associated with; epoch the TD's when it was last entered.
 *
 * sept: under the line of each TD the entries of its secure EPT that are not
 * FREE, a table before what is in it, else by gpa; none where gpaw is "-":
 * there is no secure EPT yet, or the TD is in TEARDOWN.  Levels are the ABI's,
 * those of the entry, 0 for 4 KiB.  sha384 is of the page as it is, whether the
 * guest can see it or not.  pamt and owner follow only where they disagree: the
 * page is not of the type that the entry says, or not this TD's.  It is not
 * hashed then, and not descended into.
 *
 * Each line is consistent in itself; TDs, pages and vCPUs may come and go
 * between two.
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
