// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one lock, which lockdep does not know.  It is held while a leaf works,
 * with interrupts off: a leaf may come from an IPI, under mmu_lock or from #MC.
 */
#include <linux/irqflags.h>
#include <linux/processor.h>
#include <linux/spinlock.h>

#include "softtdx.h"

/* How often a caller that may have interrupted the holder tries. */
#define TRY_LOCK_LOOPS		100000

static arch_spinlock_t stx_the_lock = __ARCH_SPIN_LOCK_UNLOCKED;

void stx_lock(unsigned long *flags)
{
	local_irq_save(*flags);
	arch_spin_lock(&stx_the_lock);
}

void stx_unlock(unsigned long flags)
{
	arch_spin_unlock(&stx_the_lock);
	local_irq_restore(flags);
}

/* For TDH.VP.ENTER, which has the lock and interrupts off. */
void stx_lock_drop(void)
{
	arch_spin_unlock(&stx_the_lock);
}

void stx_lock_retake(void)
{
	arch_spin_lock(&stx_the_lock);
}

bool stx_lock_try(void)
{
	int i;

	for (i = 0; i < TRY_LOCK_LOOPS; i++) {
		if (arch_spin_trylock(&stx_the_lock))
			return true;
		cpu_relax();
	}
	return false;
}
