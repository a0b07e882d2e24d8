// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/lockdep_provoke/run: write the name of a case to run it,
 * once per boot, in the writing task; read the file for the names.
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "cases.h"

static struct provoke_case {
	const char *name;
	int (*run)(void);
	unsigned long done;
} cases[] = {
#define CASE(name, function) { name, function, 0 },
#include "cases.def"
#undef CASE
};

static struct provoke_case *find_case(const char *name)
{
	struct provoke_case *c;

	for (c = cases; c < cases + ARRAY_SIZE(cases); c++)
		if (sysfs_streq(name, c->name))
			return c;
	return NULL;
}

static ssize_t run_write(struct file *file, const char __user *buf,
			 size_t count, loff_t *ppos)
{
	char name[64] = {};
	struct provoke_case *c;
	int ret;

	if (count >= sizeof(name))
		return -EINVAL;
	if (copy_from_user(name, buf, count))
		return -EFAULT;
	c = find_case(name);
	if (!c)
		return -EINVAL;
	if (test_and_set_bit(0, &c->done))
		return -EALREADY;
	ret = c->run();
	return ret ? ret : count;
}

static int run_show(struct seq_file *m, void *v)
{
	struct provoke_case *c;

	for (c = cases; c < cases + ARRAY_SIZE(cases); c++)
		seq_printf(m, "%s\n", c->name);
	return 0;
}

static int run_open(struct inode *inode, struct file *file)
{
	return single_open(file, run_show, NULL);
}

static const struct file_operations run_fops = {
	.open		= run_open,
	.read		= seq_read,
	.write		= run_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

/* The safe variant would hold a lock of debugfs in every report. */
static int __init lockdep_provoke_init(void)
{
	struct dentry *dir = debugfs_create_dir("lockdep_provoke", NULL);

	debugfs_create_file_unsafe("run", 0600, dir, NULL, &run_fops);
	return 0;
}
late_initcall(lockdep_provoke_init);
