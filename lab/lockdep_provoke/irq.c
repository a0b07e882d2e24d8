// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locks and interrupts. In real ones: a raw spinlock in a hard interrupt that
 * this CPU sends to itself, a spinlock in the softirq of a timer. The interrupt
 * comes while the sinner runs, so that the report has its name.
 */
#include "cases.h"

static DEFINE_RAW_SPINLOCK(sin_hard_a);
static DEFINE_RAW_SPINLOCK(sin_hard_b);
static DEFINE_SPINLOCK(sin_soft_a);
static DEFINE_SPINLOCK(sin_soft_b);

static void sin_in_hardirq(struct irq_work *work)
{
	raw_spin_lock(&sin_hard_a);
	raw_spin_unlock(&sin_hard_a);
}

static struct irq_work sin_irq = IRQ_WORK_INIT_HARD(sin_in_hardirq);

static void sin_interrupt(void)
{
	irq_work_queue(&sin_irq);
	irq_work_sync(&sin_irq);
}

static void sin_in_softirq(struct timer_list *timer)
{
	spin_lock(&sin_soft_a);
	spin_unlock(&sin_soft_a);
}

static DEFINE_TIMER(sin_timer, sin_in_softirq);

static void sin_soft_interrupt(void)
{
	mod_timer(&sin_timer, jiffies + 1);
	while (timer_pending(&sin_timer))
		cpu_relax();
	timer_delete_sync(&sin_timer);
}

int sin_inconsistent_hardirq(void)
{
	sin_interrupt();
	raw_spin_lock(&sin_hard_a);
	raw_spin_unlock(&sin_hard_a);
	return 0;
}

int sin_inconsistent_softirq(void)
{
	sin_soft_interrupt();
	spin_lock(&sin_soft_a);
	spin_unlock(&sin_soft_a);
	return 0;
}

static noinline void sin_take_hard_b(void)
{
	raw_spin_lock(&sin_hard_b);
	raw_spin_unlock(&sin_hard_b);
}

static noinline void sin_take_hard_ab(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&sin_hard_a, flags);
	sin_take_hard_b();
	raw_spin_unlock_irqrestore(&sin_hard_a, flags);
}

int sin_unsafe_order_hardirq(void)
{
	sin_interrupt();
	sin_take_hard_b();
	sin_take_hard_ab();
	return 0;
}

static noinline void sin_take_soft_b(void)
{
	spin_lock(&sin_soft_b);
	spin_unlock(&sin_soft_b);
}

int sin_unsafe_order_softirq(void)
{
	sin_soft_interrupt();
	sin_take_soft_b();
	spin_lock_bh(&sin_soft_a);
	sin_take_soft_b();
	spin_unlock_bh(&sin_soft_a);
	return 0;
}

int sin_irq_inversion(void)
{
	sin_take_hard_b();
	sin_take_hard_ab();
	sin_interrupt();
	return 0;
}

/* Where a spinlock sleeps, it cannot be taken under a raw one. */
int sin_wait_context(void)
{
	raw_spin_lock(&sin_hard_a);
	spin_lock(&sin_soft_a);
	spin_unlock(&sin_soft_a);
	raw_spin_unlock(&sin_hard_a);
	return 0;
}
