// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locks and interrupts. In real ones: a raw spinlock in a hard interrupt that
 * this CPU sends to itself, a spinlock in the softirq of a timer. The interrupt
 * comes while the task runs, so that the report has its name.
 */
#include "cases.h"

static DEFINE_RAW_SPINLOCK(case_hard_a);
static DEFINE_RAW_SPINLOCK(case_hard_b);
static DEFINE_SPINLOCK(case_soft_a);
static DEFINE_SPINLOCK(case_soft_b);

static void case_in_hardirq(struct irq_work *work)
{
	raw_spin_lock(&case_hard_a);
	raw_spin_unlock(&case_hard_a);
}

static struct irq_work case_irq = IRQ_WORK_INIT_HARD(case_in_hardirq);

static void case_interrupt(void)
{
	irq_work_queue(&case_irq);
	irq_work_sync(&case_irq);
}

static void case_in_softirq(struct timer_list *timer)
{
	spin_lock(&case_soft_a);
	spin_unlock(&case_soft_a);
}

static DEFINE_TIMER(case_timer, case_in_softirq);

static void case_soft_interrupt(void)
{
	mod_timer(&case_timer, jiffies + 1);
	while (timer_pending(&case_timer))
		cpu_relax();
	timer_delete_sync(&case_timer);
}

int case_inconsistent_hardirq(void)
{
	case_interrupt();
	raw_spin_lock(&case_hard_a);
	raw_spin_unlock(&case_hard_a);
	return 0;
}

int case_inconsistent_softirq(void)
{
	case_soft_interrupt();
	spin_lock(&case_soft_a);
	spin_unlock(&case_soft_a);
	return 0;
}

static noinline void case_take_hard_b(void)
{
	raw_spin_lock(&case_hard_b);
	raw_spin_unlock(&case_hard_b);
}

static noinline void case_take_hard_ab(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&case_hard_a, flags);
	case_take_hard_b();
	raw_spin_unlock_irqrestore(&case_hard_a, flags);
}

int case_unsafe_order_hardirq(void)
{
	case_interrupt();
	case_take_hard_b();
	case_take_hard_ab();
	return 0;
}

static noinline void case_take_soft_b(void)
{
	spin_lock(&case_soft_b);
	spin_unlock(&case_soft_b);
}

int case_unsafe_order_softirq(void)
{
	case_soft_interrupt();
	case_take_soft_b();
	spin_lock_bh(&case_soft_a);
	case_take_soft_b();
	spin_unlock_bh(&case_soft_a);
	return 0;
}

int case_irq_inversion(void)
{
	case_take_hard_b();
	case_take_hard_ab();
	case_interrupt();
	return 0;
}

/* Where a spinlock sleeps, it cannot be taken under a raw one. */
int case_wait_context(void)
{
	raw_spin_lock(&case_hard_a);
	spin_lock(&case_soft_a);
	spin_unlock(&case_soft_a);
	raw_spin_unlock(&case_hard_a);
	return 0;
}
