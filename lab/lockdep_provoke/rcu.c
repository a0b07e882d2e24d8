// SPDX-License-Identifier: GPL-2.0-only
/*
 * RCU. Its reports do not turn lockdep off, so two CPUs can print one of them
 * and another report at the same time.
 */
#include "cases.h"

static int __rcu *unprotected;
static DEFINE_MUTEX(first_lock);
static DEFINE_MUTEX(second_lock);

static noinline int read_unprotected(void)
{
	return rcu_dereference(unprotected) ? 1 : 0;
}

int case_rcu(void)
{
	read_unprotected();
	return 0;
}

static bool thread_ready, thread_go;

static noinline void take_first_then_second(void)
{
	mutex_lock(&first_lock);
	mutex_lock(&second_lock);
	mutex_unlock(&second_lock);
	mutex_unlock(&first_lock);
}

/* Close the cycle as soon as the other CPU has begun its report. */
static int take_second_then_first(void *unused)
{
	mutex_lock(&second_lock);
	WRITE_ONCE(thread_ready, true);
	while (!READ_ONCE(thread_go))
		cpu_relax();
	mutex_lock(&first_lock);
	mutex_unlock(&first_lock);
	mutex_unlock(&second_lock);
	return 0;
}

static bool let_thread_go(void)
{
	WRITE_ONCE(thread_go, true);
	return true;
}

/* The condition is evaluated only while lockdep is on. */
static noinline void report_and_let_thread_go(void)
{
	RCU_LOCKDEP_WARN(let_thread_go(), "A case beside another");
}

int case_circular_beside_rcu(void)
{
	struct task_struct *other;
	unsigned int cpu;

	take_first_then_second();
	migrate_disable();
	cpu = cpumask_any_but(cpu_online_mask, smp_processor_id());
	if (cpu >= nr_cpu_ids) {
		migrate_enable();
		return -ENODEV;
	}
	other = kthread_create(take_second_then_first, NULL, "lockdep_case");
	if (!IS_ERR(other)) {
		kthread_bind(other, cpu);
		wake_up_process(other);
		while (!READ_ONCE(thread_ready))
			cpu_relax();
		report_and_let_thread_go();
	}
	migrate_enable();
	return PTR_ERR_OR_ZERO(other);
}
