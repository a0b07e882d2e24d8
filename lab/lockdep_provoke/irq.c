// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locks and interrupts. These are real ones: a raw spinlock in a hardirq that
 * this CPU sends to itself, and a spinlock in the softirq of a timer. The
 * interrupt comes while the task runs, so that the report names the task.
 */
#include "cases.h"

static DEFINE_RAW_SPINLOCK(hard_lock_a);
static DEFINE_RAW_SPINLOCK(hard_lock_b);
static DEFINE_SPINLOCK(soft_lock_a);
static DEFINE_SPINLOCK(soft_lock_b);

static void take_a_in_hardirq(struct irq_work *work)
{
	raw_spin_lock(&hard_lock_a);
	raw_spin_unlock(&hard_lock_a);
}

static struct irq_work hardirq_work = IRQ_WORK_INIT_HARD(take_a_in_hardirq);

static void run_hardirq(void)
{
	irq_work_queue(&hardirq_work);
	irq_work_sync(&hardirq_work);
}

static void take_a_in_softirq(struct timer_list *timer)
{
	spin_lock(&soft_lock_a);
	spin_unlock(&soft_lock_a);
}

static DEFINE_TIMER(softirq_timer, take_a_in_softirq);

static void run_softirq(void)
{
	mod_timer(&softirq_timer, jiffies + 1);
	while (timer_pending(&softirq_timer))
		cpu_relax();
	timer_delete_sync(&softirq_timer);
}

int case_inconsistent_hardirq(void)
{
	run_hardirq();
	raw_spin_lock(&hard_lock_a);
	raw_spin_unlock(&hard_lock_a);
	return 0;
}

int case_inconsistent_softirq(void)
{
	run_softirq();
	spin_lock(&soft_lock_a);
	spin_unlock(&soft_lock_a);
	return 0;
}

static noinline void take_hard_b(void)
{
	raw_spin_lock(&hard_lock_b);
	raw_spin_unlock(&hard_lock_b);
}

static noinline void take_hard_a_then_b(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&hard_lock_a, flags);
	take_hard_b();
	raw_spin_unlock_irqrestore(&hard_lock_a, flags);
}

int case_unsafe_order_hardirq(void)
{
	run_hardirq();
	take_hard_b();
	take_hard_a_then_b();
	return 0;
}

static noinline void take_soft_b(void)
{
	spin_lock(&soft_lock_b);
	spin_unlock(&soft_lock_b);
}

int case_unsafe_order_softirq(void)
{
	run_softirq();
	take_soft_b();
	spin_lock_bh(&soft_lock_a);
	take_soft_b();
	spin_unlock_bh(&soft_lock_a);
	return 0;
}

int case_irq_inversion(void)
{
	take_hard_b();
	take_hard_a_then_b();
	run_hardirq();
	return 0;
}

/*
 * With PREEMPT_RT a spinlock sleeps, so it must not be taken under a raw one.
 */
int case_wait_context(void)
{
	raw_spin_lock(&hard_lock_a);
	spin_lock(&soft_lock_a);
	spin_unlock(&soft_lock_a);
	raw_spin_unlock(&hard_lock_a);
	return 0;
}
