// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/lockdep_provoke/run: write the name of a case to have it
 * done by the writer, once in a boot; read it for the names.
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

static struct provoke_case *case_find(const char *name)
{
	struct provoke_case *s;

	for (s = cases; s < cases + ARRAY_SIZE(cases); s++)
		if (sysfs_streq(name, s->name))
			return s;
	return NULL;
}

static ssize_t case_write(struct file *file, const char __user *buf,
			 size_t count, loff_t *ppos)
{
	char name[64] = {};
	struct provoke_case *s;
	int ret;

	if (count >= sizeof(name))
		return -EINVAL;
	if (copy_from_user(name, buf, count))
		return -EFAULT;
	s = case_find(name);
	if (!s)
		return -EINVAL;
	if (test_and_set_bit(0, &s->done))
		return -EALREADY;
	ret = s->run();
	return ret ? ret : count;
}

static int case_show(struct seq_file *m, void *v)
{
	struct provoke_case *s;

	for (s = cases; s < cases + ARRAY_SIZE(cases); s++)
		seq_printf(m, "%s\n", s->name);
	return 0;
}

static int case_open(struct inode *inode, struct file *file)
{
	return single_open(file, case_show, NULL);
}

static const struct file_operations case_fops = {
	.open		= case_open,
	.read		= seq_read,
	.write		= case_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

/* Unsafe: debugfs' own lock would be held in every report. */
static int __init case_init(void)
{
	struct dentry *dir = debugfs_create_dir("lockdep_provoke", NULL);

	debugfs_create_file_unsafe("run", 0600, dir, NULL, &case_fops);
	return 0;
}
late_initcall(case_init);
