// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two files in /sys/kernel/debug/softtdx/.
 *
 *   checks	rule NAME on|off at ready|boot
 *   selftest	selftest cases N failed N ns N
 *		failed PART LEAF on SITUATION: WHAT: got X, wanted Y
 *
 * checks: the checks of the leaves (checks.h); NAME is LEAF:CHECK.  A write of
 * "off NAME", "on NAME" or "on all" switches.  "at boot": a check that only
 * matters until the module is ready, or of a leaf that ends it, so that the
 * self-test cannot cover it here.
 *
 * selftest: a write of "all" runs it (selftest.h), "stop" runs it up to the
 * first part in which a case fails.  A read gives the result of the last run: a
 * line for each case that failed, as far as there is room.  -EBUSY while it
 * runs, and a write also as long as there are TDs or injections.
 */
#include <linux/bitops.h>
#include <linux/debugfs.h>
#include <linux/ktime.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "selftest.h"

#define WORDS_MAX	64
#define TEXT_MAX	SZ_64K

static unsigned long stx_selftest_busy;
static char *stx_selftest_text;		/* of the last run */
static unsigned int stx_selftest_cases, stx_selftest_failed;
static u64 stx_selftest_ns;

static int checks_show(struct seq_file *m, void *v)
{
	struct stx_check_view rule = {};

	while (stx_check_next(&rule))
		seq_printf(m, "rule %s:%s %s at %s\n", rule.leaf->name,
			   rule.name, rule.off ? "off" : "on",
			   rule.at_boot ? "boot" : "ready");
	return 0;
}

static int checks_open(struct inode *inode, struct file *file)
{
	return single_open(file, checks_show, NULL);
}

static ssize_t checks_write(struct file *file, const char __user *buf,
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
	if (name && ((!strcmp(verb, "off") && stx_check_switch(name, true)) ||
		     (!strcmp(verb, "on") && stx_check_switch(name, false))))
		return len;
	return -EINVAL;
}

static const struct file_operations checks_fops = {
	.owner = THIS_MODULE,
	.open = checks_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
	.write = checks_write,
};

static void stx_selftest_keep(struct st *t, u64 ns)
{
	kvfree(stx_selftest_text);
	stx_selftest_text = t->text;
	stx_selftest_cases = t->cases;
	stx_selftest_failed = t->failed;
	stx_selftest_ns = ns;
	pr_info("softtdx: self-test: %u cases, %u failed, %llu ms\n", t->cases,
		t->failed, ns / NSEC_PER_MSEC);
}

static int stx_selftest(bool stop)
{
	struct st *t = kvzalloc(sizeof(*t), GFP_KERNEL);
	u64 start = ktime_get_ns();
	int err = -ENOMEM;

	if (!t)
		return err;
	t->text = kvzalloc(TEXT_MAX, GFP_KERNEL);
	t->size = TEXT_MAX;
	t->more = st_two_cpus;
	t->stop = stop;
	if (t->text)
		err = st_run(t);
	if (!err)
		stx_selftest_keep(t, ktime_get_ns() - start);
	else if (t->text)
		pr_info("softtdx: self-test: %s", t->text);
	if (err)
		kvfree(t->text);
	kvfree(t);
	return err;
}

static ssize_t selftest_write(struct file *file, const char __user *buf,
			      size_t len, loff_t *pos)
{
	char word[8];
	bool stop;
	int err;

	if (len >= sizeof(word))
		return -EINVAL;
	if (copy_from_user(word, buf, len))
		return -EFAULT;
	word[len] = '\0';
	stop = !strcmp(strim(word), "stop");
	if (!stop && strcmp(strim(word), "all"))
		return -EINVAL;

	if (test_and_set_bit_lock(0, &stx_selftest_busy))
		return -EBUSY;
	err = stx_selftest(stop);
	clear_bit_unlock(0, &stx_selftest_busy);
	return err ?: len;
}

static int selftest_show(struct seq_file *m, void *v)
{
	if (test_and_set_bit_lock(0, &stx_selftest_busy))
		return -EBUSY;
	if (stx_selftest_text)
		seq_printf(m, "selftest cases %u failed %u ns %llu\n%s",
			   stx_selftest_cases, stx_selftest_failed,
			   stx_selftest_ns, stx_selftest_text);
	clear_bit_unlock(0, &stx_selftest_busy);
	return 0;
}

static int selftest_open(struct inode *inode, struct file *file)
{
	return single_open(file, selftest_show, NULL);
}

static const struct file_operations selftest_fops = {
	.owner = THIS_MODULE,
	.open = selftest_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
	.write = selftest_write,
};

void stx_selftest_debugfs(struct dentry *dir)
{
	debugfs_create_file("checks", 0644, dir, NULL, &checks_fops);
	debugfs_create_file("selftest", 0600, dir, NULL, &selftest_fops);
}
