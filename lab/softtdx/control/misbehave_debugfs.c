// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/softtdx/lie: what softtdx is told to lie about (lie.c), one
 * lie a write, gone when the file is closed.  A read shows all of them.
 */
#include <linux/debugfs.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "misbehave.h"

#define LIE_TEXT	128

static int lie_show(struct seq_file *m, void *v)
{
	struct stx_lie l = {};

	while (stx_lie_after(l.id, &l)) {
		seq_printf(m, "lie %llu kind %s gpa ", l.id,
			   stx_lie_name(l.kind));
		if (l.gpa == STX_ANY_GPA)
			seq_putc(m, '-');
		else
			seq_printf(m, "%#llx", l.gpa);
		seq_printf(m, " nth %llu times %llu byte %llu seen %llu told %llu own %d\n",
			   l.nth, l.times, l.byte, l.seen, l.told,
			   l.owner == m->private);
	}
	return 0;
}

static int lie_open(struct inode *inode, struct file *file)
{
	return single_open(file, lie_show, file);
}

static ssize_t lie_write(struct file *file, const char __user *from,
			 size_t size, loff_t *pos)
{
	const char *bad = "";
	char text[LIE_TEXT];
	struct stx_lie lie;
	int ret;

	ret = stx_text_from_user(text, sizeof(text), from, size);
	if (ret)
		return ret;
	ret = stx_lie_parse(text, &lie, &bad);
	if (ret) {
		pr_info("softtdx: lie: %s: no such word here, or no good value\n",
			bad);
		return ret;
	}
	lie.owner = file;
	ret = stx_lie_add(&lie);
	if (!ret)
		pr_warn("softtdx: told to lie: %s\n", stx_lie_name(lie.kind));
	return ret ?: size;
}

static int lie_release(struct inode *inode, struct file *file)
{
	stx_lies_drop(file);
	return single_release(inode, file);
}

static const struct file_operations lie_fops = {
	.owner = THIS_MODULE,
	.open = lie_open,
	.read = seq_read,
	.write = lie_write,
	.llseek = seq_lseek,
	.release = lie_release,
};

void stx_lie_debugfs(struct dentry *dir)
{
	debugfs_create_file("lie", 0600, dir, NULL, &lie_fops);
}
