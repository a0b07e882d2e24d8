// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/locksins/commit: write the name of a sin to have it
 * committed by the writer, once in a boot; read it for the names.
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "cases.h"

static struct sin {
	const char *name;
	int (*commit)(void);
	unsigned long committed;
} sins[] = {
#define SIN(name, function) { name, function, 0 },
#include "cases.def"
#undef SIN
};

static struct sin *sin_find(const char *name)
{
	struct sin *s;

	for (s = sins; s < sins + ARRAY_SIZE(sins); s++)
		if (sysfs_streq(name, s->name))
			return s;
	return NULL;
}

static ssize_t sin_write(struct file *file, const char __user *buf,
			 size_t count, loff_t *ppos)
{
	char name[64] = {};
	struct sin *s;
	int ret;

	if (count >= sizeof(name))
		return -EINVAL;
	if (copy_from_user(name, buf, count))
		return -EFAULT;
	s = sin_find(name);
	if (!s)
		return -EINVAL;
	if (test_and_set_bit(0, &s->committed))
		return -EALREADY;
	ret = s->commit();
	return ret ? ret : count;
}

static int sin_show(struct seq_file *m, void *v)
{
	struct sin *s;

	for (s = sins; s < sins + ARRAY_SIZE(sins); s++)
		seq_printf(m, "%s\n", s->name);
	return 0;
}

static int sin_open(struct inode *inode, struct file *file)
{
	return single_open(file, sin_show, NULL);
}

static const struct file_operations sin_fops = {
	.open		= sin_open,
	.read		= seq_read,
	.write		= sin_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

/* Unsafe: debugfs' own lock would be held in every report. */
static int __init sin_init(void)
{
	struct dentry *dir = debugfs_create_dir("locksins", NULL);

	debugfs_create_file_unsafe("commit", 0600, dir, NULL, &sin_fops);
	return 0;
}
late_initcall(sin_init);
