// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locks that are given back too often, too late or never.
 */
#include "cases.h"

static DEFINE_MUTEX(case_nest);
static DEFINE_MUTEX(case_nested);
static DEFINE_MUTEX(case_never_taken);
static DEFINE_MUTEX(case_kept);

int case_nesting(void)
{
	mutex_lock_nest_lock(&case_nested, &case_nest);
	mutex_unlock(&case_nested);
	return 0;
}

int case_unlock_balance(void)
{
	mutex_unlock(&case_never_taken);
	return 0;
}

/* Only lock statistics are interested in who waits. */
int case_contention(void)
{
	if (!IS_ENABLED(CONFIG_LOCK_STAT))
		return -EOPNOTSUPP;
	lock_contended(&case_never_taken.dep_map, _THIS_IP_);
	return 0;
}

struct case_box {
	struct mutex lock;
};

int case_held_lock_freed(void)
{
	struct case_box *box = kzalloc(sizeof(*box), GFP_KERNEL);

	if (!box)
		return -ENOMEM;
	mutex_init(&box->lock);
	mutex_lock(&box->lock);
	kfree(box);
	return 0;
}

static int case_take_and_end(void *unused)
{
	mutex_lock(&case_kept);
	return 0;
}

/* A thread of the kernel: a program's would be caught on its way back to it. */
int case_held_at_exit(void)
{
	struct task_struct *task;
	int i;

	task = kthread_run(case_take_and_end, NULL, "lockdep_case");
	if (IS_ERR(task))
		return PTR_ERR(task);
	for (i = 0; i < 200 && debug_locks; i++)
		msleep(10);
	return 0;
}

int case_returning_to_user(void)
{
	mutex_lock(&case_kept);
	return 0;
}
