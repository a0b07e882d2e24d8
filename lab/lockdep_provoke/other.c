// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is no fault in the order of locks: lockdep misused or given up, a task
 * that hangs with a lock held, and reports that have nothing to do with locks.
 */
#include <linux/panic.h>

#include "cases.h"

struct case_unborn {
	struct mutex lock;
};

/* A mutex that works, but lockdep was never told of. */
int case_non_static_key(void)
{
	struct case_unborn *u = kzalloc(sizeof(*u), GFP_KERNEL);

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

static DEFINE_MUTEX(case_waited_for);
static DEFINE_MUTEX(case_held_meanwhile);

static int case_sit_on_lock(void *unused)
{
	mutex_lock(&case_waited_for);
	for (;;)
		schedule_timeout_idle(MAX_SCHEDULE_TIMEOUT);
	return 0;
}

static int case_wait_for_lock(void *unused)
{
	mutex_lock(&case_held_meanwhile);
	mutex_lock(&case_waited_for);
	return 0;
}

/* Found by whoever has set kernel.hung_task_timeout_secs to 1. */
int case_hung_task(void)
{
	struct task_struct *task;

	task = kthread_run(case_sit_on_lock, NULL, "sitter");
	if (IS_ERR(task))
		return PTR_ERR(task);
	msleep(20);
	task = kthread_run(case_wait_for_lock, NULL, "waiter");
	if (IS_ERR(task))
		return PTR_ERR(task);
	msleep_interruptible(3000);
	return 0;
}

int case_warn(void)
{
	WARN(1, "a case that is no lock's\n");
	return 0;
}

int case_oops(void)
{
	int *nowhere = NULL;

	OPTIMIZER_HIDE_VAR(nowhere);
	return READ_ONCE(*nowhere);
}
