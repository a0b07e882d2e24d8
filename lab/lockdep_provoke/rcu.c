// SPDX-License-Identifier: GPL-2.0-only
/*
 * RCU, whose reports do not spend lockdep: so that one of them and another
 * report can be printed by two CPUs at the same time.
 */
#include "cases.h"

static int __rcu *sin_pointer;
static DEFINE_MUTEX(sin_near);
static DEFINE_MUTEX(sin_far);

static noinline int sin_read_unprotected(void)
{
	return rcu_dereference(sin_pointer) ? 1 : 0;
}

int sin_rcu(void)
{
	sin_read_unprotected();
	return 0;
}

static bool sin_ready, sin_go;

static noinline void sin_take_near_far(void)
{
	mutex_lock(&sin_near);
	mutex_lock(&sin_far);
	mutex_unlock(&sin_far);
	mutex_unlock(&sin_near);
}

/* As soon as the other has begun its report, close the circle. */
static int sin_close_circle(void *unused)
{
	mutex_lock(&sin_far);
	WRITE_ONCE(sin_ready, true);
	while (!READ_ONCE(sin_go))
		cpu_relax();
	mutex_lock(&sin_near);
	mutex_unlock(&sin_near);
	mutex_unlock(&sin_far);
	return 0;
}

static bool sin_let_go(void)
{
	WRITE_ONCE(sin_go, true);
	return true;
}

/* The condition is looked at when lockdep is known to be on. */
static noinline void sin_report_and_let_go(void)
{
	RCU_LOCKDEP_WARN(sin_let_go(), "A sin beside another");
}

int sin_circular_beside_rcu(void)
{
	struct task_struct *other;
	unsigned int cpu;

	sin_take_near_far();
	migrate_disable();
	cpu = cpumask_any_but(cpu_online_mask, smp_processor_id());
	if (cpu >= nr_cpu_ids) {
		migrate_enable();
		return -ENODEV;
	}
	other = kthread_create(sin_close_circle, NULL, "sinner");
	if (!IS_ERR(other)) {
		kthread_bind(other, cpu);
		wake_up_process(other);
		while (!READ_ONCE(sin_ready))
			cpu_relax();
		sin_report_and_let_go();
	}
	migrate_enable();
	return PTR_ERR_OR_ZERO(other);
}
