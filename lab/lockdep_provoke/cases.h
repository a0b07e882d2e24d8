/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sins against locking, done on request so that the kernel prints its own
 * report of each: what parses reports is tested against the kernel that runs,
 * and not against the memory of another one. Lab only, and only in the seeded
 * kernel: what is done here leaves locks held and lockdep off until reboot.
 */
#ifndef LOCKDEP_PROVOKE_CASES_H
#define LOCKDEP_PROVOKE_CASES_H

#include <linux/debug_locks.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

/* Each returns 0 when it has sinned, whatever came of it. */
#define CASE(name, function) int function(void);
#include "cases.def"
#undef CASE

#endif
