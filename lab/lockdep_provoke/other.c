// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reports that are not about the order of locks: lockdep misused or turned off,
 * a task that hangs with a lock held, and reports without any lock.
 */
#include <linux/panic.h>

#include "cases.h"

struct unregistered_lock {
	struct mutex lock;
};

/* A mutex that works, but has no lock class. */
int case_non_static_key(void)
{
	struct unregistered_lock *u = kzalloc(sizeof(*u), GFP_KERNEL);

	if (!u)
		return -ENOMEM;
	mutex_init(&u->lock);
	memset(&u->lock.dep_map, 0, sizeof(u->lock.dep_map));
	mutex_lock(&u->lock);
	mutex_unlock(&u->lock);
	return 0;
}

int case_lockdep_off(void)
{
	add_taint(TAINT_USER, LOCKDEP_NOW_UNRELIABLE);
	debug_show_held_locks(current);
	return 0;
}

static DEFINE_MUTEX(awaited_lock);
static DEFINE_MUTEX(waiters_lock);

static int hold_forever(void *unused)
{
	mutex_lock(&awaited_lock);
	for (;;)
		schedule_timeout_idle(MAX_SCHEDULE_TIMEOUT);
	return 0;
}

static int wait_for_lock(void *unused)
{
	mutex_lock(&waiters_lock);
	mutex_lock(&awaited_lock);
	return 0;
}

/* Needs kernel.hung_task_timeout_secs=1. */
int case_hung_task(void)
{
	struct task_struct *task;

	task = kthread_run(hold_forever, NULL, "holder");
	if (IS_ERR(task))
		return PTR_ERR(task);
	msleep(20);
	task = kthread_run(wait_for_lock, NULL, "waiter");
	if (IS_ERR(task))
		return PTR_ERR(task);
	msleep_interruptible(3000);
	return 0;
}

int case_warn(void)
{
	WARN(1, "a case without a lock\n");
	return 0;
}

int case_oops(void)
{
	int *nowhere = NULL;

	OPTIMIZER_HIDE_VAR(nowhere);
	return READ_ONCE(*nowhere);
}
