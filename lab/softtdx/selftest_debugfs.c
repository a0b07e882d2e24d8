// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/softtdx/rules: what the leaves ask (ask.h), one line each:
 *
 *	rule NAME on|off at ready|boot
 *
 * NAME is LEAF:RULE.  A write of "off NAME", "on NAME" or "on all" switches.
 * "at boot": a rule that only matters until the module is ready (or would end
 * it), so that nothing can be seen of it here.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "softtdx.h"

#define WORDS_MAX	64

static int rules_show(struct seq_file *m, void *v)
{
	struct stx_ask_view rule;
	unsigned int n;

	for (n = 0; stx_ask_nth(n, &rule); n++)
		seq_printf(m, "rule %s:%s %s at %s\n", rule.leaf->name,
			   rule.name, rule.off ? "off" : "on",
			   rule.at_boot ? "boot" : "ready");
	return 0;
}

static int rules_open(struct inode *inode, struct file *file)
{
	return single_open(file, rules_show, NULL);
}

static ssize_t rules_write(struct file *file, const char __user *buf,
			   size_t len, loff_t *pos)
{
	char words[WORDS_MAX], *verb, *name = words;

	if (len >= sizeof(words))
		return -EINVAL;
	if (copy_from_user(words, buf, len))
		return -EFAULT;
	words[len] = '\0';

	name = strim(words);
	verb = strsep(&name, " ");
	if (name && ((!strcmp(verb, "off") && stx_ask_switch(name, true)) ||
		     (!strcmp(verb, "on") && stx_ask_switch(name, false))))
		return len;
	return -EINVAL;
}

static const struct file_operations rules_fops = {
	.owner = THIS_MODULE,
	.open = rules_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
	.write = rules_write,
};

void stx_selftest_debugfs(struct dentry *dir)
{
	debugfs_create_file("rules", 0644, dir, NULL, &rules_fops);
}
