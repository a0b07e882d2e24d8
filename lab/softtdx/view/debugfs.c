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
#include <linux/array_size.h>
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "misbehave.h"
#include "softtdx.h"

#define RULE_TEXT	512

static const struct {
	enum stx_page_type type;
	const char *name;
} stx_page_names[] = {
	{ PGT_REG, "REG" }, { PGT_TDR, "TDR" }, { PGT_TDCX, "TDCX" },
	{ PGT_TDVPR, "TDVPR" }, { PGT_EPT, "EPT" }, { PGT_NDA, "NDA" },
	{ PGT_RSVD, "RSVD" },
};

static const char * const stx_key_names[KEY_NR_STATES] = {
	[KEY_FREE] = "FREE",
	[KEY_RESERVED] = "RESERVED",
	[KEY_ASSIGNED] = "ASSIGNED",
	[KEY_FLUSHED] = "FLUSHED",
};

const char *stx_page_name(enum stx_page_type type)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(stx_page_names); i++)
		if (stx_page_names[i].type == type)
			return stx_page_names[i].name;
	return "-";
}

static int version_show(struct seq_file *m, void *v)
{
	seq_printf(m, "softtdx %d\n", STX_VERSION);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(version);

static void stx_leaf_print(struct seq_file *m, unsigned int nr)
{
	struct stx_leaf_stats s;

	stx_leaf_stats(nr, &s);
	if (nr < STX_NR_LEAVES)
		seq_printf(m, "leaf %s nr %u", stx_leaf(nr)->name, nr);
	else
		seq_puts(m, "leaf unknown nr -");
	seq_printf(m, " calls %llu errors %llu last %#llx injected %llu\n",
		   s.calls, s.errors, s.last, s.injected);
}

/* Counted at one moment, so that their sums are what they must be. */
static void stx_totals_print(struct seq_file *m)
{
	u64 pages[ARRAY_SIZE(stx_page_names)], keys[KEY_NR_STATES];
	unsigned long flags;
	unsigned int i;

	stx_lock(&flags);
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		pages[i] = stx_page_count(stx_page_names[i].type);
	for (i = 0; i < KEY_NR_STATES; i++)
		keys[i] = stx_key_count(i);
	stx_unlock(flags);

	seq_puts(m, "pages");
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		seq_printf(m, " %s %llu", stx_page_names[i].name, pages[i]);
	seq_puts(m, "\nkeyids");
	for (i = 0; i < KEY_NR_STATES; i++)
		seq_printf(m, " %s %llu", stx_key_names[i], keys[i]);
	seq_putc(m, '\n');
}

static int stats_show(struct seq_file *m, void *v)
{
	unsigned int i;

	for (i = 0; i <= STX_NR_LEAVES; i++)
		if (i == STX_NR_LEAVES || stx_leaf(i))
			stx_leaf_print(m, i);
	stx_totals_print(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

static void stx_inject_registers_print(struct seq_file *m,
				     const struct stx_inject *r)
{
	unsigned int i;

	for (i = 0; i < STX_NR_REGS; i++)
		if (r->given & BIT(i))
			seq_printf(m, " %s %#llx", stx_reg_name(i), r->out[i]);
	for (i = 0; i < STX_NR_REGS; i++)
		if (r->failed && stx_reg_name(i))
			seq_printf(m, " in_%s %#llx", stx_reg_name(i),
				   r->in[i]);
	seq_putc(m, '\n');
}

static int inject_show(struct seq_file *m, void *v)
{
	struct stx_inject r = {};

	while (stx_inject_after(r.id, &r)) {
		seq_printf(m, "rule %llu leaf %s status %#llx nth %llu every %llu times %llu td ",
			   r.id, r.leaf->name, r.status, r.nth, r.every,
			   r.times);
		if (r.td)
			seq_printf(m, "%#llx", r.td);
		else
			seq_putc(m, '-');
		seq_printf(m, " seen %llu failed %llu own %d", r.seen,
			   r.failed, r.owner == m->private);
		stx_inject_registers_print(m, &r);
	}
	return 0;
}

static int inject_open(struct inode *inode, struct file *file)
{
	return single_open(file, inject_show, file);
}

int stx_text_from_user(char *text, size_t room, const char __user *from,
		       size_t size)
{
	if (!size || size >= room)
		return -EINVAL;
	if (copy_from_user(text, from, size))
		return -EFAULT;
	text[size] = '\0';
	if (strlen(text) != size)
		return -EINVAL;
	strim(text);
	return 0;
}

static ssize_t inject_write(struct file *file, const char __user *from,
			  size_t size, loff_t *pos)
{
	struct stx_inject rule;
	const char *bad = "";
	char text[RULE_TEXT];
	int ret;

	ret = stx_text_from_user(text, sizeof(text), from, size);
	if (ret)
		return ret;
	ret = stx_inject_parse(text, &rule, &bad);
	if (ret) {
		pr_info("softtdx: fail: %s: no such word here, or no good value\n",
			bad);
		return ret;
	}
	rule.owner = file;
	return stx_inject_add(&rule) ?: size;
}

static int inject_release(struct inode *inode, struct file *file)
{
	stx_injects_drop(file);
	return single_release(inode, file);
}

static const struct file_operations inject_fops = {
	.owner = THIS_MODULE,
	.open = inject_open,
	.read = seq_read,
	.write = inject_write,
	.llseek = seq_lseek,
	.release = inject_release,
};

static int forget_set(void *data, u64 pa)
{
	return stx_td_forget(pa) ? 0 : -ENOENT;
}
DEFINE_DEBUGFS_ATTRIBUTE(forget_fops, NULL, forget_set, "%llu\n");

static int __init stx_debugfs_init(void)
{
	struct dentry *dir = debugfs_create_dir("softtdx", NULL);

	debugfs_create_file("version", 0444, dir, NULL, &version_fops);
	debugfs_create_file("stats", 0444, dir, NULL, &stats_fops);
	debugfs_create_file("inject", 0600, dir, NULL, &inject_fops);
	debugfs_create_file("forget", 0200, dir, NULL, &forget_fops);
	stx_misbehave_debugfs(dir);
	stx_debugfs_td(dir);
	stx_selftest_debugfs(dir);
	stx_bench_debugfs(dir);
	return 0;
}
late_initcall(stx_debugfs_init);
