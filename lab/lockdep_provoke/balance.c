// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locks that are released too often, too late or never.
 */
#include "cases.h"

static DEFINE_MUTEX(outer_lock);
static DEFINE_MUTEX(inner_lock);
static DEFINE_MUTEX(never_taken_lock);
static DEFINE_MUTEX(kept_lock);

int case_nesting(void)
{
	mutex_lock_nest_lock(&inner_lock, &outer_lock);
	mutex_unlock(&inner_lock);
	return 0;
}

int case_unlock_balance(void)
{
	mutex_unlock(&never_taken_lock);
	return 0;
}

/* lockdep checks contention only with lock statistics. */
int case_contention(void)
{
	if (!IS_ENABLED(CONFIG_LOCK_STAT))
		return -EOPNOTSUPP;
	lock_contended(&never_taken_lock.dep_map, _THIS_IP_);
	return 0;
}

struct lock_box {
	struct mutex lock;
};

int case_held_lock_freed(void)
{
	struct lock_box *box = kzalloc(sizeof(*box), GFP_KERNEL);

	if (!box)
		return -ENOMEM;
	mutex_init(&box->lock);
	mutex_lock(&box->lock);
	kfree(box);
	return 0;
}

static int take_and_exit(void *unused)
{
	mutex_lock(&kept_lock);
	return 0;
}

/*
 * In a kernel thread: in a program's thread lockdep would report the lock on
 * return to user space.
 */
int case_held_at_exit(void)
{
	struct task_struct *task;
	int i;

	task = kthread_run(take_and_exit, NULL, "lockdep_case");
	if (IS_ERR(task))
		return PTR_ERR(task);
	for (i = 0; i < 200 && debug_locks; i++)
		msleep(10);
	return 0;
}

int case_returning_to_user(void)
{
	mutex_lock(&kept_lock);
	return 0;
}
