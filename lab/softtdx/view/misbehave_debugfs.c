// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/softtdx/misbehave: each write adds one misbehaviour
 * (misbehave/misbehave.c), which ends when the file is closed.  A read shows
 * all of them.
 */
#include <linux/debugfs.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "misbehave.h"

#define MISBEHAVE_TEXT	128

static int misbehave_show(struct seq_file *m, void *v)
{
	struct stx_misbehave l = {};

	while (stx_misbehave_after(l.id, &l)) {
		seq_printf(m, "misbehave %llu kind %s gpa ", l.id,
			   stx_misbehave_name(l.kind));
		if (l.gpa == STX_ANY_GPA)
			seq_putc(m, '-');
		else
			seq_printf(m, "%#llx", l.gpa);
		seq_printf(m, " nth %llu times %llu byte %llu seen %llu done %llu own %d\n",
			   l.nth, l.times, l.byte, l.seen, l.done,
			   l.owner == m->private);
	}
	return 0;
}

static int misbehave_open(struct inode *inode, struct file *file)
{
	return single_open(file, misbehave_show, file);
}

static ssize_t misbehave_write(struct file *file, const char __user *from,
			 size_t size, loff_t *pos)
{
	const char *bad = "";
	char text[MISBEHAVE_TEXT];
	struct stx_misbehave m;
	int ret;

	ret = stx_text_from_user(text, sizeof(text), from, size);
	if (ret)
		return ret;
	ret = stx_misbehave_parse(text, &m, &bad);
	if (ret) {
		pr_info("softtdx: misbehave: %s: no such word here, or no good value\n",
			bad);
		return ret;
	}
	m.owner = file;
	ret = stx_misbehave_add(&m);
	if (!ret)
		pr_warn("softtdx: misbehaves as asked: %s\n", stx_misbehave_name(m.kind));
	return ret ?: size;
}

static int misbehave_release(struct inode *inode, struct file *file)
{
	stx_misbehaves_drop(file);
	return single_release(inode, file);
}

static const struct file_operations misbehave_fops = {
	.owner = THIS_MODULE,
	.open = misbehave_open,
	.read = seq_read,
	.write = misbehave_write,
	.llseek = seq_lseek,
	.release = misbehave_release,
};

void stx_misbehave_debugfs(struct dentry *dir)
{
	debugfs_create_file("misbehave", 0600, dir, NULL, &misbehave_fops);
}
