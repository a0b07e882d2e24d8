// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locks that are given back too often, too late or never.
 */
#include "cases.h"

static DEFINE_MUTEX(sin_nest);
static DEFINE_MUTEX(sin_nested);
static DEFINE_MUTEX(sin_never_taken);
static DEFINE_MUTEX(sin_kept);

int sin_nesting(void)
{
	mutex_lock_nest_lock(&sin_nested, &sin_nest);
	mutex_unlock(&sin_nested);
	return 0;
}

int sin_unlock_balance(void)
{
	mutex_unlock(&sin_never_taken);
	return 0;
}

/* Only lock statistics are interested in who waits. */
int sin_contention(void)
{
	if (!IS_ENABLED(CONFIG_LOCK_STAT))
		return -EOPNOTSUPP;
	lock_contended(&sin_never_taken.dep_map, _THIS_IP_);
	return 0;
}

struct sin_box {
	struct mutex lock;
};

int sin_held_lock_freed(void)
{
	struct sin_box *box = kzalloc(sizeof(*box), GFP_KERNEL);

	if (!box)
		return -ENOMEM;
	mutex_init(&box->lock);
	mutex_lock(&box->lock);
	kfree(box);
	return 0;
}

static int sin_take_and_end(void *unused)
{
	mutex_lock(&sin_kept);
	return 0;
}

/* A thread of the kernel: a program's would be caught on its way back to it. */
int sin_held_at_exit(void)
{
	struct task_struct *task;
	int i;

	task = kthread_run(sin_take_and_end, NULL, "sinner");
	if (IS_ERR(task))
		return PTR_ERR(task);
	for (i = 0; i < 200 && debug_locks; i++)
		msleep(10);
	return 0;
}

int sin_returning_to_user(void)
{
	mutex_lock(&sin_kept);
	return 0;
}
