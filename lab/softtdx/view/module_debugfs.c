// SPDX-License-Identifier: GPL-2.0-only
/*
 * The debugfs files about the module as a whole: version, stats, inject and
 * forget.  ../debugfs.c has their format.
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

static const enum stx_page_type stx_counted[] = {
	PGT_REG, PGT_TDR, PGT_TDCX, PGT_TDVPR, PGT_EPT, PGT_NDA, PGT_RSVD,
};

static const char * const stx_key_names[KEY_NR_STATES] = {
	[KEY_FREE] = "FREE",
	[KEY_RESERVED] = "RESERVED",
	[KEY_ASSIGNED] = "ASSIGNED",
	[KEY_FLUSHED] = "FLUSHED",
};

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

/* Counted at one moment, so that their sums are right. */
static void stx_totals_print(struct seq_file *m)
{
	u64 pages[ARRAY_SIZE(stx_counted)], keys[KEY_NR_STATES];
	unsigned long flags;
	unsigned int i;

	stx_lock(&flags);
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		pages[i] = stx_page_count(stx_counted[i]);
	for (i = 0; i < KEY_NR_STATES; i++)
		keys[i] = stx_key_count(i);
	stx_unlock(flags);

	seq_puts(m, "pages");
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		seq_printf(m, " %s %llu", stx_page_name(stx_counted[i]),
			   pages[i]);
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
		pr_info("softtdx: inject: %s: no such word here, or no good value\n",
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

void stx_module_debugfs(struct dentry *dir)
{
	debugfs_create_file("version", 0444, dir, NULL, &version_fops);
	debugfs_create_file("stats", 0444, dir, NULL, &stats_fops);
	debugfs_create_file("inject", 0600, dir, NULL, &inject_fops);
	debugfs_create_file("forget", 0200, dir, NULL, &forget_fops);
}
