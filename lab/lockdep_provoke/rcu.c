// SPDX-License-Identifier: GPL-2.0-only
/*
 * RCU, whose reports do not spend lockdep: so that one of them and another
 * report can be printed by two CPUs at the same time.
 */
#include "cases.h"

static int __rcu *case_pointer;
static DEFINE_MUTEX(case_near);
static DEFINE_MUTEX(case_far);

static noinline int case_read_unprotected(void)
{
	return rcu_dereference(case_pointer) ? 1 : 0;
}

int case_rcu(void)
{
	case_read_unprotected();
	return 0;
}

static bool case_ready, case_go;

static noinline void case_take_near_far(void)
{
	mutex_lock(&case_near);
	mutex_lock(&case_far);
	mutex_unlock(&case_far);
	mutex_unlock(&case_near);
}

/* As soon as the other has begun its report, close the circle. */
static int case_close_circle(void *unused)
{
	mutex_lock(&case_far);
	WRITE_ONCE(case_ready, true);
	while (!READ_ONCE(case_go))
		cpu_relax();
	mutex_lock(&case_near);
	mutex_unlock(&case_near);
	mutex_unlock(&case_far);
	return 0;
}

static bool case_let_go(void)
{
	WRITE_ONCE(case_go, true);
	return true;
}

/* The condition is looked at when lockdep is known to be on. */
static noinline void case_report_and_let_go(void)
{
	RCU_LOCKDEP_WARN(case_let_go(), "A case beside another");
}

int case_circular_beside_rcu(void)
{
	struct task_struct *other;
	unsigned int cpu;

	case_take_near_far();
	migrate_disable();
	cpu = cpumask_any_but(cpu_online_mask, smp_processor_id());
	if (cpu >= nr_cpu_ids) {
		migrate_enable();
		return -ENODEV;
	}
	other = kthread_create(case_close_circle, NULL, "lockdep_case");
	if (!IS_ERR(other)) {
		kthread_bind(other, cpu);
		wake_up_process(other);
		while (!READ_ONCE(case_ready))
			cpu_relax();
		case_report_and_let_go();
	}
	migrate_enable();
	return PTR_ERR_OR_ZERO(other);
}
